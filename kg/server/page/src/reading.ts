// A document read through: each claim beside its sentence gets its buttons, and each sentence a form that adds one.
import { ClaimForm, ClaimItem, type Host } from "./claims";
import { type Claim, complain, desk, type Made, type Passage, say, send, tell } from "./desk";
import { button, el } from "./dom";
import { end } from "./closing";
import { typed } from "./keys";

const itemOf = new WeakMap<Element, ClaimItem>();

function host(section: Element, passage: Passage): Host {
  return {
    text: () => desk.text_sha256 ?? "",
    drawn: { drawn: "chance" },
    made: (made, what, of) => {
      tell(say("kept", what));
      show(section, passage, made.claims, of.claim.id);
    },
    stale: (claims) => show(section, passage, claims),
  };
}

// Shows the claims of a sentence as the server has them now; the focus stays at the one that was judged.
function show(section: Element, passage: Passage, claims: Claim[], focused?: string): void {
  passage.claims = claims;
  const beside = section.querySelector(".beside");
  const items = claims.map((claim) => new ClaimItem(claim, host(section, passage)));
  for (const item of items) itemOf.set(item.node, item);
  const silent = beside?.querySelector(".silent") ?? null;
  const list = items.length ? el("ul", { class: "claims" }, ...items.map((item) => item.node)) : null;
  beside?.replaceChildren(...[list, items.length ? null : silent, desk.csrf === null ? null : adding(section, passage)].filter((one) => one !== null));
  section.classList.toggle("silent-passage", items.length === 0 && silent !== null);
  items.find((item) => item.claim.id === focused)?.node.focus();
}

function adding(section: Element, passage: Passage): HTMLElement {
  const part = el("div", { class: "adding" });
  const close = () => {
    const open = button(say("add"), write, { class: "add", "aria-label": `${say("add")}: ${section.querySelector("p")?.textContent?.slice(0, 80) ?? ""}` });
    part.replaceChildren(open);
    return open;
  };
  const write = () => {
    const names = Array.from(section.querySelectorAll("mark.name"), (mark) => mark.textContent ?? "");
    const [subject = "", object = ""] = [...new Set(names)];
    const form = new ClaimForm(say("add_title"), { subject, object, terms: {} }, (fields) => void add(fields), () => close().focus());
    part.replaceChildren(form.node);
    form.focus();
  };
  const add = async (fields: object) => {
    try {
      const place = { start: passage.start, end: passage.end };
      const whole = { document: desk.document, text_sha256: desk.text_sha256, ...place, ...fields };
      const made: Made = await send("claims", whole);
      const own = made.claims.find((one) => one.judged.some((word) => word.id === made.judgement));
      tell(say("added", own?.phrase ?? ""));
      show(section, passage, made.claims, own?.id);
    } catch (error) {
      complain(error);
    }
  };
  close();
  return part;
}

const sections = [...document.querySelectorAll(".passage")];
sections.forEach((section, at) => {
  const passage = desk.passages?.[at];
  if (passage) show(section, passage, passage.claims);
});

// Goes to the next sentence that names two and of which nothing is claimed.
let last = -1;
document.getElementById("to-silent")?.addEventListener("click", (event) => {
  event.preventDefault();
  const silent = sections.flatMap((section, at) => (section.classList.contains("silent-passage") ? [at] : []));
  last = silent.find((at) => at > last) ?? silent[0] ?? -1;
  const text = sections[last]?.querySelector("p");
  text?.scrollIntoView({ block: "center" });
  text?.focus();
});
// Keys are heeded where a claim has the focus.
typed((key) => {
  const node = document.activeElement?.closest(".claim");
  return (node && itemOf.get(node)?.press(key)) ?? false;
});
end();
document.documentElement.dataset["ready"] = desk.lang;
