// The shell of a notebook's cards to judge: it shows the state that the kernel keeps, and sends what is asked for.

import type { Lang, Opinion, Verdict } from "./data";
import { button, el } from "./dom";
import { PARTS, type Part, judgingWords, opinionOf, verdictOf } from "./judging-words";
import { type ReviewWords, reviewWords } from "./review-words";
import { filled } from "./words";

interface Model {
  get(name: string): unknown;
  on(event: string, heard: () => void): void;
  send(message: object): void;
}
type Fields = Record<"subject" | "relation" | "object" | "modality" | "terms", string>;
interface Claim {
  readonly id: string;
  readonly phrase: string;
  readonly confidence: number;
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly fields: Fields | null;
}
interface Card {
  readonly title: string;
  readonly document: string;
  readonly date: string;
  readonly lang: string;
  readonly pieces: readonly { readonly text: string; readonly in: boolean; readonly kind: "" | "name" | "figure" }[];
  readonly claims: readonly Claim[];
}
interface Told {
  readonly what?: "kept" | "undone" | "nothing" | "same" | "unknown" | "error" | "history";
  readonly verdict?: Verdict;
  readonly part?: string | null;
  readonly phrase?: string;
  readonly text?: string;
  readonly words?: readonly (Omit<Opinion, "part"> & { readonly part: string | null; readonly undoes: boolean })[];
}
interface State {
  readonly author: string;
  readonly lang: Lang;
  readonly judged: number;
  readonly card: Card | null;
  readonly at: number;
  readonly done: Readonly<Record<string, Verdict | "later" | "">>;
  readonly told: Told;
}
type Act = "right" | "wrong" | "edit" | "unsure" | "history" | "undo" | "later";
const KEYS: Record<Act, string> = { right: "x", wrong: "n", edit: "e", unsure: "u", history: "h", undo: "z", later: "s" };

class Review {
  readonly place = el("section", { class: "kg-review", tabindex: "0" });
  #heading = el("p", { class: "heading" });
  #source = el("p", { class: "source" });
  #text = el("blockquote", { dir: "auto" });
  #claims = el("ol", { class: "claims" });
  #tools = el("div", { class: "tools", role: "toolbar" });
  #parts = el("div", { class: "tools parts", role: "group", hidden: true });
  #form = el("form", { hidden: true });
  #history = el("ul", { class: "history", "aria-live": "polite" });
  #told = el("p", { class: "told", role: "status" });
  #buttons: Record<Act, HTMLButtonElement>;
  #state: State;
  #w: ReviewWords;

