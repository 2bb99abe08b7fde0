// Single keys, where no field has the focus and the reviewer has not turned them off (WCAG 2.1, 2.1.4).

const KEPT = "kg.single-keys";
const box = document.getElementById("single-keys");

export function typed(act: (key: string) => boolean): void {
  if (box instanceof HTMLInputElement) {
    box.checked = kept() !== "off";
    box.addEventListener("change", () => keep(box.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    const isField = target.matches("input:not([type=checkbox]), select, textarea");
    if (isField || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (box instanceof HTMLInputElement && !box.checked && event.key !== "Escape") return;
    if (act(event.key.length === 1 ? event.key.toLowerCase() : event.key)) event.preventDefault();
  });
}

// A browser may forbid a page to keep anything; the page works all the same.
function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value: string): void {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    return;
  }
}
