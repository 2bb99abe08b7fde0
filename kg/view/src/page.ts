// The shell of a file and of a server's page: data in a block of JSON, state in the address.

import { type View, whole } from "./data";
import { byId } from "./dom";
import { Viewer } from "./viewer";

const root = byId("viewer", HTMLElement);
const server = root.dataset["more"];
const token = document.querySelector<HTMLMetaElement>('meta[name="kg-csrf"]')?.content;
const lang = (): string => viewer.keeper.now.lang;

async function unpacked(text: string): Promise<View> {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as View;
}

async function more(id: string): Promise<View> {
  const answer = await fetch(`${server}?${new URLSearchParams({ company: id, lang: lang() })}`);
  if (!answer.ok) throw new Error(await answer.text());
  return whole((await answer.json()) as View);
}

// The search stands beside the viewer, whose address `more` begins with.
function search(words: string, lang: string): string {
  const address = new URL("../search", new URL(server ?? "", location.href));
  address.search = String(new URLSearchParams({ q: words, lang }));
  return address.href;
}

function page(claim: string): string {
  return new URL(`../claims/${encodeURIComponent(claim)}/page`, new URL(server ?? "", location.href)).href;
}

let viewer: Viewer;

void unpacked(byId("data", HTMLElement).textContent ?? "").then((view) => {
  viewer = new Viewer(root, whole(view), {
    address: () => location.hash,
    // A frame that has no address of its own keeps nothing.
    keep: (address) => location.protocol === "about:" || history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search),
    ...(server ? { more, search, page } : {}),
    ...(server && token ? { token } : {}),
  });
  // For whoever embeds or tests the page.
  (window as unknown as { kgView: Viewer }).kgView = viewer;
});
