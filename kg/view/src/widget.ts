// The shell of a notebook: data and state are traits of the widget, and selection goes back to Python.

import { type View, whole } from "./data";
import { Viewer } from "./viewer";

interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, heard: () => void): void;
}

function render({ model, el: place }: { model: Model; el: HTMLElement }): void {
  const root = document.createElement("div");
  root.style.height = String(model.get("height"));
  place.append(root);
  const viewer = new Viewer(root, whole(JSON.parse(String(model.get("data"))) as View), {
    address: () => String(model.get("state")),
    keep: (address) => {
      model.set("state", address);
      model.save_changes();
    },
    chosen: (id) => {
      model.set("selected", id);
      model.save_changes();
    },
  });
  model.on("change:selected", () => viewer.choose(String(model.get("selected"))));
  // The place is not in the page yet: fit when it has a size.
  const fitted = new ResizeObserver(() => {
    if (!root.clientWidth) return;
    viewer.fit(false);
    fitted.disconnect();
  });
  fitted.observe(root);
}

export default { render };
