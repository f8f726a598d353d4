/** The form: what somebody looks for, and the filters that the last answer offers. */

import type { Asked, Found, Value } from "./answers.js";
import { make } from "./dom.js";
import type { Words } from "./words.js";

const AGES = ["0-2", "3-5", "6-11", "12-15", "16-18", "19-25"];
const MILES = { 1609: 1, 3219: 2, 8047: 5, 16093: 10, 32187: 20 };
const FILTERS = ["need", "cost", "delivery", "access", "day", "term_time", "send", "accessibility", "suitability", "language", "level"];

/** Attributes of the element that fill the form when it starts. */
export const STARTING = ["text", "near", "within-metres", "age-band", ...FILTERS.filter((one) => one !== "language" && one !== "term_time")];

type Options = [string, string][];

export class Form {
  readonly element: HTMLFormElement;
  private readonly filters: HTMLDetailsElement;
  private readonly near: HTMLInputElement;
  private readonly wrong: HTMLElement;

  constructor(
    private readonly words: Words,
    private readonly starting: Record<string, string>,
    search: () => void,
  ) {
    this.near = this.input("near", "text", "postal-code");
    this.wrong = make("p", { id: "near-error", class: "error", hidden: true });
    this.filters = make("details", { class: "filters", hidden: true });
    const submit = (event: Event) => {
      event.preventDefault();
      search();
    };
    this.element = make(
      "form",
      { role: "search", novalidate: true, "aria-label": words.say("find_help"), onsubmit: submit },
      this.field("text", this.input("text", "search", "off")),
      this.field("near", this.near, this.wrong),
      this.select("within_metres", words.say("within_metres"), words.say("any_distance"), this.distances()),
      this.select("age_band", words.say("age_band"), words.say("any_age"), this.ages()),
      this.filters,
      make("button", { type: "submit" }, words.say("search")),
    );
    this.carry();
  }

  /** What is filled in; a distance counts only from somewhere. */
  asked(): Asked {
    const asked: Asked = {};
    for (const [name, value] of new FormData(this.element)) {
      const said = String(value).trim();
      if (!said) continue;
      if (name === "need") asked[name] = [...((asked[name] as string[] | undefined) ?? []), said];
      else asked[name] = name === "within_metres" ? Number(said) : said;
    }
    if (!asked["near"]) delete asked["within_metres"];
    return asked;
  }

  /** Say what is wrong with the place, and bring its reader there; nothing is wrong without words. */
  placeIsWrong(said: string): void {
    this.wrong.textContent = said;
    this.wrong.hidden = !said;
    this.near.toggleAttribute("aria-invalid", false);
    this.near.setAttribute("aria-describedby", said ? "near-hint near-error" : "near-hint");
    if (!said) return;
    this.near.setAttribute("aria-invalid", "true");
    this.near.focus();
  }

  /** Offer the filters of an answer; what was chosen stays chosen, and the focus stays where it was. */
  offer(facets: Found["facets"]): void {
    const asked = this.asked();
    const held = (this.filters.getRootNode() as ShadowRoot).activeElement;
    const offered = FILTERS.filter((name) => facets[name]?.length || asked[name]);
    const parts = offered.map((name) => this.filter(name, facets[name] ?? [], [asked[name] ?? []].flat() as string[]));
    this.filters.replaceChildren(make("summary", {}, this.words.say("more_filters")), ...parts);
    this.filters.hidden = !offered.length;
    if (held?.id && !held.isConnected) this.element.querySelector<HTMLElement>(`#${CSS.escape(held.id)}`)?.focus();
    else if (held instanceof HTMLElement && !held.isConnected) this.filters.querySelector("summary")?.focus();
  }

  private filter(name: string, values: Value[], chosen: string[]): HTMLElement {
    const missing = chosen.filter((one) => !values.some(({ value }) => value === one));
    const all: Options = values.map(({ value, label, count }) => [value, `${this.words.label(value, label)} (${count})`]);
    all.push(...missing.map((value): [string, string] => [value, this.words.label(value)]));
    const label = this.words.say(name === "language" ? "language_of" : name);
    if (name !== "need") return this.select(name, label, this.words.say("any"), all, chosen[0] ?? "");
    const boxes = all.map(([value, shown], number) => {
      const id = `need-${number}`;
      const box = make("input", { type: "checkbox", id, name, value, checked: chosen.includes(value) });
      return make("div", { class: "tick" }, box, make("label", { for: id }, shown));
    });
    return make("fieldset", {}, make("legend", {}, label), ...boxes);
  }

  /** What the element's attributes say, and no field shows yet, is kept in the filters. */
  private carry(): void {
    const given = FILTERS.filter((name) => this.starting[name]);
    for (const name of given) {
      for (const value of this.starting[name]!.split(",")) {
        this.filters.append(make("input", { type: "hidden", name, value: value.trim() }));
      }
    }
  }

  private input(name: string, type: string, autocomplete: string): HTMLInputElement {
    const hint = `${name}-hint`;
    const value = this.starting[name] ?? "";
    return make("input", { id: name, name, type, value, autocomplete, maxlength: 200, "aria-describedby": hint });
  }

  private field(name: string, input: HTMLElement, wrong?: HTMLElement): HTMLElement {
    const hint = make("p", { class: "hint", id: `${name}-hint` }, this.words.say(`${name}_hint`));
    return make("div", { class: "field" }, make("label", { for: name }, this.words.say(name)), hint, wrong, input);
  }

  private select(name: string, label: string, any: string, options: Options, chosen = this.starting[name]): HTMLElement {
    const all = [["", any], ...options].map(([value, shown]) =>
      make("option", { value, selected: !!value && value === chosen }, shown),
    );
    const choice = make("select", { id: name, name }, ...all);
    return make("div", { class: "field" }, make("label", { for: name }, label), choice);
  }

  private distances(): Options {
    return Object.entries(MILES).map(([metres, count]) => [metres, this.words.say(count === 1 ? "mile" : "miles", { count })]);
  }

  private ages(): Options {
    return AGES.map((band) => [band, this.words.say(`age_${band.replace("-", "_")}`)]);
  }
}
