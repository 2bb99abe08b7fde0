// The page of cards: a sentence at a time with its paragraph, its claims beneath; all of it by single keys, too.
import { ClaimItem, type Drawn, type Host } from "./claims";
import { type Claim, complain, desk, get, type Made, pathOf, say, send, tell } from "./desk";
import { byId, button, el } from "./dom";
import { typed } from "./keys";

interface Card {
  document: string;
  title: string;
  lang: string;
  text_sha256: string;
  paragraph: string;
  start: number;
  marks: [number, number, string][];
  claims: Claim[];
  draw?: unknown; // of a random draw: out of what, and the proof
}

const place = byId("card", HTMLElement);
const queue = byId("queue", HTMLFormElement);
const said: string[] = []; // the judgements of this sitting, the last one to be taken back first
const AT_ONCE = 50; // cards that the server gives at a time
const later = new Set<string>();
let items: ClaimItem[] = [];
let current = 0;
let round = 0;

async function next(): Promise<void> {
  const mine = ++round;
  place.setAttribute("aria-busy", "true");
  try {
    const { card, left } = await drawn(() => mine === round);
    if (mine === round) show(card, left);
  } catch (error) {
    complain(error);
  } finally {
    if (mine === round) place.setAttribute("aria-busy", "false");
  }
}

// The claims of a card that were put off come up again only when nothing else is left, and then all of them.
async function drawn(isWanted: () => boolean): Promise<{ card: Card | undefined; left: number }> {
  for (let offset = 0; ; offset += AT_ONCE) {
    const limit = Math.min(Math.max(later.size - offset, 0) + 1, AT_ONCE);
    const { cards, left } = await asked(offset, limit);
    const card = cards.find((one) => one.claims.some((claim) => !later.has(claim.id)));
    if (card || !isWanted()) return { card, left };
    if (cards.length === limit) continue;
    if (later.size === 0) return { card: undefined, left };
    later.clear();
    offset = -AT_ONCE;
  }
}

async function asked(offset: number, limit: number): Promise<{ cards: Card[]; left: number }> {
  const wanted = new URLSearchParams();
  for (const [name, value] of new FormData(queue)) if (value) wanted.set(name, String(value));
  for (const [name, value] of Object.entries({ seed: 0, offset, limit })) wanted.set(name, String(value));
  return (await get(`review?${wanted}`)) as { cards: Card[]; left: number };
}

/** How a card came up. */
function how(card: Card): Drawn {
  const draw = String(new FormData(queue).get("draw") ?? "all");
  return card.draw === undefined ? { drawn: draw } : { drawn: draw, draw: card.draw };
}

function show(card: Card | undefined, left: number): void {
  if (!card) {
    items = [];
    place.replaceChildren(el("h2", { tabindex: "-1" }, say("done")));
    place.querySelector("h2")?.focus();
    return;
  }
  const host: Host = {
    text: () => card.text_sha256,
    drawn: how(card),
    made,
    // Others were first: what there is now is shown, and nothing was kept.
    stale: (claims) => fill(claims.filter((one) => items.some((item) => item.claim.id === one.id)), host),
  };
  const title = el("h2", { tabindex: "-1", id: "sentence", dir: "auto" }, card.title);
  const read = el("a", { href: `documents/${pathOf(card.document)}/read?lang=${desk.lang}` }, say("read_document"));
  const bar = el("p", { class: "about" }, read, " · ", el("span", {}, say("left", left)));
  const back = button(say("undo"), () => void undo(), { class: "undo", "aria-keyshortcuts": "z" });
  const skip = button(say("later"), () => putOff(), { "aria-keyshortcuts": "s" });
  const list = el("ul", { class: "claims", "aria-label": say("claims") });
  place.replaceChildren(title, bar, marked(card), list, el("div", { class: "acts" }, skip, desk.csrf === null ? null : back));
  fill(card.claims, host);
  title.focus();
}

function fill(claims: Claim[], host: Host): void {
  items = claims.map((claim) => new ClaimItem(claim, host));
  place.querySelector(".claims")?.replaceChildren(...items.map((item) => item.node));
  point(0);
}

// Marks which claim the keys are about.
function point(at: number): void {
  current = Math.max(0, Math.min(at, items.length - 1));
  items.forEach((item, index) => item.node.toggleAttribute("data-current", index === current));
  items.forEach((item, index) => item.node.setAttribute("aria-current", String(index === current)));
}

function made(done: Made, what: string, of: ClaimItem): void {
  said.push(done.judgement);
  tell(say("kept", what));
  const at = items.indexOf(of);
  of.node.classList.add("done");
  of.node.replaceChildren(el("p", { class: "phrase", dir: "auto" }, what));
  items.splice(at, 1);
  if (items.length === 0) void next();
  else {
    point(Math.min(at, items.length - 1));
    items[current]?.node.focus();
  }
}

async function undo(): Promise<void> {
  const judgement = said.pop();
  if (judgement === undefined) {
    tell(say("nothing_back"));
    return;
  }
  try {
    await send("judgements/undo", { judgement });
    await next();
    tell(say("taken_back", ""));
  } catch (error) {
    said.push(judgement);
    complain(error);
  }
}

function putOff(): void {
  for (const item of items) later.add(item.claim.id);
  void next();
}

// The paragraph with its sentence, names and figures set apart. Places count characters, not JavaScript's halves.
function marked(card: Card): HTMLElement {
  const text = Array.from(card.paragraph);
  const kinds = text.map(() => new Set<string>());
  for (const [start, end, what] of card.marks) for (let at = start; at < end; at++) kinds[at]?.add(what);
  const paragraph = el("p", { class: "paragraph", dir: "auto", lang: card.lang, tabindex: "0" });
  let at = 0;
  while (at < text.length) {
    const kind = [...(kinds[at] ?? [])].sort().join(" ");
    let end = at;
    while (end < text.length && [...(kinds[end] ?? [])].sort().join(" ") === kind) end++;
    const piece = text.slice(at, end).join("");
    paragraph.append(kind ? el("mark", { class: kind }, piece) : piece);
    at = end;
  }
  return paragraph;
}

typed((key) => {
  if (key === "z") void undo();
  else if (key === "s" && !items[current]?.node.querySelector(".parts")) putOff();
  else if (key === "j" || key === "k") {
    point(current + (key === "j" ? 1 : -1));
    items[current]?.node.focus();
  } else return items[current]?.press(key) ?? false;
  return true;
});
place.addEventListener("focusin", (event) => {
  const at = items.findIndex((item) => item.node.contains(event.target as Node));
  if (at >= 0) point(at);
});
queue.addEventListener("submit", (event) => {
  event.preventDefault();
  later.clear();
  const chosen = new URLSearchParams([...new FormData(queue)].filter(([, value]) => value) as [string, string][]);
  history.replaceState(null, "", `?lang=${desk.lang}&${chosen}`);
  void next();
});

// The address says what comes up, so that it can be shared and come back to.
for (const [name, value] of new URLSearchParams(location.search)) {
  const control = queue.elements.namedItem(name);
  if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) control.value = value;
}
void next().then(() => {
  document.documentElement.dataset["ready"] = desk.lang;
});
