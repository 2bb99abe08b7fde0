"""The corpus of marked sentences: how its lines are read, and that those in the repository hold."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kg.errors import AnnotationError
from kg.extract.corpus import read_corpora, read_corpus
from kg.model import Modality, Qualifiers

CORPUS = Path(__file__).parents[2] / "ontology" / "corpus"
FILES = sorted(CORPUS.glob("*.jsonl"))
WHOLE = ("fr-a", "fr-b", "en-a", "en-b")

CLAIM = {
    "subject": "Solvéa",
    "relation": "acquires",
    "object": "Tarnos",
    "modality": "announced",
    "qualifiers": {"amount": "340000000", "currency": "EUR", "percent_min": "60.0", "exclusive": "true"},
}
LINE = {
    "id": "x-1",
    "lang": "fr",
    "sector": "energy",
    "published": "2025-03",
    "text": "Solvéa rachète plus de 60 % de Tarnos pour 340 millions d'euros.",
    "names": {"Solvéa": "Company", "Tarnos": "Company"},
    "claims": [CLAIM],
}
NEAR_MISS = {"id": "x-2", "lang": "fr", "text": "Solvéa recrute.", "names": {"Solvéa": "Company"}, "claims": []}


@pytest.fixture
def written(tmp_path):
    def write(*lines, name="corpus.jsonl"):
        path = tmp_path / name
        path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines), "utf-8")
        return path

    return write


def test_a_line_is_an_item(written):
    first, second = read_corpus(written(LINE, "", NEAR_MISS | {"near_miss": "job"}))
    assert (first.id, first.lang, first.published, first.sector) == ("x-1", "fr", "2025-03", "energy")
    assert first.names == {"Solvéa": "Company", "Tarnos": "Company"}
    [claim] = first.claims
    assert claim.modality is Modality.ANNOUNCED
    assert claim.qualifiers == Qualifiers(
        amount=Decimal(340_000_000), currency="EUR", percent_min=Decimal(60), exclusive=True
    )
    assert (first.document.id, first.document.text, first.document.published) == ("x-1", first.text, "2025-03")
    assert (second.near_miss, second.claims) == ("job", ())


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{", "is no JSON"),
        ("[]", "must be an object"),
        ({**LINE, "id": ""}, "lacks 'id'"),
        ({**LINE, "lang": "de"}, "'de' is no lang"),
        ({**LINE, "txt": "x"}, "Did you mean 'text'"),
        ({**LINE, "published": "2025-13"}, "'2025-13' is no date"),
        ({**LINE, "names": ["Solvéa"]}, "'names' must be an object"),
        ({**LINE, "names": {"Solvea": "Company"}}, "'Solvea' is not in the text"),
        ({**LINE, "names": {"Solvéa": "Firm"}}, "'Firm' is no kind"),
        ({**LINE, "names": {"Solvéa": "Company"}}, "'Tarnos' is none of 'names'"),
        ({**LINE, "claims": None}, "lacks 'claims'"),
        ({**LINE, "near_miss": "job"}, "take one of them away"),
        (NEAR_MISS, "lacks 'near_miss'"),
        ({**NEAR_MISS, "near_miss": "jobs"}, "Did you mean 'job'"),
        ({**LINE, "claims": [{**CLAIM, "object": "Solvéa"}]}, "tied to itself"),
        ({**LINE, "claims": [{**CLAIM, "relation": "aquires"}]}, "Did you mean 'acquires'"),
        ({**LINE, "claims": [{**CLAIM, "modality": "sure"}]}, "'sure' is no modality"),
        ({**LINE, "claims": [{**CLAIM, "qualifiers": {"amont": "3"}}]}, "Did you mean 'amount'"),
        ({**LINE, "claims": [{**CLAIM, "qualifiers": {"amount": "3 M"}}]}, "'3 M' is no number"),
        ({**LINE, "claims": [{**CLAIM, "qualifiers": {"percent": "140"}}]}, "outside 0–100"),
        ({**LINE, "claims": [{**CLAIM, "qualifiers": {"exclusive": "yes"}}]}, "'yes' is no exclusive"),
        ({**LINE, "claims": [{**CLAIM, "qualifiers": {"duration": "5 ans"}}]}, "'5 ans' is no duration"),
    ],
)
def test_a_line_that_does_not_hold_is_refused_with_its_number(written, line, part):
    with pytest.raises(AnnotationError) as caught:
        read_corpus(written("", line))
    assert "corpus.jsonl:2: " in str(caught.value)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_id_and_no_text_stands_twice(written):
    with pytest.raises(AnnotationError, match=r"corpus.jsonl:2: x-1: the id is taken"):
        read_corpus(written(LINE, LINE))
    one, two = written(LINE, name="one.jsonl"), written({**LINE, "id": "x-9"}, name="two.jsonl")
    with pytest.raises(AnnotationError, match="the text of x-9"):
        read_corpora([one, two])
    with pytest.raises(AnnotationError, match="the id of x-1"):
        read_corpora([one, written({**LINE, "text": LINE["text"] + " Enfin."}, name="two.jsonl")])


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(AnnotationError, match="cannot be read"):
        read_corpus(tmp_path / "no.jsonl")


# ---------------------------------------------------------------------- the corpus of the repository
@pytest.mark.skipif(not FILES, reason="ontology/corpus holds no sentences yet")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_of_the_corpus_holds(path):
    items = read_corpus(path)
    lang = path.name.partition("-")[0]
    assert {item.lang for item in items} == {lang}
    relations = {claim.relation for item in items for claim in item.claims}
    assert not relations & {"develops", "participates-in"}, "the corpus is of ties between companies"


@pytest.mark.skipif(
    not all((CORPUS / f"{name}{ending}").exists() for name in WHOLE for ending in (".jsonl", ".test.jsonl")),
    reason="ontology/corpus does not hold all its files yet",
)
def test_the_corpus_is_large_and_nearly_half_of_it_near_misses():
    items = read_corpora(FILES)
    assert len(items) >= 1500
    assert 0.35 <= sum(not item.claims for item in items) / len(items) <= 0.5
