"""Each shipped question has the same rows, in the same order, from every engine that was filled by its bulk loader.

`tests/query/test_endpoints.py` asks the same of engines that kg itself wrote to. Engines that run here load the parts
by the script beside them; those that do not are played (`tests/fake_engines.py`).
"""

import pytest

from kg.errors import KgError
from kg.export import export_shards
from kg.judgements import Judgement, Verdict
from kg.query import run
from kg.store import DocumentClaims, judge, open_store

from .conftest import more
from .test_endpoints import CALLS

FOR_ITSELF = {"virtuoso"}
"""Engines that have parts of their own."""
WITHOUT_TEXTS = "disputes"
"""The question that counts independent sources, which texts tell: a bulk loader has none."""


@pytest.fixture(scope="module")
def sources(unrecorded, example_store):
    """The graphs asked about: one made of all that sources disagree on, and judged; the example articles."""
    with open_store(None, clock=lambda: "2025-04-05T08:00:00Z") as made, open_store(example_store) as examples:
        made.commit([DocumentClaims(document, claims, "rules/1") for document, claims in (*unrecorded, more())])
        documents = {document.id: document for document in made.documents()}
        judge(
            made,
            [
                Judgement(verdict, claim, documents[claim.document].sha256, "ada", "2026-01-01T00:00:00Z")
                for verdict, claim in zip((Verdict.RIGHT, Verdict.WRONG), list(made.claims())[5:7], strict=True)
            ],
        )
        yield {"made": made, "examples": examples}


def answer(store, call):
    """The rows of an answer, or why there is none."""
    try:
        table = run(store, call[0], call[1:])
    except KgError as error:
        return [str(error)]
    hidden = table.columns.index("sources") if call[0] == WITHOUT_TEXTS else None
    return [repr([value for at, value in enumerate(row) if at != hidden]) for row in table.rows]


@pytest.mark.parametrize("source", ["made", pytest.param("examples", marks=[pytest.mark.long])])
@pytest.mark.parametrize(
    "name",
    [
        "qlever",
        "jena",
        pytest.param("oxigraph", marks=[pytest.mark.slow]),
        pytest.param("virtuoso", marks=[pytest.mark.slow]),
    ],
)
def test_every_question_has_the_same_answer(name, source, sources, loaded, tmp_path, monkeypatch):
    ours = sources[source]
    export_shards(ours, "nquads", tmp_path / "bulk", 2, name if name in FOR_ITSELF else None)
    url = loaded(name, tmp_path / "bulk")
    monkeypatch.setenv("KG_ENGINE", name)
    with open_store(url) as theirs:
        assert {str(quad) for quad in theirs.quads()} == {str(quad) for quad in ours.quads()}
        assert [claim.id for claim in theirs.claims()] == [claim.id for claim in ours.claims()]
        for call in CALLS:
            assert answer(theirs, call) == answer(ours, call), call
