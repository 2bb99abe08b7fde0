// The data of a view ("kg-view/1", made by kg.view.data), and the graph that is read out of it.

export type Lang = "en" | "fr";
export type Words = Readonly<Record<Lang, string>>;
export type Verdict = "right" | "wrong" | "unsure";
export type Style = "fact" | "ahead" | "reported" | "over";

interface Term {
  readonly name: string;
  readonly label: Words;
  readonly comment: Words;
}
export interface Kind extends Term {
  readonly colour: readonly [string, string];
  readonly shape: string;
}
export interface Relation extends Term {
  readonly colour: readonly [string, string];
  readonly symmetric: boolean;
}
export interface Modality extends Term {
  readonly style: Style;
}
export interface Source {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly date: string;
  /** "register" where it is a record of a register. */
  readonly tier?: string;
  /** The hash of its text, where claims can be judged. */
  readonly sha256?: string;
}
/** What a person says of a claim. */
export interface Opinion {
  readonly by: string;
  /** A moment in UTC. */
  readonly at: string;
  readonly verdict: Verdict;
  readonly part?: string;
  readonly id?: string;
}
/** What a register says of a company: in words, with its row to the letter. */
export interface Registered {
  readonly words: Words;
  readonly more: Readonly<Record<Lang, readonly string[]>>;
  readonly row: string;
  readonly document: string;
  readonly url?: string;
}
export interface Company {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly ids: readonly (readonly [string, string])[];
  /** Neighbours that it has beyond this data. */
  readonly more: number;
  readonly registers?: readonly Registered[];
  /** Two letters (ISO 3166), and the sector's code as a register writes it; "" where nobody says. */
  readonly country: string;
  readonly sector: string;
}
export interface Claim {
  readonly id: string;
  readonly terms: Words;
  readonly document: number;
  readonly quote: string;
  readonly lang: string;
  /** The text around the quote; -1 where there is none. */
  readonly paragraph: number;
  /** Where in it the quoted parts begin and end. */
  readonly marks: readonly (readonly [number, number])[];
  /** Where in its file the quote stands, as "p. 12". */
  readonly place?: Words;
  /** The page of a PDF on which it begins: a server draws it, with the quote marked. */
  readonly page?: string;
  readonly known: string;
  /** The first and the last day on which it is a fact: "" and "" where it is none, "" where the end is open. */
  readonly from: string;
  readonly until: string;
  /** The days on which it surely is one, where these are not all of them. */
  readonly surely: readonly string[];
  readonly confidence: number;
  readonly method: string;
  /** Whose own claim it is, "" for what a reader says. */
  readonly own: string;
  /** What people say of it, oldest first, and whether the last one calls it wrong: they change while the page is open. */
  judged: readonly Opinion[];
  rejected: boolean;
}
export interface Line {
  readonly id: string;
  readonly subject: number;
  /** A company's place in the list, or null where a figure stands. */
  readonly object: number | null;
  readonly figure: Words | null;
  readonly relation: string;
  readonly modality: string;
  readonly terms: Words;
  readonly short: Words;
  readonly amount: readonly [number, string] | null;
  readonly percent: number | null;
  readonly start: string;
  readonly end: string;
  readonly known: string;
  readonly confidence: number;
  readonly claims: readonly Claim[];
  /** Lines on the same matter that cannot all be right. */
  readonly against: readonly string[];
}
/** Something that an analysis found: whom it is about, and the lines that it rests on. */
export interface Finding {
  readonly title: Words;
  readonly detail: Words;
  readonly companies: readonly string[];
  readonly lines: readonly string[];
}
export interface Layer {
  readonly name: string;
  readonly label: Words;
  readonly comment: Words;
  readonly findings: readonly Finding[];
  /** Findings that the data does not tell. */
  readonly more?: number;
}
export interface View {
  readonly format: string;
  readonly title: string;
  readonly lang: Lang;
  readonly focus: string | null;
  /** The day that it opens at, and the day that was today when it was made. */
  readonly asOf: string;
  readonly today?: string;
  readonly kinds: readonly Kind[];
  readonly relations: readonly Relation[];
  readonly modalities: readonly Modality[];
  readonly documents: readonly Source[];
  readonly paragraphs: readonly string[];
  readonly companies: readonly Company[];
  readonly lines: readonly Line[];
  /** The ids of the companies that a first look shows. */
  readonly first: readonly string[];
  /** What the sectors that occur are called, by their codes. */
  readonly sectors?: Readonly<Record<string, Words>>;
  readonly layers?: readonly Layer[];
  /** Notes and scenes ("kg-scenes/1") that come with it; read by ./book. */
  readonly scenes?: unknown;
}

