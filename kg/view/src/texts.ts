// The search of the sentences: a file has no index, so it goes through the quotes, names and titles that it holds.

import type { Claim, Graph, Line } from "./data";
import { el } from "./dom";
import { statement } from "./panel";
import type { Keeper } from "./state";
import { filled, wording } from "./words";

const SHOWN = 50;
const PAUSE = 150;
const LIGATURES: Readonly<Record<string, string>> = { "œ": "oe", "æ": "ae", "ß": "ss" };

/** A text without case and accents, and for each unit of it where it stands in the text as it is written. */
interface Folded {
  readonly key: string;
  readonly at: readonly number[];
}

function folded(text: string): Folded {
  const at: number[] = [];
  let key = "";
  let place = 0;
  for (const char of text) {
    const plain = char.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[’‘ʼ]/g, "'").replace(/[‐‑]/g, "-").toLowerCase().replace(/[œæß]/g, (one) => LIGATURES[one] ?? one);
    key += plain;
    for (let unit = 0; unit < plain.length; unit += 1) at.push(place);
    place += char.length;
  }
  return { key, at: [...at, text.length] };
}

/** The words of a query; what stands in quotation marks is one. */
function wordsOf(query: string): string[] {
  const parts = folded(query).key.match(/["“«][^"”»]*["”»]?|[^\s"“«]+/g) ?? [];
  return parts.map((one) => one.replace(/["“”«»]/g, "").trim().replace(/\s+/g, " ")).filter(Boolean);
}

/** Where words begin with a word, as places of the text as it is written. */
function places({ key, at }: Folded, word: string): [number, number][] {
  const found: [number, number][] = [];
  for (let start = key.indexOf(word); start >= 0; start = key.indexOf(word, start + 1)) {
    if (start > 0 && /[\p{L}\p{N}]/u.test(key[start - 1] ?? "") && /[\p{L}\p{N}]/u.test(word[0] ?? "")) continue;
    found.push([at[start] ?? 0, at[start + word.length] ?? 0]);
  }
  return found;
}

/** A text with what was looked for set apart. */
function marked(text: string, whole: Folded, words: readonly string[]): (Node | string)[] {
  const spots = words.flatMap((word) => places(whole, word)).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const [from, to] of spots) {
    if (to <= end) continue;
    const start = Math.max(from, end);
    parts.push(text.slice(end, start), el("mark", {}, text.slice(start, to)));
    end = to;
  }
  return [...parts, text.slice(end)];
}

/** A sentence of a document, with the lines that rest on it. */
interface Sentence {
  readonly claim: Claim;
  readonly lines: Line[];
  readonly quote: Folded;
  readonly title: Folded;
  /** Names, relations and title, folded. */
  readonly about: string;
}

export class TextSearch {
  readonly place = el("section", { class: "texts", role: "search" });
  readonly input = el("input", { type: "search", id: "kg-texts", autocomplete: "off", spellcheck: "false" });
  #told = el("p", { class: "told", role: "status" });
  #list = el("ol", {});
  #elsewhere = el("a", { target: "_blank", rel: "noopener", hidden: true });
  #sentences: Sentence[] | null = null;
  #timer = 0;

  /** `pick` is told which line or company was chosen; `address` gives that of the server's search, where there is one. */
  constructor(private graph: Graph, readonly keeper: Keeper, readonly pick: (id: string) => void, readonly address?: (words: string, lang: string) => string) {
    this.place.append(this.input, this.#told, this.#list, ...(address ? [el("p", {}, this.#elsewhere)] : []));
    this.input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.find(), PAUSE);
    });
    this.place.addEventListener("keydown", (event) => this.#key(event));
  }

  know(graph: Graph): void {
    this.graph = graph;
    this.#sentences = null;
    this.find();
  }

  /** Its words, and what was found, in the language of now; what is there already stays, and with it the focus. */
  label(): void {
    const { lang } = this.keeper.now;
    if (this.place.lang === lang) return;
    this.place.lang = lang;
    const w = wording(lang);
    this.input.placeholder = w.texts;
    this.input.setAttribute("aria-label", w.texts);
    this.place.setAttribute("aria-label", w.texts);
    this.find();
  }

  find(): void {
    clearTimeout(this.#timer);
    const { lang } = this.keeper.now;
    const w = wording(lang);
    const query = this.input.value.trim();
    const words = wordsOf(query);
    const found = words.length ? this.#found(words) : [];
    const more = found.length > SHOWN ? ` ${filled(w.firstTexts, SHOWN)}` : "";
    this.#told.textContent = !words.length ? "" : found.length ? filled(w.foundTexts, found.length) + more : w.noTexts;
    this.#list.replaceChildren(...found.slice(0, SHOWN).map((one) => this.#hit(one, words)));
    this.#elsewhere.hidden = !words.length || !this.address;
    this.#elsewhere.textContent = filled(w.allTexts, query);
    if (this.address) this.#elsewhere.href = this.address(query, lang);
  }

  #hit({ claim, lines, quote, title }: Sentence, words: readonly string[]): HTMLElement {
    const source = this.graph.view.documents[claim.document];
    const ties = lines.slice(0, 5).map((line) => {
      const show = el("button", { type: "button", class: "show", "data-line": line.id }, ...statement(this.graph, line, this.keeper));
      show.addEventListener("click", () => this.pick(this.graph.byLine.has(line.id) ? line.id : this.graph.view.companies[line.subject]?.id ?? ""));
      return show;
    });
    return el("li", {},
      el("q", { lang: claim.lang, dir: "auto" }, ...marked(claim.quote, quote, words)),
      el("small", {}, el("bdi", {}, ...marked(source?.title ?? "", title, words)), claim.known ? ` · ${claim.known}` : ""), ...ties);
  }

  /** The sentences that have all words, in themselves or in their names and titles: those that have most themselves first. */
  #found(words: readonly string[]): Sentence[] {
    const counted: [Sentence, number][] = [];
    for (const one of this.#known()) {
      let inside = 0;
      const fits = words.every((word) => {
        const own = places(one.quote, word).length;
        inside += own ? 1 + Math.min(own, 5) / 10 : 0;
        return own > 0 || places({ key: one.about, at: [] }, word).length > 0;
      });
      if (fits) counted.push([one, inside]);
    }
    return counted.sort((a, b) => b[1] - a[1]).map(([one]) => one);
  }

  /** All sentences, made when they are first looked through. */
  #known(): Sentence[] {
    if (this.#sentences) return this.#sentences;
    const { companies, documents, lines } = this.graph.view;
    const titles = documents.map((one) => folded(one.title));
    const names = companies.map((one) => folded(one.name).key);
    const made = new Map<string, { claim: Claim; lines: Line[]; about: Set<string> }>();
    for (const line of lines) {
      const relation = this.graph.relations.get(line.relation)?.label;
      for (const claim of line.claims) {
        const key = `${claim.document}\n${claim.quote}`;
        const one = made.get(key) ?? { claim, lines: [], about: new Set([titles[claim.document]?.key ?? ""]) };
        if (!one.lines.includes(line)) one.lines.push(line);
        for (const name of [line.subject, line.object ?? -1]) one.about.add(names[name] ?? "");
        if (relation) one.about.add(folded(`${relation.en}\n${relation.fr}`).key);
        made.set(key, one);
      }
    }
    this.#sentences = [...made.values()].map(({ claim, lines: of, about }) => ({
      claim, lines: of, quote: folded(claim.quote), title: titles[claim.document] ?? folded(""), about: [...about].join("\n"),
    }));
    return this.#sentences;
  }

  /** Arrows go from the field into what was found and along it; Escape empties the field. */
  #key(event: KeyboardEvent): void {
    const stops = [this.input, ...this.#list.querySelectorAll<HTMLElement>("button")];
    const at = stops.indexOf(event.target as HTMLElement);
    if (event.key === "Enter" && at === 0) this.find();
    else if (event.key === "Escape" && this.input.value) {
      this.input.value = "";
      this.find();
      this.input.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && at >= 0) stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    else return;
    event.stopPropagation();
    event.preventDefault();
  }
}
