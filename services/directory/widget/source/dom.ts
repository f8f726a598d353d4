/** Elements made of names and text: nothing here ever reads markup. */

type Child = Node | string | null | undefined | false;
type Said = Record<string, string | number | boolean | EventListener | null | undefined>;

/** An element; `on…` are listeners, `true` is an attribute without a value, nothing is left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  said: Said = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(said)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child): child is Node | string => !!child));
  return made;
}

/** A heading of a level between 1 and 6, which can be given the focus. */
export function heading(level: number, said: Said, ...children: Child[]): HTMLElement {
  const tag = `h${Math.min(6, Math.max(1, level))}` as "h1";
  return make(tag, said, ...children);
}
