// An answer on the page: a table, yes or no, or Turtle. Whatever a source wrote is text and nothing else.
import { data, say } from "./data";
import { button, el } from "./dom";
import type { Answer, Cell, Row } from "./protocol";
import { isWritable, shortened, XSD } from "./terms";

const STEP = 200;
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
  const columns = all.filter((column) => rows.some((row) => row[column]));
  const empty = all.filter((column) => !columns.includes(column));
  const numeric = new Set(columns.filter((column) => rows.some((row) => isNumber(row[column]))));
  const heads = columns.map((column) => el("th", { scope: "col", class: numeric.has(column) ? "number" : undefined }, column));
  const body = el("tbody");
  const scroll = el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": say("table") },
    el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body),
  );
  const whole = el("div", {}, scroll);
  const add = (from: number): void => {
    body.append(...rows.slice(from, from + STEP).map((row) => line(columns, row, describe)));
    whole.querySelector(".rest")?.remove();
    const upTo = from + STEP;
    if (upTo >= rows.length) return;
    const more = button(say("more", Math.min(STEP, rows.length - upTo)), () => {
      add(upTo);
      const first = body.children[upTo];
      // The focus goes to the first of the new rows, not to nowhere.
      if (first instanceof HTMLElement) {
        first.tabIndex = -1;
        first.focus();
      }
    });
    scroll.after(el("p", { class: "more rest" }, say("shown", upTo, rows.length), " ", more));
  };
  add(0);
  if (empty.length > 0) whole.append(el("p", { class: "more" }, say("empty"), " ", el("bdi", {}, empty.join(", "))));
  return whole;
}

function line(columns: string[], row: Row, describe: Describe): HTMLTableRowElement {
  return el("tr", {}, ...columns.map((column) => cell(column, row[column], describe)));
}

function cell(column: string, value: Cell | undefined, describe: Describe): HTMLTableCellElement {
  if (!value) return el("td");
  if (isNumber(value)) return el("td", { class: "number" }, value.value);
  const made = el("td", { class: SENTENCES.test(column) ? "sentence" : undefined });
  made.append(...content(column, value, describe));
  return made;
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
