// An answer on the page: a table, yes or no, or Turtle. Whatever a source wrote is text and nothing else.
import { data, say } from "./data";
import { button, el } from "./dom";
import type { Answer, Cell, Row } from "./protocol";
import { isWritable, shortened, XSD } from "./terms";

const STEP = 200;
const SHORT = 24;
const LONG = 600;
const LINES = 2000;
const NUMBERS = /^(?:decimal|integer|double|float|long|int|short|byte|(?:non)?(?:positive|negative)Integer|unsigned\w+)$/i;
const PLAIN = /^(?:string|boolean|date|dateTime|gYear|gYearMonth|duration)$/;
const SENTENCES = /(?:^|_)(?:sentence|quote)$/;

export type Describe = (iri: string) => string;

// Returns what shows an answer; `describe` gives the address of the page that describes an IRI.
export function shown(answer: Answer, describe: Describe): HTMLElement {
  if (answer.kind === "rows") return table(answer.columns, answer.rows, describe);
  if (answer.kind === "truth") return el("p", { class: "truth" }, say(answer.value ? "yes" : "no"));
  return turtle(answer.turtle);
}

function table(all: string[], rows: Row[], describe: Describe): HTMLElement {
  if (rows.length === 0) return el("p", { class: "none" }, say("nothing"));
  const bound = all.filter((column) => rows.some((row) => row[column]));
  const layout: Layout = {
    columns: bound.filter((column) => !SENTENCES.test(column)),
    sentences: bound.filter((column) => SENTENCES.test(column)),
    numeric: new Set(bound.filter((column) => rows.every((row) => !row[column] || isNumber(row[column])))),
  };
  // A table of nothing but sentences has them for its columns.
  if (layout.columns.length === 0) [layout.columns, layout.sentences] = [layout.sentences, []];
  const heads = layout.columns.map((column) => el("th", { scope: "col", class: aligned(column, layout) }, column));
  const body = el("tbody");
  const scroll = el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": say("table") },
    el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body),
  );
  const whole = el("div", {}, scroll);
  fill(body, rows, 0, layout, describe, (rest) => {
    whole.querySelector(".rest")?.remove();
    if (rest) scroll.after(rest);
  });
  const empty = all.filter((column) => !bound.includes(column));
  if (empty.length > 0) whole.append(el("p", { class: "more" }, say("empty"), " ", el("bdi", {}, empty.join(", "))));
  return whole;
}

// Columns side by side, the sentences below each row, where they are read without scrolling.
interface Layout {
  columns: string[];
  sentences: string[];
  numeric: Set<string>;
}

// Adds a step of rows, and tells what leads to the rest; returns the first row added.
function fill(
  body: HTMLElement,
  rows: Row[],
  from: number,
  layout: Layout,
  describe: Describe,
  tell: (rest: HTMLElement | null) => void,
): HTMLElement | undefined {
  const upTo = Math.min(from + STEP, rows.length);
  const lines = rows.slice(from, upTo).flatMap((row) => lined(row, layout, describe));
  body.append(...lines);
  if (upTo === rows.length) tell(null);
  else {
    const more = button(say("more", Math.min(STEP, rows.length - upTo)), () => {
      const first = fill(body, rows, upTo, layout, describe, tell);
      if (!first) return;
      first.tabIndex = -1;
      first.focus();
    });
    tell(el("p", { class: "more rest" }, say("shown", upTo, rows.length), " ", more));
  }
  return lines[0];
}

function lined(row: Row, layout: Layout, describe: Describe): HTMLTableRowElement[] {
  const line = el("tr", {}, ...layout.columns.map((column) => cell(column, row[column], layout, describe)));
  const said = layout.sentences.filter((column) => row[column]);
  if (said.length === 0) return [line];
  const quotes = said.map((column) => {
    const name = said.length > 1 ? [el("small", {}, column), " "] : [];
    return el("p", {}, ...name, ...content(column, row[column] as Cell, describe));
  });
  line.className = "above";
  const width = String(layout.columns.length);
  return [line, el("tr", { class: "below" }, el("td", { colspan: width }, el("div", {}, ...quotes)))];
}

function aligned(column: string, layout: Layout): string | undefined {
  return layout.numeric.has(column) ? "number" : undefined;
}

function cell(column: string, value: Cell | undefined, layout: Layout, describe: Describe): HTMLTableCellElement {
  if (!value) return el("td");
  if (isNumber(value)) return el("td", { class: aligned(column, layout) }, grouped(value.value));
  const isShort = value.type === "uri" ? shortened(value.value).length <= 2 * SHORT : value.value.length <= SHORT;
  return el("td", { class: isShort ? "short" : undefined }, ...content(column, value, describe));
}

// Digits in groups of three, from five on: years stay as they are.
function grouped(number: string): string {
  const [, sign = "", whole = "", rest = ""] = /^([+-]?)(\d+)(\.\d+)?$/.exec(number) ?? [];
  if (!whole) return number;
  const [mark, point] = data.lang === "fr" ? ["\u202f", ","] : [",", "."];
  const groups = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, mark) : whole;
  return sign + groups + rest.replace(".", point);
}

function content(column: string, value: Cell, describe: Describe): (Node | string)[] {
  if (value.type === "uri") {
    const text = el("bdi", {}, shortened(value.value));
    return [isWritable(value.value) ? el("a", { href: describe(value.value), title: value.value }, text) : text];
  }
  if (value.type === "bnode") return [el("bdi", {}, `_:${value.value}`)];
  if (typeof value.value !== "string") return [JSON.stringify(value.value)];
  const lang = value["xml:lang"];
  const attributes = { dir: "auto", lang };
  const text = long(value.value, (part) =>
    SENTENCES.test(column) ? el("q", attributes, part) : el("span", attributes, part),
  );
  const local = value.datatype?.startsWith(XSD) ? value.datatype.slice(XSD.length) : "";
  const kind = lang ? `@${lang}` : value.datatype && !PLAIN.test(local) ? shortened(value.datatype) : "";
  return kind ? [text, " ", el("small", {}, kind)] : [text];
}

function long(text: string, write: (part: string) => HTMLElement): HTMLElement {
  if (text.length <= LONG) return write(text);
  return el("details", { class: "long" }, el("summary", {}, write(`${text.slice(0, LONG)}…`)), write(text));
}

function turtle(text: string): HTMLElement {
  const lines = text.split("\n");
  const whole = el("div");
  const block = el("pre", { tabindex: "0", role: "region", "aria-label": "Turtle" }, lines.slice(0, LINES).join("\n"));
  whole.append(block);
  if (lines.length > LINES) whole.append(el("p", { class: "more" }, say("cut", LINES, lines.length)));
  return whole;
}

function isNumber(cell: Cell | undefined): boolean {
  return Boolean(cell?.datatype?.startsWith(XSD) && NUMBERS.test(cell.datatype.slice(XSD.length)));
}

export function summary(answer: Answer, seconds: number): string {
  const time = seconds.toLocaleString(data.lang, { maximumSignificantDigits: 2 });
  if (answer.kind === "rows") return `${say("rows", answer.rows.length)}, ${say("seconds", time)}`;
  return say("seconds", time);
}
