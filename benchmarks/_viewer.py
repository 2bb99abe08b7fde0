"""The viewer beside pyvis in one headless Chromium: how soon it is seen, how it moves, what it weighs.

Places are given beforehand, labels are on, two lines a node. Frames are counted while the camera changes
in each of them. At the end three hundred nodes without places: the layout counts. Figures are ratios of
one run: software drawing on a busy machine is slow for both.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from typing import Any

from playwright.sync_api import sync_playwright

from kg.model import Claim, Entity, Evidence, Modality
from kg.view import html_of, view_data

FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info", "--disable-background-networking"]
SECONDS = 4

OURS = {
    "drawn": "[data-drawn]",
    "pan": "(at) => kgView.picture.panBy(at % 2 ? 30 : -30, 7)",
    "zoom": "(at) => { const { x, y, k } = kgView.picture.camera;"
    " kgView.picture.moveTo({ x, y, k: k * (at % 20 < 10 ? 1.1 : 1 / 1.1) }, false); }",
}
PYVIS = {
    "drawn": "body[data-drawn]",
    "pan": "(at) => network.moveTo({ offset: { x: at % 2 ? 30 : -30, y: 7 }, animation: false })",
    "zoom": "(at) => network.moveTo({ scale: network.getScale() * (at % 20 < 10 ? 1.1 : 1 / 1.1), animation: false })",
}
FRAMES = """([act, seconds]) => new Promise((done) => {
  const move = eval(act); let frames = 0; const begun = performance.now();
  const step = () => { move(frames); frames += 1;
    if (performance.now() - begun > seconds * 1000) done(frames / ((performance.now() - begun) / 1000));
    else requestAnimationFrame(step); };
  requestAnimationFrame(step); })"""


# Set off by the page itself, not over the wire from here: the second frame after it says that it has drawn is when
# what it has drawn is on the screen, by its own clock, which starts with the navigation.
PAINTED = """() => new MutationObserver((_, watching) => {
  if (!document.querySelector("[data-drawn]")) return;
  watching.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.paintedAt = performance.now(); }));
}).observe(document, { attributes: true, attributeFilter: ["data-drawn"], subtree: true })"""


def graph(count: int) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    """Return places in a square, and two lines a node, most of them to a near one."""
    random.seed(count)
    side = int(count**0.5) + 1
    places = [
        (round(at % side * 130 + random.random() * 60, 1), round(at // side * 130 + random.random() * 60, 1))
        for at in range(count)
    ]
    near = [-1, 1, side, -side, side + 1]
    pairs = [(at, (at + random.choice(near)) % count) for at in range(count) for _ in range(2)]
    return places, pairs


def ours(places: list[tuple[float, float]], pairs: list[tuple[int, int]]) -> str:
    """Return our page of the graph."""
    line = {"relation": "supplies"}
    view = view_data([], {}, title="Benchmark")
    view["companies"] = [
        {"id": f"n{at}", "name": f"Company {at}", "kind": "Company", "x": x, "y": y} for at, (x, y) in enumerate(places)
    ]
    view["lines"] = [line | {"id": f"e{at}", "subject": a, "object": b} for at, (a, b) in enumerate(pairs)]
    view["first"] = [f"n{at}" for at in range(len(places))]
    return html_of(view)


def pyvis(places: list[tuple[float, float]] | None, pairs: list[tuple[int, int]], count: int) -> str:
    """Return pyvis's own page of the graph, its network addresses taken out."""
    import re

    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line", height="700px")
    for at in range(count):
        spot = {"x": places[at][0], "y": places[at][1]} if places else {}
        network.add_node(at, label=f"Company {at}", **spot)
    for a, b in pairs:
        network.add_edge(a, b, label="supplies" if places is None else "")
    if places:
        network.toggle_physics(status=False)
    html = re.sub(r'<(?:script|link)[^>]*(?:src|href)="(?:https?:)?//[^>]*>(?:</script>)?', "", network.generate_html())
    done = "afterDrawing" if places else "stabilizationIterationsDone"
    hook = f'network.once("{done}", () => requestAnimationFrame(() => {{ document.body.dataset.drawn = "yes"; }}));'
    return html.replace("drawGraph();", f"drawGraph(); {hook}")


