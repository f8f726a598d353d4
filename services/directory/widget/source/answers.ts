/** What the hub answers, as far as the widget reads it. */

export interface Value {
  value: string;
  label?: string;
  count: number;
}

export interface Service {
  id: string;
  name: string;
  organization?: { name: string };
  summary?: string;
  nearest?: { name?: string; postcode_area?: string; metres?: number };
  area_wide?: boolean;
  delivery?: string[];
  cost?: string;
  ages?: { from?: number; to?: number };
  access?: string;
}

export interface Found {
  total: number;
  page: number;
  pages: number;
  near?: { label: string };
  showing_for?: string;
  nothing_near?: boolean;
  facets: Record<string, Value[]>;
  services: Service[];
}

export interface Line {
  text: string;
  href: string | null;
}

export interface Leaflet {
  id: string;
  name: string;
  by: string | null;
  paused: boolean;
  alert: string | null;
  blocks: { text: string; items: string[] }[];
  facts: { label: string; lines: Line[] }[];
}

export interface Telephone {
  name: string;
  number: string;
}

export interface Settings {
  name: string;
  brand: { colour: string; text: string };
  telephone: Telephone;
  /** Where a family asks this council for help itself; nothing where it takes no requests. */
  ask_for_help: string | null;
  languages: Record<string, string>;
}

/** What is asked: the parameters of the search. */
export type Asked = Record<string, string | number | string[]>;
