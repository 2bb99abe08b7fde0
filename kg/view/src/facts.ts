// What holds on a day: by the days that the data gives, which kg.facts decided. kg/view/clock.py tells the same.

import { type Graph, type Line, day } from "./data";

/** How a line stands on a day. */
export interface Standing {
  readonly modality: string;
  /** The bounds of its dates leave open whether it holds. */
  readonly undecided: boolean;
  readonly shown: boolean;
}

/** The first day of what is a fact, where nobody says since when. */
export const NOBODY_SAYS = "0001-01-01";

const within = (first: string, last: string, on: string): boolean => first <= on && (!last || on <= last);

/** How a line stands on a day, "" for all times: a fact while one of its claims is, not shown before and after. */
export function standing(graph: Graph, line: Line, on: string): Standing {
  if (line.claims.length && line.claims.every((claim) => claim.rejected)) return { modality: line.modality, undecided: false, shown: false };
  let [dated, ahead, perhaps] = [false, true, false];
  for (const claim of on ? line.claims : []) {
    if (!claim.from) continue;
    dated = true;
    ahead &&= on < claim.from;
    if (!within(claim.from, claim.until, on)) continue;
    if (!claim.surely.length || within(claim.surely[0] ?? "", claim.surely[1] ?? "", on)) return HOLDS;
    perhaps = true;
  }
  if (dated) return perhaps ? PERHAPS : ahead ? AHEAD : OVER;
  return { modality: line.modality, undecided: false, shown: !on || isTold(graph, line, on) };
}

const HOLDS: Standing = { modality: "asserted", undecided: false, shown: true };
const PERHAPS: Standing = { ...HOLDS, undecided: true };
const AHEAD: Standing = { modality: "announced", undecided: false, shown: false };
const OVER: Standing = { modality: "ended", undecided: false, shown: false };

/** Whether what is no fact on any day, or a figure, is told of by a day; what lies ahead or is a rumour is told of to its end. */
function isTold(graph: Graph, line: Line, on: string): boolean {
  const since = line.start ? day(line.start, false) : "";
  const known = line.known ? day(line.known, false) : "";
  const begins = line.object === null ? since || known : [since, known].filter(Boolean).sort()[0] ?? "";
  if (begins > on) return false;
  return !line.end || graph.modalities.get(line.modality)?.style === "over" || on <= day(line.end, true);
}

/** A day as a source says it: "2004" where it says no more than that. */
export const asSaid = (on: string, partial: string, last: boolean): string => (on && partial && day(partial, last) === on ? partial : on);

/** The days from the first to the last on which a line is a fact: "2015-01-01 – 2020-12-30". */
export function period(line: Line): string {
  const dated = line.claims.filter((claim) => claim.from);
  const first = dated.map((claim) => claim.from).sort()[0] ?? "";
  const last = dated.some((claim) => !claim.until) ? "" : dated.map((claim) => claim.until).sort().at(-1) ?? "";
  return first === NOBODY_SAYS ? (last ? `… – ${last}` : "") : first ? `${first} – ${last || "…"}` : "";
}

/** The days on which the picture changes, in order, with today and the one that it opens at. */
export function days(graph: Graph): string[] {
  const found = new Set<string>([graph.view.asOf, graph.view.today ?? ""].filter(Boolean));
  for (const { line } of graph.edges) {
    let dated = false;
    for (const claim of line.claims) {
      if (!claim.from) continue;
      dated = true;
      if (claim.from !== NOBODY_SAYS) found.add(claim.from);
      if (claim.until) found.add(next(claim.until));
    }
    const told = dated ? "" : line.start || line.known;
    if (told) found.add(day(told, false));
  }
  return [...found].sort();
}

/** The day after; the last day that can be written is its own. */
function next(on: string): string {
  const after = new Date(`${on}T00:00:00Z`);
  after.setUTCDate(after.getUTCDate() + 1);
  return after.getUTCFullYear() > 9999 ? on : after.toISOString().slice(0, 10);
}
