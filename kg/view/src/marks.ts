// What tells companies apart at a glance: initials, and a colour with a ring of its own for each country or sector.

import type { Company, Graph, Lang } from "./data";

export type Mark = "kind" | "country" | "sector";
export const MARKS: readonly Mark[] = ["kind", "country", "sector"];

/** The line drawn inside a disc's rim. Rings differ in shape, so that a group is told without its colour, too. */
export interface Ring {
  readonly dash: readonly number[];
  readonly width: number;
}
export interface Group {
  readonly name: string;
  /** For a light page and for a dark one. */
  readonly colour: readonly [string, string];
  readonly ring: Ring | null;
  readonly companies: number;
}

// Each has a contrast of 4.5 : 1 and more with the page and with the initials on it.
const COLOURS: readonly (readonly [string, string])[] = [
  ["#0072b2", "#56b4e9"], ["#b84a00", "#f0883e"], ["#00785a", "#2fc49a"], ["#8f4fa0", "#cf9bdc"],
  ["#7a5b00", "#e0b73a"], ["#007080", "#4fd0de"], ["#b0305c", "#f28cab"], ["#4b5b78", "#a9b8d6"],
];
const RINGS: readonly Ring[] = [
  { dash: [], width: 1.5 }, { dash: [5, 3], width: 1.5 }, { dash: [1.5, 2.5], width: 1.5 }, { dash: [10, 4], width: 1.5 },
  { dash: [7, 2.5, 1.5, 2.5], width: 1.5 }, { dash: [], width: 3.5 }, { dash: [5, 4], width: 3.5 }, { dash: [2, 3], width: 3.5 },
];
/** What is of a group beyond the largest ones, and what is of none. */
export const OTHERS: Omit<Group, "companies"> = { name: "", colour: ["#6b7380", "#9aa3b0"], ring: null };

const valueOf = (company: Company, mark: Mark): string => (mark === "country" ? company.country : mark === "sector" ? company.sector : "");

/** The marks by which the companies of a graph can be told: always their kind, the others where some are known. */
export const marksOf = (graph: Graph): Mark[] =>
  MARKS.filter((mark) => mark === "kind" || graph.view.companies.some((one) => valueOf(one, mark)));

/** The groups of a mark, the largest first; the last holds the rest, and those of whom nothing is known. */
export function groupsOf(graph: Graph, mark: Mark, shown: readonly string[]): { readonly groups: readonly Group[]; readonly of: ReadonlyMap<string, Group> } {
  const counts = new Map<string, number>();
  for (const company of graph.view.companies) {
    const value = valueOf(company, mark);
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const names = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, COLOURS.length).map(([name]) => name);
  const place = new Map(names.map((name, at) => [name, at]));
  const here = new Map<number, number>();
  const at = (id: string): number => {
    const company = graph.companies.get(id);
    return (company && place.get(valueOf(company, mark))) ?? -1;
  };
  for (const id of shown) here.set(at(id), (here.get(at(id)) ?? 0) + 1);
  const made = (index: number): Group => ({
    ...(index < 0 ? OTHERS : { name: names[index] ?? "", colour: COLOURS[index] ?? OTHERS.colour, ring: RINGS[index] ?? null }),
    companies: here.get(index) ?? 0,
  });
  const byPlace = new Map([...here.keys()].sort((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b)).map((index) => [index, made(index)]));
  const of = new Map<string, Group>();
  for (const id of shown) {
    const group = byPlace.get(at(id));
    if (group) of.set(id, group);
  }
  return { groups: [...byPlace.values()], of };
}

const REGIONS = new Map<Lang, Intl.DisplayNames>();

/** A group in words: a country's name in the page's language, a sector's name; a code that has none as its register writes it. */
export function groupLabel(graph: Graph, name: string, mark: Mark, lang: Lang): string {
  if (mark === "sector" && Object.hasOwn(graph.view.sectors ?? {}, name)) return graph.view.sectors?.[name]?.[lang] ?? name;
  if (mark !== "country" || !/^[A-Z]{2}$/.test(name)) return name;
  const names = REGIONS.get(lang) ?? new Intl.DisplayNames([lang], { type: "region" });
  REGIONS.set(lang, names);
  return names.of(name) ?? name;
}

const FILLERS = new Set(["the", "of", "and", "de", "du", "des", "la", "le", "les", "et", "inc", "corp", "ltd", "llc", "plc", "sa", "se", "ag", "nv", "co", "group", "groupe", "holdings", "holding", "company"]);

/** Two letters, three at most, that stand for a name: CoreWeave CW, SoftBank Group SB, IBM IBM, Crédit Agricole CA. */
export function initials(name: string): string {
  const all = name.split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);
  const words = all.filter((word) => !FILLERS.has(word.toLowerCase()));
  const [first, second] = words.length ? words : all;
  if (first === undefined) return "";
  if (second !== undefined) return letter(first) + letter(second);
  if (/^\p{Lu}{2,3}$/u.test(first)) return first;
  const capitals = first.match(/\p{Lu}/gu) ?? [];
  return capitals.length > 1 ? capitals.slice(0, 2).join("") : letter(first) + [...first].slice(1, 2).join("");
}

const letter = (word: string): string => ([...word][0] ?? "").toUpperCase();

/** Black or white, whichever is read more easily on a colour: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
export function inkOn(colour: string): string {
  const found = INKS.get(colour);
  if (found) return found;
  const part = (at: number): number => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
  const ink = luminance > 0.179 ? "#000000" : "#ffffff";
  INKS.set(colour, ink);
  return ink;
}
const INKS = new Map<string, string>();
