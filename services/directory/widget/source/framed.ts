/** In a framed page: tells the page around it how high it is, and nothing else.
 *
 * It is told only to the council's own websites; the hub names them beside this script, and lets
 * nobody else frame the page. A browser delivers to a wrong one nothing at all.
 */

const script = document.querySelector<HTMLScriptElement>("script[data-parents]");
const parents = (script?.dataset["parents"] ?? "").split(" ").filter(Boolean);
const around = location.ancestorOrigins?.[0] ?? (document.referrer ? new URL(document.referrer).origin : null);
const told = around === null ? parents : parents.filter((parent) => parent === around);

function tell(): void {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  for (const parent of told) window.parent.postMessage({ from: "early-help-directory", version: 1, height }, parent);
}

if (window.parent !== window) {
  new ResizeObserver(tell).observe(document.documentElement);
  tell();
}

export {};
