/** <early-help-directory>: the search of the early help directory on any website.
 *
 * It keeps nothing: no cookies, no storage, no counting. What is inside the element is shown where
 * scripts do not run; everything else stands in a shadow root with a style sheet of its own.
 */

import { ask, Refused, TooLate } from "./ask.js";
import type { Asked, Found, Leaflet, Service, Settings, Telephone } from "./answers.js";
import { closes } from "./closing.js";
import { readable } from "./colours.js";
import { detail } from "./detail.js";
import { heading, make } from "./dom.js";
import { Form, STARTING } from "./form.js";
import { counted, results, type Shown } from "./results.js";
import style from "./style.css";
import { type Catalogue, Words } from "./words.js";

const LOOK = new CSSStyleSheet();
LOOK.replaceSync(style);
/** Pixels from which on form and list stand side by side. */
const WIDE = 750;
const COLOUR = /^#[0-9a-f]{6}$/i;

/** What is said of an error, and what can be done. */
function trouble(error: unknown): [string, string] {
  if (error instanceof TooLate) return ["too_late", "failed_advice"];
  if (!(error instanceof Refused) || !error.lasting) return ["failed", "failed_advice"];
  return error.status === 404 ? ["not_there", "not_there_advice"] : ["cannot", "none_advice"];
}

export class EarlyHelpDirectory extends HTMLElement {
  static readonly observedAttributes = ["authority", "heading-level", "hub", "lang", "phone", "view", ...STARTING];

  private readonly root = this.attachShadow({ mode: "open" });
  private readonly council = new CSSStyleSheet();
  private living = new AbortController();
  private asking = new AbortController();
  private words = Words.english;
  private settings: Settings | undefined;
  private form!: Form;
  private readonly status = make("p", { role: "status", class: "status" });
  private readonly yourself = make("p", { class: "ask", hidden: true });
  private list = make("div");
  private leaflet = make("div");
  private box = make("div");
  private opened = new AbortController();
  private due = false;
  private known = Promise.resolve();
  /** Not a container query: that would make the element nothing wide in a row of others. */
  private readonly watching = new ResizeObserver(() => this.box.classList.toggle("wide", this.box.clientWidth >= WIDE));

  connectedCallback(): void {
    this.root.adoptedStyleSheets = [LOOK, this.council];
    this.start();
  }

  disconnectedCallback(): void {
    this.living.abort();
    this.asking.abort();
    this.opened.abort();
    this.watching.disconnect();
  }

  attributeChangedCallback(): void {
    if (!this.isConnected || this.due || !this.form) return;
    this.due = true;
    queueMicrotask(() => {
      this.due = false;
      if (this.isConnected) this.start();
    });
  }

  /** Show the form; ask at once where the website has said what for. */
  private start(): void {
    this.disconnectedCallback();
    this.living = new AbortController();
    const language = (this.lang || this.closest<HTMLElement>("[lang]")?.lang || "en").split("-")[0]!;
    this.known = this.learn(language);
    if (language === "en") this.show();
    else void this.known.then(() => this.living.signal.aborted || this.show());
  }

  /** The council's telephone and colours, and its words where they are offered in this language. */
  private async learn(language: string): Promise<void> {
    const { signal } = this.living;
    try {
      const settings = await ask<Settings>(this.at("/widget/v1/settings"), signal);
      if (signal.aborted) return;
      this.settings = settings;
      const { colour, text } = settings.brand;
      if (COLOUR.test(colour) && COLOUR.test(text)) {
        this.council.replaceSync(`.all{--council:${colour};--council-text:${text}}`);
      }
      this.words = Words.english;
      if (language !== "en" && settings.languages[language]) {
        this.words = new Words(language, await ask<Catalogue>(this.at(`/widget/v1/words/${language}.json`), signal));
      }
    } catch {
      // Without them the form still works, in English and in its own colours.
    }
    this.invite();
    this.check();
  }

  private show(): void {
    const { words } = this;
    this.list = make("div", { class: "found" });
    this.leaflet = make("div", { hidden: true });
    this.form = new Form(words, this.starting(), () => void this.search(1, false));
    this.status.textContent = "";
    const title = heading(this.level, { class: "heading" }, words.say("find_help"));
    const searching = make("div", { class: "searching" }, this.form.element, this.list);
    this.box = make("div", { class: "all", lang: words.code }, title, this.status, searching, this.leaflet, this.yourself);
    this.root.replaceChildren(this.box);
    this.watching.observe(this.box);
    this.invite();
    this.check();
    if (STARTING.some((name) => this.hasAttribute(name))) void this.search(1, false);
  }

  /** Whoever looks for help may ask for it too, where the council takes what families write. */
  private invite(): void {
    const { words, settings } = this;
    this.yourself.hidden = !settings?.ask_for_help;
    if (!settings?.ask_for_help) return;
    const way = make("a", { href: this.from(settings.ask_for_help).href }, words.say("ask_yourself"));
    this.yourself.replaceChildren(words.say("ask_yourself_why"), " ", way);
  }

  /** Ask, and show what was found; whoever turned a page is brought to its beginning. */
  private async search(page: number, turned: boolean): Promise<void> {
    const { words, form } = this;
    form.placeIsWrong("");
    const asked: Asked = { ...form.asked(), page, per_page: 10 };
    const view = this.getAttribute("view");
    if (view) asked["view"] = view;
    const found = await this.hear<Found>(words.say("searching"), this.list, () => this.search(page, turned), (signal) =>
      ask<Found>(this.at("/api/v1/directory/search"), signal, asked),
    );
    if (!found) return;
    form.offer(found.facets);
    this.list.replaceChildren(...results(found, this.shown()));
    this.status.textContent = counted(words, found);
    this.box.classList.toggle("answered", true);
    if (turned) this.focusOn(this.list.querySelector<HTMLElement>(".count"));
  }

