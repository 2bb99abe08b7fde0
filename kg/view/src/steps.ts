// The scale of the timeline: from a first to a last day in steps of days, months or years.

const DAY = 86_400_000;
const MONTHS = 31 * DAY;
/** So many steps are the most that a scale has: beyond, it takes longer ones. */
const MOST = 200;
/** The share of dates that may lie before the scale: a founding a century ago would squeeze all the rest. */
const EARLY = 0.02;

export const timeOf = (on: string): number => Date.parse(`${on}T00:00:00Z`);
const dayAt = (time: number): string => new Date(time).toISOString().slice(0, 10);

export interface Scale {
  /** The days on which steps begin; the last one is where the last step ends. */
  readonly marks: readonly string[];
  /** "2024", "2024-03" or "2024-03-11": how a mark is written. */
  readonly written: (on: string) => string;
  /** Where a day stands, from 0 to 1; what lies beyond stands at the end. */
  readonly place: (on: string) => number;
}

/** The scale of some days; null where there are none. */
export function scaleOf(days: readonly string[]): Scale | null {
  const sorted = days.filter((on) => on > "0001-01-01" && on < "9000").sort();
  const first = sorted[sorted.length >= 50 ? Math.floor(sorted.length * EARLY) : 0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return null;
  const span = timeOf(last) - timeOf(first);
  const [marks, length] = span <= MOST * DAY && span < 4 * MONTHS ? [byDays(first, last), 10] : span <= MOST * MONTHS ? [byMonths(first, last, 1), 7] : [byMonths(first, last, 12 * Math.ceil(span / (MOST * 366 * DAY))), 4];
  const [from, to] = [timeOf(marks[0] ?? first), timeOf(marks.at(-1) ?? last)];
  return { marks, written: (on) => on.slice(0, length), place: (on) => Math.min(1, Math.max(0, (timeOf(on) - from) / (to - from || 1))) };
}

function byDays(first: string, last: string): string[] {
  const marks: string[] = [];
  for (let time = timeOf(first); time <= timeOf(last) + DAY; time += DAY) marks.push(dayAt(time));
  return marks;
}

function byMonths(first: string, last: string, step: number): string[] {
  const marks: string[] = [];
  const begin = step >= 12 ? 0 : Number(first.slice(5, 7)) - 1;
  for (let at = Number(first.slice(0, 4)) * 12 + begin; ; at += step) {
    marks.push(`${String(Math.floor(at / 12)).padStart(4, "0")}-${String((at % 12) + 1).padStart(2, "0")}-01`);
    if ((marks.at(-1) ?? "") > last) return marks;
  }
}

/** The step in which a day lies; of a day before the scale the first one. */
export function stepOf(marks: readonly string[], on: string): number {
  let [low, high] = [0, marks.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((marks[middle] ?? "") <= on) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The day before a mark: a window reaches up to it. */
export const before = (on: string): string => dayAt(timeOf(on) - DAY);
/** The day after: the mark at which a window ends that reaches up to a day. */
export const after = (on: string): string => dayAt(timeOf(on) + DAY);
