// Two days side by side: what came, what went, and what stands in the place of what.

import type { Edge, Graph } from "./data";
import { button, el } from "./dom";
import { standing } from "./facts";
import { type Acts, particulars, statement } from "./panel";
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
  const item = (edge: Edge, sign: string): HTMLElement => {
    const on = { now: { lang, asOf: sign.endsWith("+") ? versus : asOf } };
    const show = button("", () => acts.choose(edge.line.id), { class: "show", "data-line": edge.line.id });
    show.append(...statement(graph, edge.line, on));
    return el("li", {}, el("b", { class: "sign", "aria-hidden": "true" }, sign), " ", show, particulars(graph, edge.line, on));
  };
  const list = (title: string, count: number, items: readonly HTMLElement[]): Node[] => [
    el("h3", {}, `${title} (${count})`),
    count ? el("ul", {}, ...items.slice(0, MOST)) : el("p", { class: "hint" }, w.nothing),
  ];
  return [
    el("h2", {}, filled(w.compared, asOf, versus)),
    ...list(w.came, found.came.length, found.came.map((edge) => item(edge, "+"))),
    ...list(w.went, found.went.length, found.went.map((edge) => item(edge, "−"))),
    ...list(w.changed, found.changed.length, found.changed.map(([left, right]) =>
      el("li", {}, el("ul", { class: "both" }, ...left.map((edge) => item(edge, "≠ −")), ...right.map((edge) => item(edge, "≠ +")))))),
    el("p", { class: "hint" }, filled(w.unchanged, found.same)),
  ];
}
