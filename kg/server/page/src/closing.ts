// "Read to the end": told to the document's address `closing`.
import { complain, desk, pathOf, say, send, tell } from "./desk";

export function end(): void {
  const close = document.getElementById("close");
  close?.addEventListener("click", () => {
    send(`documents/${pathOf(desk.document ?? "")}/closing`, { text_sha256: desk.text_sha256 }).then(() => tell(say("closing_done")), complain);
  });
}
