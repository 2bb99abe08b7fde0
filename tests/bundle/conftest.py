"""The story of the example articles as a bundle, and stories made of a few claims by hand."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

import kg
from kg.bundle import Story, StoryRequest, bundled, gathered
from kg.export.sources import Source
from kg.model import claim_order
from kg.ontology import BASE
from kg.settings import changed_environment
from kg.view.scenes import Note, Scene, Scenes

DAY = "2025-06-30"
SCENES = Scenes(
    (Note("company/nvidia", "Ask them about the 6 %.", "Ana", "2025-06-01"),),
    (Scene("1 – the contract", ("company/openai", "company/coreweave"), (), "2025-03", "Who signed what."),),
)
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("KG_TODAY", DAY)


@pytest.fixture(scope="session")
def told():
    """What a request makes of a store: ``told(store, "Title", companies=…)``."""

    def story(path, title="OpenAI–CoreWeave", *, scenes=SCENES, with_texts=False, select=None, **asked):
        with changed_environment({"KG_TODAY": DAY}), kg.open(path) as graph:
            part = graph.select(**select) if select else graph
            return gathered(part.store, StoryRequest(title, **asked), scenes, with_texts=with_texts)

    return story


@pytest.fixture(scope="session")
def seed(example_store, told) -> Story:
    """All that the example articles say."""
    return told(example_store)


@pytest.fixture(scope="session")
def seed_bundle(seed):
    """Its bundle, PDF and all."""
    return bundled(seed)


@pytest.fixture(scope="session")
def small(story):
    """A story of the claims of the tests' two documents, without a store: ``small(claims=…, scenes=…)``."""

    def made(**changes) -> Story:
        claims = tuple(sorted((claim for _, each in story for claim in each), key=claim_order))
        sources = tuple(Source.of(document, claims) for document, _ in story)
        whole = Story(StoryRequest("Deals", hops=0), DAY, claims, tuple(sorted(sources, key=lambda s: s.id)), BASE)
        return replace(whole, **changes)

    return made


@pytest.fixture(scope="session")
def compared():
    """Compare a text with a golden file; ``KG_UPDATE_DOCS=1`` writes it."""

    def compare(name, text):
        file = GOLDEN / name
        if os.environ.get("KG_UPDATE_DOCS"):
            file.write_text(text, "utf-8")
        assert text == file.read_text("utf-8")

    return compare
