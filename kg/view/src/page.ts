// The shell of a file and of a server's page: data in a block of JSON, state in the address.

import { type View, whole } from "./data";
import { byId } from "./dom";
import { Viewer } from "./viewer";

const root = byId("viewer", HTMLElement);
const view = whole(JSON.parse(byId("data", HTMLElement).textContent ?? "null") as View);
const server = root.dataset["more"];
const lang = (): string => viewer.keeper.now.lang;

async function more(id: string): Promise<View> {
  const answer = await fetch(`${server}?${new URLSearchParams({ company: id, lang: lang() })}`);
  if (!answer.ok) throw new Error(await answer.text());
  return whole((await answer.json()) as View);
}

const viewer: Viewer = new Viewer(root, view, {
  address: () => location.hash,
  // A frame that has no address of its own keeps nothing.
  keep: (address) => location.protocol === "about:" || history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search),
  ...(server ? { more } : {}),
});

// For whoever embeds or tests the page.
(window as unknown as { kgView: Viewer }).kgView = viewer;
