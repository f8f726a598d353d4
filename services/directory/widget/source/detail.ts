/** One service, as the hub tells it in words. */

import type { Leaflet, Line } from "./answers.js";
import { heading, make } from "./dom.js";
import type { Words } from "./words.js";

/** Everything about it; the title takes the focus. `page` can be printed, and is the service's own. */
export function detail(told: Leaflet, words: Words, level: number, page: string): HTMLElement {
  const title = heading(level + 1, { tabindex: -1, class: "title" }, told.name);
  const blocks = told.blocks.map(({ text, items }) =>
    items.length ? make("ul", {}, ...items.map((item) => make("li", {}, item))) : make("p", {}, text),
  );
  const facts = told.facts.map(({ label, lines }) =>
    make("div", {}, make("dt", {}, label), ...lines.map((line) => make("dd", {}, linked(line, words)))),
  );
  return make(
    "article",
    { class: "service" },
    title,
    told.by && make("p", { class: "by" }, words.say("by", { name: told.by })),
    told.paused && make("p", { class: "notice" }, words.say("paused")),
    told.alert && make("p", { class: "notice" }, told.alert),
    ...blocks,
    make("dl", {}, ...facts),
    apart(page, words.say("print")),
    apart(`${page}#problem`, `${words.say("wrong_here")} (${words.say("opens_new")})`),
  );
}

/** What the service's own page is for. */
function apart(href: string, said: string): HTMLElement {
  return make("p", { class: "print" }, make("a", { href, target: "_blank", rel: "noopener" }, said));
}

/** Only addresses that a browser opens and never runs. */
function linked({ text, href }: Line, words: Words): Node | string {
  if (!href || !/^(https?|mailto|tel):/.test(href)) return text;
  if (!href.startsWith("http")) return make("a", { href }, text);
  return make("a", { href, target: "_blank", rel: "noopener" }, `${text} (${words.say("opens_new")})`);
}
