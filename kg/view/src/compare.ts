// Two days side by side: what came, what went, and what stands in the place of what.

import type { Edge, Graph } from "./data";
import { button, el } from "./dom";
import { standing } from "./facts";
import { type Acts, particulars, stance, statement } from "./panel";
import type { Sign } from "./scene";
import type { Keeper, Shown } from "./state";
import { storyWording } from "./story-words";
import { before } from "./steps";
import { filled } from "./words";

/** So many lines of a kind are listed; the picture has them all. */
const MOST = 200;

export interface Difference {
  /** What to draw at the lines of the first day, and at those of the second. */
  readonly before: ReadonlyMap<string, Sign>;
  readonly after: ReadonlyMap<string, Sign>;
  readonly came: readonly Edge[];
  readonly went: readonly Edge[];
  /** Lines of one relationship that differ: those of the first day, and those of the second. */
  readonly changed: readonly (readonly [readonly Edge[], readonly Edge[]])[];
  readonly same: number;
}

/** Tell what is on one day and not on another. Lines of the same relation between the same two are one relationship. */
export function differenceOf(graph: Graph, first: Shown, on: string, second: Shown, other: string): Difference {
  const told = (edge: Edge, at: string): string => {
    const { modality, undecided } = standing(graph, edge.line, at);
    return `${edge.line.id} ${modality} ${undecided}`;
  };
  const kinds = new Map<string, [Edge[], Edge[]]>();
  const gather = (edges: readonly Edge[], side: 0 | 1): void => {
    for (const edge of edges) {
      const key = JSON.stringify([edge.from, edge.line.relation, edge.to]);
      const both = kinds.get(key) ?? [[], []];
      both[side].push(edge);
      kinds.set(key, both);
    }
  };
  gather(first.edges, 0);
  gather(second.edges, 1);
  const [older, newer] = [new Map<string, Sign>(), new Map<string, Sign>()];
  const [came, went, changed] = [[] as Edge[], [] as Edge[], [] as [Edge[], Edge[]][]];
  let same = 0;
  for (const [left, right] of kinds.values()) {
    const [here, there] = [new Set(left.map((edge) => told(edge, on))), new Set(right.map((edge) => told(edge, other)))];
    const gone = left.filter((edge) => !there.has(told(edge, on)));
    const fresh = right.filter((edge) => !here.has(told(edge, other)));
    same += left.length - gone.length;
    if (!gone.length && !fresh.length) continue;
    const isChange = gone.length > 0 && fresh.length > 0;
    for (const edge of gone) older.set(edge.line.id, isChange ? "changed" : "went");
    for (const edge of fresh) newer.set(edge.line.id, isChange ? "changed" : "came");
    if (isChange) changed.push([gone, fresh]);
    else {
      came.push(...fresh);
      went.push(...gone);
    }
  }
  return { before: older, after: newer, came, went, changed, same };
}

/** The day to compare another with at first: a year before it, or as long before that something has changed since. */
export function dayToCompare(changes: readonly string[], on: string): string {
  const found = new Date(`${on}T00:00:00Z`);
  found.setUTCFullYear(found.getUTCFullYear() - 1);
  const year = found.toISOString().slice(0, 10);
  const last = changes.filter((one) => one < on).at(-1);
  return last !== undefined && last <= year ? before(last) : year;
}

/** The head of one of the two pictures: its day, which can be set. */
export class DayField {
  readonly place = el("label", { class: "day", hidden: true });
  #label = el("span", {});
  #input = el("input", { type: "date", required: true });

  constructor(readonly keeper: Keeper, readonly name: "asOf" | "versus") {
    this.place.append(this.#label, this.#input);
    this.#input.addEventListener("change", () => {
      if (this.#input.value) keeper.set({ [name]: this.#input.value });
    });
  }

  fill(): void {
    const w = storyWording(this.keeper.now.lang);
    this.place.hidden = !this.keeper.now.versus;
    this.#label.textContent = this.name === "asOf" ? w.first : w.second;
    this.#input.value = this.keeper.now[this.name];
  }
}

/** The differences in words: lists of what came, went and changed, each line leading to its sentences. */
export function told(graph: Graph, found: Difference, keeper: Keeper, acts: Acts): Node[] {
  const { lang, asOf, versus } = keeper.now;
  const w = storyWording(lang);
  const [first, second] = [{ now: { lang, asOf } }, { now: { lang, asOf: versus } }];
  const item = ({ line }: Edge, sign: string, before: readonly Node[] = []): HTMLElement => {
    const on = sign === "−" || sign === "≠ −" ? first : second;
    const show = button("", () => acts.choose(line.id), { class: "show", "data-line": line.id });
    show.append(...statement(graph, line, on));
    return el("li", {}, el("b", { class: "sign", "aria-hidden": "true" }, sign), " ", show, particulars(graph, line, on, ...before));
  };
  // A line that stands on both days, otherwise on each, is told once: how it stood, and how it stands.
  const change = (left: readonly Edge[], right: readonly Edge[]): HTMLElement => {
    const [older, newer] = [new Set(left.map((edge) => edge.line.id)), new Set(right.map((edge) => edge.line.id))];
    return el("li", {}, el("ul", { class: "both" },
      ...left.filter((edge) => !newer.has(edge.line.id)).map((edge) => item(edge, "≠ −")),
      ...right.map((edge) => older.has(edge.line.id) ? item(edge, "≠", [...stance(graph, edge.line, first), el("span", { role: "img", "aria-label": w.becomes }, "→")]) : item(edge, "≠ +"))));
  };
  const list = (title: string, count: number, items: readonly HTMLElement[]): Node[] => [
    el("h3", {}, `${title} (${count})`),
    count ? el("ul", {}, ...items.slice(0, MOST)) : el("p", { class: "hint" }, w.nothing),
  ];
  return [
    el("h2", {}, filled(w.compared, asOf, versus)),
    ...list(w.came, found.came.length, found.came.map((edge) => item(edge, "+"))),
    ...list(w.went, found.went.length, found.went.map((edge) => item(edge, "−"))),
    ...list(w.changed, found.changed.length, found.changed.map(([left, right]) => change(left, right))),
    el("p", { class: "hint" }, filled(w.unchanged, found.same)),
  ];
}