  constructor(readonly model: Model) {
    this.#state = this.#read();
    this.#w = reviewWords(this.#state.lang);
    const made = (Object.keys(KEYS) as Act[]).map((act) => [act, button(this.#w[act], () => this.#act(act), {
      "data-act": act, "aria-keyshortcuts": KEYS[act], title: `${this.#w[act]} (${KEYS[act]})`,
    })] as const);
    for (const [act, one] of made) one.append(el("kbd", { "aria-hidden": "true" }, KEYS[act]));
    this.#buttons = Object.fromEntries(made) as Record<Act, HTMLButtonElement>;
    this.#tools.append(...made.map(([, one]) => one));
    this.#tools.setAttribute("aria-label", this.#w.actions);
    const { lang, author } = this.#state;
    const jw = judgingWords(lang);
    this.#parts.setAttribute("aria-label", jw.which);
    this.#parts.append(el("span", {}, jw.which), ...(Object.entries(PARTS) as [Part, string][]).map(([part, key]) => {
      const one = button(jw.parts[part], () => this.#wrong(part), { "data-part": part, "aria-keyshortcuts": key });
      one.append(el("kbd", { "aria-hidden": "true" }, key));
      return one;
    }));
    this.place.lang = lang;
    // Jupyter's own keys would cut the cell at "x" and undo it at "z".
    this.place.setAttribute("data-lm-suppress-shortcuts", "true");
    this.place.setAttribute("aria-label", filled(this.#w.cards, author));
    this.#claims.setAttribute("aria-label", this.#w.claims);
    this.place.append(this.#heading, this.#source, this.#text, this.#claims, this.#tools, this.#parts, this.#form, this.#history, this.#told);
    this.place.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send("correct", { fields: Object.fromEntries(new FormData(this.#form)) });
    });
    model.on("change:state", () => this.#renew());
    this.#show();
  }

  get #claim(): Claim | undefined {
    return this.#state.card?.claims[this.#state.at];
  }

  #read(): State {
    return JSON.parse(String(this.model.get("state"))) as State;
  }

  #send(act: string, more: object = {}): void {
    this.model.send({ act, claim: this.#claim?.id ?? "", ...more });
  }

  // ---------------------------------------------------------------------------- acts
  #act(act: Act): void {
    if (act === "undo") return this.#send("undo");
    if (!this.#claim) return;
    if (act === "wrong") return this.#fold(this.#parts, this.#parts.hidden === true);
    if (act === "edit") return this.#edit();
    if (act === "history" || act === "later") return this.#send(act);
    this.#send("judge", { verdict: act });
  }

  #wrong(part: Part): void {
    this.#fold(this.#parts, false);
    this.#send("judge", { verdict: "wrong", part });
  }

  /** Show or fold what asks for more: what is wrong, or what it should say. */
  #fold(one: HTMLElement, open: boolean): void {
    for (const each of [this.#parts, this.#form]) each.hidden = !(open && each === one);
    this.#buttons.wrong.setAttribute("aria-expanded", String(!this.#parts.hidden));
    this.#buttons.edit.setAttribute("aria-expanded", String(!this.#form.hidden));
    (open ? one.querySelector<HTMLElement>("button, input") : this.place)?.focus();
  }

  #edit(): void {
    const fields = this.#claim?.fields;
    if (!fields) {
      this.#told.textContent = this.#w.noEdit;
      return;
    }
    const choices = JSON.parse(String(this.model.get("choices"))) as Record<"relation" | "modality", [string, string][]>;
    const input = (name: "subject" | "object"): HTMLElement => {
      const made = el("input", { name });
      made.value = fields[name];
      return made;
    };
    const select = (name: "relation" | "modality"): HTMLElement => {
      const made = el("select", { name }, ...choices[name].map(([value, label]) => el("option", { value }, label)));
      made.value = fields[name];
      return made;
    };
    const terms = el("textarea", { name: "terms", rows: "3" });
    terms.value = fields.terms;
    const row = (name: keyof Fields, made: HTMLElement): HTMLElement => el("label", {}, el("span", {}, this.#w[name]), made);
    this.#form.replaceChildren(row("subject", input("subject")), row("relation", select("relation")), row("object", input("object")),
      row("modality", select("modality")), row("terms", terms),
      el("p", { class: "tools" }, el("button", { type: "submit" }, this.#w.keep), button(this.#w.cancel, () => this.#fold(this.#form, false))));
    this.#fold(this.#form, this.#form.hidden === true);
  }

  #key(event: KeyboardEvent): void {
    const isWriting = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
    const isOpen = !this.#parts.hidden || !this.#form.hidden;
    if (event.key === "Escape" && !isOpen) return;
    // No key of a card reaches the notebook.
    event.stopPropagation();
    if (event.key === "Escape") return this.#fold(this.#form, false);
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = this.#parts.hidden ? KEYS : PARTS;
    const found = Object.entries(keys).find(([, key]) => key === event.key.toLowerCase());
    if (!found) return;
    event.preventDefault();
    if (this.#parts.hidden) this.#act(found[0] as Act);
    else this.#wrong(found[0] as Part);
  }

  // ---------------------------------------------------------------------------- what is shown
  #renew(): void {
    const isInClaims = this.#claims.contains(document.activeElement);
    this.#state = this.#read();
    // What the gate refuses stays in the form, to be written anew.
    if (!["error", "same", "unknown"].includes(this.#state.told.what ?? "") && !(this.#parts.hidden && this.#form.hidden)) this.#fold(this.#form, false);
    this.#show();
    if (isInClaims) this.#claims.querySelector<HTMLElement>("[aria-current]")?.focus();
  }

  #show(): void {
    const { card, author, judged, lang, told } = this.#state;
    const w = this.#w;
    this.#heading.textContent = filled(w.by, author, judged);
    this.#source.textContent = card ? [card.title, card.title === card.document ? "" : card.document, card.date].filter(Boolean).join(" · ") : "";
    this.#text.hidden = this.#claims.hidden = !card;
    this.#text.lang = card?.lang ?? "";
    this.#text.replaceChildren(...pieces(card));
    this.#claims.replaceChildren(...(card?.claims ?? []).map((claim, at) => this.#item(claim, at)));
    for (const [act, one] of Object.entries(this.#buttons)) one.disabled = !card && act !== "undo";
    this.#buttons.edit.setAttribute("aria-disabled", String(!this.#claim?.fields));
    const words = told.words ?? [];
    this.#history.replaceChildren(...words.map((one) => el("li", { dir: "auto" }, one.undoes
      ? filled(w.tookBack, one.by, one.at.slice(0, 16).replace("T", " "))
      : opinionOf({ by: one.by, at: one.at, verdict: one.verdict, ...(one.part ? { part: one.part } : {}) }, judgingWords(lang)))));
    this.#told.textContent = this.#answer();
  }

  #item(claim: Claim, at: number): HTMLElement {
    const w = this.#w;
    const { lang, done } = this.#state;
    const verdict = done[claim.id];
    const said = verdict === "later" ? w.left : verdict ? judgingWords(lang).verdicts[verdict] : "";
    const pick = button(claim.phrase, () => this.#send("pick", { claim: claim.id }), { class: "claim" });
    if (at === this.#state.at) pick.setAttribute("aria-current", "true");
    const rest = [`${w.confidence} ${Math.round(100 * claim.confidence)} %`, claim.outcome, ...claim.reasons];
    return el("li", {}, pick, el("small", {}, rest.join(" · ")), said ? el("b", {}, said) : null);
  }

  /** What came of the last act, and which claim is up now. */
  #answer(): string {
    const { told, card, lang } = this.#state;
    const w = this.#w;
    const next = card ? filled(w.next, this.#claim?.phrase ?? "") : w.done;
    switch (told.what) {
      case "kept": return `${filled(w.kept, capital(verdictOf(told.verdict ?? "unsure", told.part ?? "", judgingWords(lang))), told.phrase ?? "")} ${next}`;
      case "undone": return filled(w.undone, told.phrase ?? "");
      case "nothing": return w.nothing;
      case "same": return w.same;
      case "unknown": return filled(w.unknown, told.text ?? "");
      case "error": return told.text ?? "";
      case "history": return told.words?.length ? "" : w.nobody;
      default: return card ? "" : w.done;
    }
  }
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The paragraph: the sentence marked, names and figures in it set apart. */
function pieces(card: Card | null): Node[] {
  const parts: Node[] = [];
  let sentence: HTMLElement | null = null;
  for (const { text, in: isInside, kind } of card?.pieces ?? []) {
    const piece = kind ? el(kind === "name" ? "strong" : "em", {}, text) : document.createTextNode(text);
    if (!isInside) sentence = null;
    else if (!sentence) parts.push((sentence = el("mark", {})));
    if (sentence) sentence.append(piece);
    else parts.push(piece);
  }
  return parts;
}

function render({ model, el: place }: { model: Model; el: HTMLElement }): void {
  place.append(new Review(model).place);
}

export default { render };
