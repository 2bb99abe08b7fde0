"""Pages opened so that whatever goes wrong in them is seen."""

from contextlib import contextmanager

import pytest

from kg.model import Claim, Entity, Evidence, Modality
from kg.view import html_of, view_data
from kg.view.pyvis import LARGEST, page

TODAY = "2025-06-30"
"""The day at which pages open in these tests."""


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("KG_TODAY", TODAY)


@pytest.fixture
def opened(chromium, watched, tmp_path):
    """Open a page's HTML; on leaving, nothing must have run, loaded, popped up or been complained of."""

    @contextmanager
    def open_page(html, *, width=1280, height=800, scheme="light", drawn=True, scale=1):
        file = tmp_path / "graph.html"
        file.write_text(html, "utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=scale
        )
        tab = context.new_page()
        seen = watched(tab)
        tab.goto(file.as_uri())
        if drawn:
            tab.wait_for_selector("[data-ready], html[data-drawn]", state="attached")
        yield tab
        assert [url for url in seen.requests if url != file.as_uri() and not url.startswith(("data:", "blob:"))] == []
        seen.check()
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
    return page(view_data(claims, documents, title="OpenAI and CoreWeave", size=LARGEST))


@pytest.fixture
def story_view(claims, documents):
    return html_of(view_data(claims, documents, title="OpenAI and CoreWeave"))


@pytest.fixture(scope="session")
def many():
    """Four hundred companies, the first tied to every tenth."""
    firms = [Entity(f"company/{at:05}", f"Firm {at}", "Company") for at in range(400)]
    made = []
    for at in range(1, 400):
        other = firms[0] if at % 10 == 0 else firms[at - 1]
        quote = f"Firm {at} supplies it."
        made.append(
            Claim(firms[at], "supplies", other, Modality.ASSERTED, (Evidence("d", 0, len(quote), quote, "en"),))
        )
    return tuple(made)