def measured(browser: Any, html: str, how: dict[str, str], *, moves: bool = True) -> dict[str, float]:
    """Open a page and return its KB, first paint in ms, frames a second and heap in MB."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(html)
        file.flush()
        tab = browser.new_page(viewport={"width": 1280, "height": 800}, bypass_csp=True)
        tab.add_init_script(f"({PAINTED})()")
        tab.goto(f"file://{file.name}", wait_until="commit")
        tab.wait_for_selector(how["drawn"], state="attached", timeout=600_000)
        painted = tab.wait_for_function("() => window.paintedAt", timeout=60_000).json_value()
        found = {"KB": len(html.encode()) / 1000, "paint ms": painted}
        if moves:
            found["pan/s"] = tab.evaluate(FRAMES, [how["pan"], SECONDS])
            found["zoom/s"] = tab.evaluate(FRAMES, [how["zoom"], SECONDS])
            # What is held, not what waits to be thrown away: how much of that there is depends on the frames before.
            tab.context.new_cdp_session(tab).send("HeapProfiler.collectGarbage")
            found["heap MB"] = tab.evaluate("() => performance.memory.usedJSHeapSize / 1e6")
        tab.close()
    return found


def laid_out(count: int) -> tuple[str, float]:
    """Return our page of a graph without places, and the seconds that its layout took."""
    _, pairs = graph(count)
    firms = [Entity(f"company/{at}", f"Company {at}", "Company") for at in range(count)]
    claim = Claim(firms[0], "supplies", firms[1], Modality.ASSERTED, (Evidence("d", 0, 5, "quote", "en"),))
    claims = [replace(claim, subject=firms[a], object=firms[b]) for a, b in pairs if a != b]
    begun = time.perf_counter()
    view = view_data(claims, {}, title="Benchmark")
    view["first"] = [company["id"] for company in view["companies"]]
    html = html_of(view)
    return html, time.perf_counter() - begun


def main() -> None:
    """Print a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--sizes", type=int, nargs="*", default=[3000, 20_000])
    parser.add_argument("--times", type=int, default=5, help="so many first paints of each: their median counts")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        # The first page of a browser pays for its fonts: a small one of each goes before.
        measured(browser, ours(*graph(50)), OURS, moves=False)
        measured(browser, pyvis(*graph(50), 50), PYVIS, moves=False)
        for count in options.sizes:
            places, pairs = graph(count)
            pages = (ours(places, pairs), OURS), (pyvis(places, pairs, count), PYVIS)
            # In turns, so that a busy moment of the machine meets both.
            paints = [
                [measured(browser, *page, moves=False)["paint ms"] for page in pages] for _ in range(options.times - 1)
            ]
            mine, theirs = (measured(browser, *page) for page in pages)
            for at, found in enumerate((mine, theirs)):
                found["paint ms"] = statistics.median([found["paint ms"], *(paint[at] for paint in paints)])
            print(f"\n{count} nodes, {2 * count} lines   {'kg':>9} {'pyvis':>9} {'kg/pyvis':>9}")
            for name, value in mine.items():
                print(f"  {name:<22} {value:9.1f} {theirs[name]:9.1f} {value / theirs[name]:9.2f}")
            sys.stdout.flush()
        html, layout = laid_out(300)
        mine = layout + measured(browser, html, OURS, moves=False)["paint ms"] / 1000
        theirs = measured(browser, pyvis(None, graph(300)[1], 300), PYVIS, moves=False)["paint ms"] / 1000
        print(f"\n300 nodes, layout included, s   kg {mine:.2f}, pyvis {theirs:.2f}, kg/pyvis {mine / theirs:.2f}")
        browser.close()


if __name__ == "__main__":
    main()
