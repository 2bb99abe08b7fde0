// What people say of a claim, beside its sentence; and, where a server takes it, the buttons to say more.

import type { Claim, Graph, Lang, Opinion, Verdict } from "./data";
import { button, el } from "./dom";
import { type JudgingWords, PARTS, type Part, judgingWords, opinionOf, verdictOf } from "./judging-words";
import { filled } from "./words";

/** The state of a judgement that was neither taken back nor replaced. */
const HOLDS = "holds";

/** A server's "no": its status, and its line on why. */
export class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** What takes judgements, for someone who is signed in. */
export class Desk {
  /** The judgements that were made on this page, by claim: they can be taken back here. */
  readonly made = new Map<string, string[]>();
  /** The judgements that a server has of a claim, those among them that no longer hold, too. */
  readonly #known = new Map<string, string[]>();

  constructor(readonly token: string, readonly changed: () => void) {}

  async judge(claim: Claim, text: string, verdict: Verdict, part?: Part): Promise<void> {
    const seen = [...new Set([...claim.judged.map((one) => one.id), ...(this.#known.get(claim.id) ?? [])])].filter(Boolean);
    const answer = await this.#ask("judgements", { claim: claim.id, text_sha256: text, verdict, ...(part ? { part } : {}), drawn: "chance", seen });
    const id = String(answer["judgement"]);
    this.made.set(claim.id, [...(this.made.get(claim.id) ?? []), id]);
    const opinion: Opinion = { by: "", at: new Date().toISOString().slice(0, 16), verdict, id, ...(part ? { part } : {}) };
    await this.renew(claim, [...claim.judged, opinion]);
  }

  async undo(claim: Claim): Promise<void> {
    const ids = this.made.get(claim.id) ?? [];
    const last = ids.at(-1) ?? "";
    await this.#ask("judgements/undo", { judgement: last });
    this.made.set(claim.id, ids.slice(0, -1));
    await this.renew(claim, claim.judged.filter((one) => one.id !== last));
  }

  /** Take what the server has on a claim, or what is known without it. */
  async renew(claim: Claim, known: readonly Opinion[] = claim.judged): Promise<void> {
    claim.judged = await this.#said(claim).catch(() => known);
    claim.rejected = claim.judged.at(-1)?.verdict === "wrong";
    this.changed();
  }

  async #said(claim: Claim): Promise<readonly Opinion[]> {
    const answer = await this.#ask(`claims/${encodeURIComponent(claim.id)}/judgements`);
    const found = answer["judgements"] as readonly { id: string; author: string; at: string; verdict: Verdict; part?: string; state?: string }[];
    this.#known.set(claim.id, found.map((one) => one.id));
    const held = found.filter((one) => (one.state ?? HOLDS) === HOLDS);
    return held.map(({ id, author, at, verdict, part }) => ({ id, by: author, at, verdict, ...(part ? { part } : {}) }));
  }

  async #ask(address: string, told?: object): Promise<Record<string, unknown>> {
    const headers = { "Content-Type": "application/json", "X-KG-CSRF": this.token };
    const answer = await fetch(address, told ? { method: "POST", headers, body: JSON.stringify(told) } : {});
    const text = await answer.text();
    const isRecord = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
    const content = isRecord ? (JSON.parse(text) as Record<string, unknown>) : {};
    if (!answer.ok) throw new Refusal(answer.status, String(content["message"] ?? (isRecord ? "" : text.trim().split("\n")[0]) ?? ""));
    return content;
  }
}

/** What is said of a claim in a word, for a list of lines: whose own it is, or that someone confirmed it. */
export function mark(claims: readonly Claim[], lang: Lang): HTMLElement | null {
  const w = judgingWords(lang);
  const own = claims.find((claim) => claim.own)?.own;
  const rejected = claims.every((claim) => claim.rejected);
  const confirmed = claims.some((claim) => claim.judged.some((one) => one.verdict === "right"));
  const word = rejected ? w.rejected : own ? filled(w.own, own) : confirmed ? w.confirmed : "";
  return word ? el("span", { class: `judged-as${rejected ? " rejected" : ""}` }, word) : null;
}

/** What people say of a claim, with the buttons where a desk takes more; null where there is neither. */
export function judged(graph: Graph, claim: Claim, lang: Lang, desk?: Desk): HTMLElement | null {
  const w = judgingWords(lang);
  const list = el("ul", { class: "opinions" });
  const place = el("div", { class: "judged" }, list);
  const tell = (): void => list.replaceChildren(...opinions(claim, w).map((one) => el("li", { dir: "auto" }, one)));
  tell();
  const text = graph.view.documents[claim.document]?.sha256;
  if (desk && text) place.append(...tools(claim, text, w, desk, tell));
  return place.children.length > 1 || list.children.length ? place : null;
}

function opinions(claim: Claim, w: JudgingWords): string[] {
  const others = claim.judged.filter((one) => one.verdict !== "right" || one.by !== claim.own);
  return [...(claim.own ? [filled(w.own, claim.own)] : []), ...others.map((one) => opinionOf({ ...one, by: one.by || w.you }, w))];
}

/** The buttons of a claim. They stay while it is judged, and so does the focus; what came of it is said beside them. */
function tools(claim: Claim, text: string, w: JudgingWords, desk: Desk, tell: () => void): HTMLElement[] {
  const answer = el("p", { class: "answer", role: "status" });
  let busy = false;
  const act = async (run: () => Promise<string>): Promise<void> => {
    if (busy) return;
    busy = true;
    answer.textContent = w.sending;
    const told = await run().catch((error: unknown) => refused(error, claim, w, desk));
    busy = false;
    tell();
    show();
    answer.textContent = told;
  };
  const judge = (verdict: Verdict, part?: Part): void => void act(async () => {
    await desk.judge(claim, text, verdict, part);
    return filled(claim.rejected ? w.leaves : w.kept, verdictOf(verdict, part, w));
  });
  const right = button(w.verdicts.right, () => judge("right"), { "data-verdict": "right" });
  const wrong = button(`${w.verdicts.wrong}…`, () => fold(parts.hidden === true), { "data-verdict": "wrong" });
  const unsure = button(w.verdicts.unsure, () => judge("unsure"), { "data-verdict": "unsure" });
  const undo = button(w.undo, () => void act(() => desk.undo(claim).then(() => w.undone)), { "data-verdict": "undo" });
  const choices = (Object.keys(PARTS) as Part[]).map((part) => button(w.parts[part], () => {
    fold(false);
    judge("wrong", part);
  }, { "data-part": part }));
  const parts = el("div", { class: "tools parts", role: "group", "aria-label": w.which, hidden: true }, el("span", {}, w.which), ...choices);
  const fold = (open: boolean): void => {
    parts.hidden = !open;
    wrong.setAttribute("aria-expanded", String(open));
    (open ? choices[0] : wrong)?.focus();
  };
  parts.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // It closes the choice, and not the panel.
    event.stopPropagation();
    fold(false);
  });
  const show = (): void => {
    const isMade = Boolean(desk.made.get(claim.id)?.length);
    if (!isMade && document.activeElement === undo) right.focus();
    undo.hidden = !isMade;
  };
  wrong.setAttribute("aria-expanded", "false");
  show();
  const quote = claim.quote.length > 90 ? `${claim.quote.slice(0, 90)}…` : claim.quote;
  const row = el("div", { class: "tools", role: "group", "aria-label": filled(w.judge, quote) }, right, wrong, unsure, undo);
  return [row, parts, answer];
}

/** Say why nothing was kept; where someone else was faster, with what he said. */
async function refused(error: unknown, claim: Claim, w: JudgingWords, desk: Desk): Promise<string> {
  if (!(error instanceof Refusal)) return w.failed;
  if (error.status === 401) return w.signIn;
  if (error.status === 409) await desk.renew(claim);
  return [error.message || w.failed, error.status === 409 ? w.lookAgain : ""].filter(Boolean).join(" ");
}
