// A window of time: which lines have a date in it. The timeline sets it, the picture and the table are narrowed by it.

import { type Line, day } from "./data";
import { NOBODY_SAYS } from "./facts";

/** The date that must lie in a window: any day on which a line holds, its start, its end, or when it was known first. */
export type Dated = "holds" | "start" | "end" | "known";
export const DATED: readonly Dated[] = ["holds", "start", "end", "known"];

/** The days of a line: "" where nobody tells. */
export interface Days {
  readonly start: string;
  readonly end: string;
  readonly known: string;
}

/** When a line begins and ends, by the days on which it is a fact or else by its terms, and when it was known first. */
export function daysOf(line: Line): Days {
  let [first, last, dated, open] = ["", "", false, false];
  for (const claim of line.claims) {
    if (!claim.from) continue;
    dated = true;
    if (claim.from !== NOBODY_SAYS && (!first || claim.from < first)) first = claim.from;
    if (!claim.until) open = true;
    else if (claim.until > last) last = claim.until;
  }
  if (!dated) [first, last] = [line.start ? day(line.start, false) : "", line.end ? day(line.end, true) : ""];
  return { start: first, end: open ? "" : last, known: line.known ? day(line.known, false) : "" };
}

/** Whether the date of a line that is asked for lies within a window. A line without it does not. */
export function isWithin(line: Line, { since, until, dated }: { readonly since: string; readonly until: string; readonly dated: Dated }): boolean {
  const days = daysOf(line);
  const from = dated === "holds" ? days.start || days.known : days[dated];
  const to = dated === "holds" ? days.end || "9999-12-31" : from;
  if (dated !== "holds" && !from) return false;
  return (!until || from <= until) && (!since || to >= since);
}
