"""One Chromium for all browser tests, and pages opened so that whatever goes wrong in them is seen."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.view import page

FLAGS = (
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")

# Runs before any script of the page: a script that gets in by any way is likely to call one of these.
WATCH = """
  window.ran = [];
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.ran.push(name);
  document.addEventListener("securitypolicyviolation", (event) =>
    window.ran.push("blocked " + event.violatedDirective + " " + event.blockedURI));
"""


def find_chromium(playwright):
    given = os.environ.get("KG_CHROMIUM")
    found = given or next(filter(None, map(shutil.which, NAMES)), None)
    own = playwright.chromium.executable_path
    if found is None and Path(own).exists():
        found = own
    if found is None or not (Path(found).exists() or shutil.which(found)):
        pytest.fail(
            f"no browser for the tests of the picture ({given or 'none found'}): install chromium, "
            "run 'playwright install chromium', or set KG_CHROMIUM to one",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium, tmp_path):
    """Open a page's HTML; on leaving, nothing must have run, loaded, popped up or been complained of."""

    @contextmanager
    def open_page(html, *, width=1280, height=800, scheme="light", drawn=True):
        file = tmp_path / "graph.html"
        file.write_text(html, "utf-8")
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        tab = context.new_page()
        seen = SimpleNamespace(requests=[], complaints=[], dialogs=[])
        tab.on("request", lambda request: seen.requests.append(request.url))
        tab.on("console", lambda message: seen.complaints.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
        tab.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        tab.add_init_script(WATCH)
        tab.goto(file.as_uri())
        if drawn:
            tab.wait_for_selector("html[data-drawn]", state="attached")
        yield tab
        assert [url for url in seen.requests if url != file.as_uri() and not url.startswith("data:")] == []
        assert seen.complaints == []
        assert seen.dialogs == []
        assert tab.evaluate("window.ran") == []
        context.close()

    return open_page


@pytest.fixture
def claims(story):
    return [claim for _, claims in story for claim in claims]


@pytest.fixture
def documents(story):
    return {document.id: document for document, _ in story}


@pytest.fixture
def story_page(claims, documents):
    return page(claims, title="OpenAI and CoreWeave", documents=documents)
