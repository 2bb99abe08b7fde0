// A claim with its buttons: right, wrong and what of it, unsure, put right, its history.
import { type Claim, complain, desk, get, type Judged, type Made, Refusal, say, send, tell } from "./desk";
import { button, el } from "./dom";

const PARTS: [key: string, part: string][] = [
  ["n", "name"],
  ["i", "identity"],
  ["d", "direction"],
  ["r", "relation"],
  ["m", "modality"],
  ["t", "term"],
  ["s", "not-stated"],
];
const HIDDEN_TERMS = new Set(["as_printed", "currency"]);

/** How a claim came up; of a random draw the card says out of what, with a proof that goes back as it came. */
export interface Drawn {
  drawn: string;
  draw?: unknown;
}

export interface Host {
  text: () => string; // the hash of the text that is shown
  drawn: Drawn; // how the claim came up
  made: (made: Made, what: string, of: ClaimItem) => void;
  stale: (claims: Claim[]) => void;
}

export class ClaimItem {
  readonly node = el("li", { class: "claim", tabindex: "-1" });
  private readonly beneath = el("div");
  private parts: HTMLElement | null = null;

  constructor(
    readonly claim: Claim,
    private readonly host: Host,
  ) {
    const state = el("span", { class: `state ${claim.outcome}` }, say(`state_${claim.outcome}`));
    const sure = el("small", {}, say("confidence", claim.confidence.toFixed(2)));
    const why = claim.reasons.length ? el("small", { class: "reasons" }, claim.reasons.join(", ")) : null;
    this.node.append(el("p", { class: "phrase", dir: "auto" }, claim.phrase), el("p", { class: "facts" }, state, " ", sure, " ", why));
    if (claim.judged.length) this.node.append(listed(claim.judged));
    if (desk.csrf !== null) this.node.append(this.bar());
    this.node.append(this.beneath);
  }

  // Does what a key says; false where the key says nothing here.
  press(key: string): boolean {
    if (this.parts) {
      const part = PARTS.find(([one]) => one === key)?.[1];
      if (part) this.wrong(part);
      else if (key === "Escape") this.close();
      return part !== undefined || key === "Escape";
    }
    const acts: Record<string, () => void> = {
      x: () => void this.judge("right"),
      u: () => void this.judge("unsure"),
      n: () => this.ask(),
      e: () => this.edit(),
      h: () => void this.history(),
      Escape: () => this.close(),
    };
    acts[key]?.();
    return key in acts;
  }

  private bar(): HTMLElement {
    const acts: [string, string, () => void][] = [
      ["right", "x", () => void this.judge("right")],
      ["wrong", "n", () => this.ask()],
      ["unsure", "u", () => void this.judge("unsure")],
      ["edit", "e", () => this.edit()],
      ["history", "h", () => void this.history()],
    ];
    const buttons = acts.map(([word, key, act]) =>
      button(say(word), act, { class: word, "aria-keyshortcuts": key, "aria-label": `${say(word)}: ${this.claim.phrase}` }),
    );
    return el("div", { class: "acts", role: "group" }, ...buttons);
  }

  private close(): void {
    this.parts = null;
    this.beneath.replaceChildren();
    this.node.focus();
  }

  private ask(): void {
    const choices = PARTS.map(([key, part]) =>
      button(`${say(`part_${part}`)} (${key})`, () => this.wrong(part), { "aria-keyshortcuts": key }),
    );
    this.parts = el(
      "fieldset",
      { class: "parts" },
      el("legend", {}, say("what_wrong")),
      ...choices,
      button(say("cancel"), () => this.close()),
    );
    this.beneath.replaceChildren(this.parts);
    choices[0]?.focus();
  }

  private wrong(part: string): void {
    this.parts = null;
    this.beneath.replaceChildren();
    void this.judge("wrong", { part });
  }

  private async judge(verdict: string, more: Record<string, unknown> = {}): Promise<void> {
    const seen = this.claim.judged.map((one) => one.id);
    const said = { claim: this.claim.id, text_sha256: this.host.text(), verdict, ...this.host.drawn, seen, ...more };
    this.busy(true);
    try {
      this.host.made(await send("judgements", said), `${say(verdict)}: ${this.claim.phrase}`, this);
    } catch (error) {
      this.busy(false);
      complain(error);
      if (error instanceof Refusal && error.now) this.host.stale(error.now);
      else this.node.focus();
    }
  }

  private busy(yes: boolean): void {
    for (const one of this.node.querySelectorAll("button")) one.disabled = yes;
    this.node.setAttribute("aria-busy", String(yes));
  }

  private edit(): void {
    const form = new ClaimForm(say("edit_title"), this.claim, (fields) => {
      const correction = changed(fields, this.claim);
      if (correction === null) tell(say("no_change"));
      else void this.judge("wrong", { correction });
    }, () => this.close());
    this.parts = null;
    this.beneath.replaceChildren(form.node);
    form.focus();
  }

