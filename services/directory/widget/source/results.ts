/** What was found: a list, the way to its other pages, and what to do where nothing fits. */

import type { Found, Service } from "./answers.js";
import { heading, make } from "./dom.js";
import type { Words } from "./words.js";

const A_MILE = 1609.344;

export interface Shown {
  words: Words;
  level: number;
  /** The page of a service, for whoever opens it in a new tab. */
  address(service: Service): string;
  open(service: Service, link: HTMLElement): void;
  turn(page: number): void;
  /** Whom to call, in a sentence. */
  advice(key: string): Node;
}

/** How many, in words that are read out too. */
export function counted(words: Words, found: Found): string {
  const { total, near } = found;
  const many = total === 1 ? words.say("one_found") : words.say("found", { count: total });
  const said = total ? many : words.say("none_found");
  return near ? `${said} ${words.say("near_found", { place: near.label })}` : said;
}

/** The list and everything around it. */
export function results(found: Found, shown: Shown): HTMLElement[] {
  const { words } = shown;
  const title = heading(shown.level + 1, { tabindex: -1, class: "count" }, counted(words, found));
  const typed = found.showing_for && make("p", { class: "showing" }, words.say("showing_for", { words: found.showing_for }));
  const parts: (HTMLElement | "" | undefined | false)[] = [title, typed];
  if (!found.total) {
    parts.push(found.nothing_near && make("p", {}, words.say("nothing_near")));
    parts.push(make("p", {}, shown.advice("none_advice")));
  }
  parts.push(make("ul", { class: "list", role: "list" }, ...found.services.map((one) => result(one, shown))));
  parts.push(found.pages > 1 && turning(found, shown));
  return parts.filter((part): part is HTMLElement => !!part);
}

function result(one: Service, shown: Shown): HTMLElement {
  const { words } = shown;
  const follow = (event: Event) => {
    const click = event as MouseEvent;
    if (click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return;
    event.preventDefault();
    shown.open(one, event.currentTarget as HTMLElement);
  };
  const link = make("a", { href: shown.address(one), onclick: follow }, one.name);
  return make(
    "li",
    {},
    heading(shown.level + 2, {}, link),
    one.organization && make("p", { class: "by" }, words.say("by", { name: one.organization.name })),
    where(one, words),
    one.summary ? make("p", {}, one.summary) : null,
    facts(one, words),
  );
}

function where(one: Service, words: Words): HTMLElement | null {
  const near = one.nearest;
  if (!near) return one.area_wide ? make("p", { class: "by" }, words.say("area_wide")) : null;
  const place = [near.name, near.postcode_area].filter(Boolean).join(", ");
  const far = near.metres == null ? "" : distance(near.metres, words);
  return make("p", { class: "by" }, [place, far].filter(Boolean).join(": "));
}

function distance(metres: number, words: Words): string {
  const miles = metres / A_MILE;
  return miles < 1 ? words.say("distance_near") : words.say("distance", { miles: Number(miles.toFixed(1)) });
}

function facts(one: Service, words: Words): HTMLElement | null {
  const { from, to } = one.ages ?? {};
  const ages =
    from != null && to != null
      ? words.say("ages_between", { from, to })
      : from != null
        ? words.say("ages_from", { from })
        : to != null && words.say("ages_to", { to });
  const said = [
    ages && words.say("years", { ages }),
    ...[one.cost, ...(one.delivery ?? []), one.access].map((code) => code && words.label(code)),
  ].filter((part): part is string => !!part);
  return said.length ? make("ul", { class: "facts", role: "list" }, ...said.map((part) => make("li", {}, part))) : null;
}

function turning({ page, pages }: Found, shown: Shown): HTMLElement {
  const { words } = shown;
  const button = (key: string, to: number) =>
    make("button", { type: "button", class: "quiet", onclick: () => shown.turn(to) }, words.say(key));
  return make(
    "nav",
    { "aria-label": words.say("pages"), class: "pages" },
    page > 1 && button("previous", page - 1),
    make("span", {}, words.say("page_of", { page, pages })),
    page < pages && button("next", page + 1),
  );
}
