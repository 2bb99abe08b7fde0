// "Read to the end": told to the document's address `closing`.
import { complain, desk, pathOf, say, send, tell } from "./desk";

/** The admitted claims that the page shows: what was said since then is in no closing of it. */
function shown(): string[] {
  const claims = (desk.passages ?? []).flatMap((one) => one.claims);
  return [...new Set(claims.filter((one) => one.outcome === "admitted").map((one) => one.id))];
}

export function end(): void {
  const close = document.getElementById("close");
  close?.addEventListener("click", () => {
    send(`documents/${pathOf(desk.document ?? "")}/closing`, { text_sha256: desk.text_sha256, claims: shown() }).then(() => tell(say("closing_done")), complain);
  });
}