  private async history(): Promise<void> {
    try {
      const { judgements } = (await get(`claims/${this.claim.id}/judgements`)) as { judgements: Judged[] };
      this.beneath.replaceChildren(judgements.length ? listed(judgements) : el("p", { class: "none" }, say("nobody")));
      tell(judgements.length ? judgements.map(told).join("; ") : say("nobody"));
    } catch (error) {
      complain(error);
    }
  }
}

function listed(judgements: Judged[]): HTMLElement {
  return el("ul", { class: "judged" }, ...judgements.map((one) => el("li", { class: one.state.replace(" ", "-") }, told(one))));
}

function told(one: Judged): string {
  const when = new Date(one.at).toLocaleString(desk.lang, { dateStyle: "medium", timeStyle: "short" });
  const what = one.state === "takes back" ? say("takes_back") : say(`said_${one.verdict}`);
  const part = one.part ? ` (${say(`part_${one.part}`)})` : "";
  const instead = one.correction ? `, ${say("instead", one.correction)}` : "";
  const after = { "taken back": ` – ${say("was_taken_back")}`, replaced: ` – ${say("was_replaced")}` }[one.state] ?? "";
  return `${one.author}: ${what}${part}${instead}, ${when}${after}`;
}

export interface Fields {
  subject: string;
  relation: string;
  object: string;
  modality: string;
  terms: Record<string, string>;
}

// Only what differs, or null where nothing does; a term that was emptied is one that the text does not give.
function changed(fields: Fields, claim: Claim): Record<string, unknown> | null {
  const names = ["subject", "relation", "object", "modality"] as const;
  const ends = Object.fromEntries(names.filter((name) => fields[name] !== claim[name]).map((name) => [name, fields[name]]));
  const differs = ([name, value]: [string, string]) => value !== (claim.terms[name] ?? "");
  const terms = Object.fromEntries(Object.entries(fields.terms).filter(differs));
  if (!Object.keys(ends).length && !Object.keys(terms).length) return null;
  return Object.keys(terms).length ? { ...ends, terms } : ends;
}

// The form in which a claim is put right, or a new one written.
export class ClaimForm {
  readonly node: HTMLFormElement;
  private readonly terms = el("div", { class: "terms" });

  constructor(title: string, claim: Partial<Claim>, save: (fields: Fields) => void, cancel: () => void) {
    this.terms.append(...Object.entries(claim.terms ?? {}).filter(([name]) => !HIDDEN_TERMS.has(name)).map(termRow), this.emptyRow());
    this.node = el(
      "form",
      { class: "edit" },
      el("h3", {}, title),
      field(say("subject"), el("input", { name: "subject", required: true, value: claim.subject ?? "", dir: "auto" })),
      field(say("relation"), choice("relation", desk.relations, claim.relation)),
      field(say("object"), el("input", { name: "object", required: true, value: claim.object ?? "", dir: "auto" })),
      field(say("modality"), choice("modality", desk.modalities, claim.modality ?? "asserted")),
      el("fieldset", {}, el("legend", {}, say("terms")), this.terms),
      el("div", { class: "acts" }, el("button", { class: "primary" }, say("save")), button(say("cancel"), cancel)),
    );
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      save(this.fields());
    });
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") cancel();
    });
  }

  focus(): void {
    this.node.querySelector("input")?.focus();
  }

  private emptyRow(): HTMLElement {
    const names = el("select", { "aria-label": say("term") }, el("option", { value: "" }, say("term")), ...desk.terms.map(option));
    const value = el("input", { "aria-label": say("term_value"), autocomplete: "off" });
    const row = el("div", { class: "term-row" }, names, value);
    names.addEventListener("change", () => {
      if (row === this.terms.lastElementChild) this.terms.append(this.emptyRow());
    });
    return row;
  }

  private fields(): Fields {
    const text = (name: string) => String(new FormData(this.node).get(name) ?? "").trim();
    const terms: Record<string, string> = {};
    for (const row of this.terms.children) {
      const name = row.querySelector("select")?.value ?? row.getAttribute("data-term") ?? "";
      if (name) terms[name] = row.querySelector("input")?.value.trim() ?? "";
    }
    return { subject: text("subject"), relation: text("relation"), object: text("object"), modality: text("modality"), terms };
  }
}

function termRow([name, value]: [string, string]): HTMLElement {
  const label = desk.terms.find((one) => one.name === name)?.label ?? name;
  const row = field(label, el("input", { value, autocomplete: "off" }));
  row.setAttribute("data-term", name);
  row.classList.add("term-row");
  return row;
}

function field(label: string, control: HTMLElement): HTMLElement {
  return el("label", {}, el("span", {}, label), control);
}

function choice(name: string, options: typeof desk.relations, chosen?: string): HTMLSelectElement {
  const made = el("select", { name, required: true }, ...options.map(option));
  if (chosen !== undefined) made.value = chosen;
  return made;
}

function option(one: { name: string; label: string }): HTMLOptionElement {
  return el("option", { value: one.name }, one.label);
}
