// How wide a line is drawn: by the money of its terms, else by the share; a line that states neither stays thin.

import type { Line } from "./data";

/** The width of a line that states no amount and no share, in pixels. */
export const THIN = 1.2;
const WIDEST = 9;
/** What a tenfold amount adds, in pixels, from a million on; a tenfold share from one percent on. */
const BY_AMOUNT = 1.1;
const BY_SHARE = 3;
const LEAST = 2;

/** The width of an amount of money, in its own currency: by its logarithm. */
export const widthOfAmount = (amount: number): number => stepped(LEAST + BY_AMOUNT * (Math.log10(Math.max(1, amount)) - 6));

/** The width of a share in percent: by its logarithm. */
export const widthOfShare = (percent: number): number => stepped(LEAST + BY_SHARE * Math.log10(Math.max(0.01, percent)));

/** Half a pixel is a step: lines of one look are drawn as one path. */
const stepped = (width: number): number => Math.min(WIDEST, Math.max(1.5, Math.round(width * 2) / 2));

export function widthOf(line: Line): number {
  if (line.amount && line.amount[0] > 0) return widthOfAmount(line.amount[0]);
  return line.percent !== null && line.percent > 0 ? widthOfShare(line.percent) : THIN;
}

/** What the legend draws samples of. */
export const AMOUNTS = [1e6, 1e9, 1e11] as const;
export const SHARES = [1, 10, 100] as const;