/** A line between two companies. */
export interface Edge {
  readonly line: Line;
  readonly from: string;
  readonly to: string;
}

/** What the data leaves out because it is empty. */
const NO_WORDS: Words = { en: "", fr: "" };
const LINE = { modality: "asserted", object: null, figure: null, terms: NO_WORDS, short: NO_WORDS, amount: null, percent: null, start: "", end: "", known: "", confidence: 1, claims: [], against: [] };
const CLAIM = { terms: NO_WORDS, lang: "", paragraph: -1, marks: [], known: "", from: "", until: "", surely: [], confidence: 1, method: "", own: "", judged: [], rejected: false };
const COMPANY = { ids: [], more: 0, country: "", sector: "" };

/** Read data as it is written: what a record leaves out, it has from its prototype. Large graphs are read at once. */
export function whole(view: View): View {
  for (const one of view.companies) Object.setPrototypeOf(one, COMPANY);
  for (const line of view.lines) {
    Object.setPrototypeOf(line, LINE);
    for (const one of line.claims) Object.setPrototypeOf(one, CLAIM);
  }
  return view;
}

export class Graph {
  readonly companies = new Map<string, Company>();
  /** The place of a company in the data. */
  readonly at = new Map<string, number>();
  readonly edges: readonly Edge[];
  readonly byLine = new Map<string, Edge>();
  readonly figures = new Map<string, Line[]>();
  readonly around = new Map<string, Edge[]>();
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly relations: ReadonlyMap<string, Relation>;
  readonly modalities: ReadonlyMap<string, Modality>;
  readonly lines = new Map<string, Line>();
  readonly layers: ReadonlyMap<string, Layer>;

  constructor(readonly view: View) {
    if (view.format !== "kg-view/1") throw new Error(`this viewer reads kg-view/1, not ${view.format}`);
    view.companies.forEach((one, at) => {
      this.companies.set(one.id, one);
      this.at.set(one.id, at);
    });
    const edges: Edge[] = [];
    for (const line of view.lines) {
      this.lines.set(line.id, line);
      const from = view.companies[line.subject]?.id ?? "";
      const to = line.object === null ? undefined : view.companies[line.object]?.id;
      if (to === undefined) push(this.figures, from, line);
      else {
        const edge = { line, from, to };
        edges.push(edge);
        this.byLine.set(line.id, edge);
        push(this.around, from, edge);
        if (to !== from) push(this.around, to, edge);
      }
    }
    this.edges = edges;
    this.kinds = new Map(view.kinds.map((one) => [one.name, one]));
    this.relations = new Map(view.relations.map((one) => [one.name, one]));
    this.modalities = new Map(view.modalities.map((one) => [one.name, one]));
    this.layers = new Map((view.layers ?? []).map((one) => [one.name, one]));
  }

  style(modality: string): Style {
    return this.modalities.get(modality)?.style ?? "reported";
  }

  name(id: string): string {
    return this.companies.get(id)?.name ?? id;
  }

  /** The neighbours of a company, those with most lines to it first. */
  neighbours(id: string): string[] {
    const counts = new Map<string, number>();
    for (const edge of this.around.get(id) ?? []) {
      const other = edge.from === id ? edge.to : edge.from;
      if (other !== id) counts.set(other, (counts.get(other) ?? 0) + 1);
    }
    const degree = (one: string): number => this.around.get(one)?.length ?? 0;
    return [...counts.keys()].sort(
      (a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || degree(b) - degree(a) || (a < b ? -1 : 1),
    );
  }
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const found = map.get(key);
  if (found) found.push(value);
  else map.set(key, [value]);
}

/** The first or the last day of a partial date: 2025 → 2025-01-01, 2025-12-31. */
export function day(partial: string, last: boolean): string {
  if (!last) return (partial + "-01-01").slice(0, 10);
  if (partial.length === 4) return `${partial}-12-31`;
  if (partial.length > 7) return partial;
  const [year, month] = partial.split("-").map(Number);
  const days = new Date(Date.UTC(year ?? 0, month ?? 1, 0)).getUTCDate();
  return `${partial}-${String(days).padStart(2, "0")}`;
}