  /** Show one service; the way back leads to the link that was followed. */
  private async open(service: Service, link: HTMLElement): Promise<void> {
    const { words } = this;
    const searching = this.form.element.parentElement!;
    const back = () => {
      this.opened.abort();
      this.asking.abort();
      this.leaflet.hidden = true;
      searching.hidden = false;
      this.status.textContent = "";
      this.focusOn(link);
    };
    const way = make("button", { type: "button", class: "quiet back", onclick: back }, words.say("back"));
    const shown = make("div");
    this.opened.abort();
    this.opened = new AbortController();
    closes(back, this.opened.signal);
    this.leaflet.replaceChildren(way, shown);
    searching.hidden = true;
    this.leaflet.hidden = false;
    way.focus();
    const told = await this.hear<Leaflet>(words.say("loading"), shown, () => this.open(service, link), (signal) =>
      ask<Leaflet>(this.at(`/widget/v1/services/${encodeURIComponent(service.id)}`), signal),
    );
    if (!told) return;
    this.status.textContent = "";
    shown.replaceChildren(detail(told, words, this.level, this.page(service)));
    this.focusOn(shown.querySelector<HTMLElement>(".title"));
  }

  /** One question at a time: a newer one ends it. What goes wrong is told in `place`. */
  private async hear<T>(
    waiting: string,
    place: HTMLElement,
    again: () => void,
    question: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | null> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    this.status.textContent = waiting;
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await question(signal);
      return signal.aborted ? null : answer;
    } catch (error) {
      if (!signal.aborted) this.tell(error, place, again);
      return null;
    } finally {
      if (!signal.aborted) place.removeAttribute("aria-busy");
    }
  }

  private tell(error: unknown, place: HTMLElement, again: () => void): void {
    const { words } = this;
    this.status.textContent = "";
    const slug = error instanceof Refused ? error.slug.replaceAll("-", "_") : "";
    if (slug === "not_a_postcode" || slug === "postcode_unknown") {
      place.replaceChildren();
      this.form.placeIsWrong(words.say(slug, { example: "ZZ99 1AA" }));
      return;
    }
    const [kind, help] = trouble(error);
    const retry = make("button", { type: "button", class: "quiet", onclick: () => again() }, words.say("try_again"));
    const said = make("div", { class: "problem", role: "alert" });
    place.replaceChildren(said);
    const advice = make("p");
    const lasting = kind === "cannot" || kind === "not_there";
    const advise = () => advice.replaceChildren(lasting && !this.telephone ? "" : this.advice(help));
    said.append(make("p", {}, words.say(kind)), advice, ...(lasting ? [] : [retry]));
    advise();
    if (!this.telephone) void this.known.then(advise); // it may be on its way
  }

  /** A sentence with the telephone as a link; without a telephone, what can be done without one. */
  private advice(key: string): Node {
    const { words, telephone } = this;
    if (!telephone) return document.createTextNode(words.say("failed_alone"));
    const [before, after] = words.say(key, { name: telephone.name, number: "\n" }).split("\n");
    const call = make("a", { href: `tel:${telephone.number.replace(/[^+\d]/g, "")}` }, telephone.number);
    const said = document.createDocumentFragment();
    said.append(before ?? "", call, after ?? "");
    return said;
  }

  private get telephone(): Telephone | undefined {
    const number = this.getAttribute("phone");
    if (number) return { name: this.settings?.telephone.name ?? this.settings?.name ?? "", number };
    return this.settings?.telephone;
  }

  private shown(): Shown {
    return {
      words: this.words,
      level: this.level,
      address: (service) => this.page(service),
      open: (service, link) => void this.open(service, link),
      turn: (page) => void this.search(page, true),
      advice: (key) => this.advice(key),
    };
  }

  /** Colours that people cannot read are not used, and the website's makers are told. */
  private check(): void {
    const button = this.root.querySelector("button");
    if (!button) return;
    this.box.classList.remove("plain");
    const of = (element: Element) => getComputedStyle(element);
    const { color, backgroundColor } = of(button);
    const paper = of(this.box).backgroundColor;
    const link = of(this.box).getPropertyValue("outline-color"); // the colour of links, see style.css
    const pairs: [string, string][] = [[color, backgroundColor], [of(this.box).color, paper], [link, paper]];
    if (pairs.every(([letters, on]) => readable(letters, on))) return;
    this.box.classList.add("plain");
    console.warn("early-help-directory: these colours have a contrast below 4.5 and are not used", pairs);
  }

  private focusOn(element: HTMLElement | null): void {
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
  }

  private starting(): Record<string, string> {
    const given = STARTING.map((name) => [name.replaceAll("-", "_"), this.getAttribute(name) ?? ""]);
    return Object.fromEntries(given) as Record<string, string>;
  }

  private get level(): number {
    return Math.min(4, Math.max(1, Number(this.getAttribute("heading-level")) || 2));
  }

  /** An address of the hub, in the name of the council and in the language of the words. */
  private at(path: string): URL {
    const url = this.from(path);
    const authority = this.getAttribute("authority");
    if (path.startsWith("/api/")) return url;
    if (authority) url.searchParams.set("authority", authority);
    if (this.words.code !== "en") url.searchParams.set("lang", this.words.code);
    return url;
  }

  private from(path: string): URL {
    return new URL(path, this.getAttribute("hub") ?? import.meta.url);
  }

  private page(service: Service): string {
    return this.at(`/find-help/services/${encodeURIComponent(service.id)}`).href;
  }
}

if (!customElements.get("early-help-directory")) {
  customElements.define("early-help-directory", EarlyHelpDirectory);
}
