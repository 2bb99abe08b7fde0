// "Read to the end": told to the document's address `closing`.
import { complain, desk, say, send, tell } from "./desk";

export function end(): void {
  const close = document.getElementById("close");
  close?.addEventListener("click", () => {
    const path = (desk.document ?? "").split("/").map(encodeURIComponent).join("/");
    send(`documents/${path}/closing`, { text_sha256: desk.text_sha256 }).then(() => tell(say("closing_done")), complain);
  });
}
