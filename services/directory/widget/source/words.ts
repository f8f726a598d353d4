/** The widget's own words: English inside, others as far as the hub offers them. */

import english from "../words/en.json";

export type Catalogue = Record<string, string>;

const ENGLISH: Catalogue = english.words;

export class Words {
  constructor(
    readonly code: string,
    private readonly said: Catalogue,
  ) {}

  static readonly english = new Words("en", ENGLISH);

  /** A text with its gaps filled; what a catalogue does not say is said in English. */
  say(key: string, filled: Record<string, string | number> = {}): string {
    const text = this.said[key] ?? ENGLISH[key] ?? "";
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(filled[name] ?? ""));
  }

  /** The hub's label, or our own word for a code, or the code. */
  label(value: string, label?: string): string {
    return label ?? (this.say(value) || value);
  }
}
