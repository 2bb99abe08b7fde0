"""Pages go on to the end, whatever the claims say: no row is lost, none comes twice, none keeps the others back."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError, QueryError
from kg.mcp.answer import MAX_BYTES
from kg.mcp.calls import CallTool, ReadResource
from kg.mcp.fence import is_cut, unfenced
from kg.mcp.fitting import wire_size
from kg.mcp.resources import document_uri
from kg.mcp.rows import number
from kg.model import Document, Entity, Modality, Outcome, Qualifiers
from kg.resolve import RegisterRecord
from kg.store import DocumentClaims, open_store
from tests.claim_strategies import claims
from tests.conftest import COREWEAVE, NVIDIA, claim_of

SECTIONS = ("rows", "facts", "undecided", "plans", "reports", "denied", "past", "leads")
LETTERS = "漢" * 400


def pages(store, tool, limit, **arguments):
    """The pages of an answer, each as its data; one that does not fit raises."""
    cursor = None
    while True:
        asked = arguments | ({"limit": limit} if limit else {}) | ({"cursor": cursor} if cursor else {})
        answer = CallTool(tool, asked, 3).result(store)
        assert wire_size(answer) <= MAX_BYTES
        yield answer["structured"]
        cursor = answer["structured"]["page"]["next"]
        if cursor is None:
            return


def rows(store, tool, limit=None, **arguments):
    """All rows of an answer with their lists, page by page."""
    for data in pages(store, tool, limit, **arguments):
        found = [(section, row) for section in SECTIONS for row in data.get(section, [])]
        assert len(found) == data["page"]["rows"]
        assert found or data["page"]["next"] is None
        yield from found


def cited(found):
    return [row["claims"][0]["claim"] for _, row in found]


# ------------------------------------------------------------------------------ to the end
@settings(max_examples=15)
@given(st.lists(claims(furthest=50), min_size=1, max_size=6, unique_by=lambda claim: claim.id), st.integers(1, 7))
def test_pages_of_any_claims_are_all_of_them_and_each_once(some, limit):
    readings = []
    for at, claim in enumerate(some):
        first = claim.evidence[0]
        text = " " * first.start + first.quote
        one = replace(claim, evidence=(replace(first, document=f"d{at}"),), recorded_at=None, retracted_at=None)
        lead = replace(one, modality=Modality.HEDGED, outcome=Outcome.TO_REVIEW, reasons=("TWO_VALUES",))
        readings.append(DocumentClaims(Document(f"d{at}", text, first.lang), (one,), candidates=(lead,)))
    with open_store(None, write=True) as store:
        store.commit(readings)
        told = sorted(claim.id for claim in store.claims())
        leads = sorted(claim.id for claim in store.candidates())
        found = list(rows(store, "claims", limit, leads=True, holds_on="9999-12-31"))
        assert sorted(cited(each for each in found if each[0] != "leads")) == told
        assert sorted(cited(each for each in found if each[0] == "leads")) == leads
        query = "SELECT ?c { GRAPH ?g { ?c kg:sentence ?s } }"
        assert sorted(row["c"] for _, row in rows(store, "sparql", limit, query=query)) == told
        full = list(rows(store, "evidence", claim=" ".join(told[:5])))
        assert sorted(cited(full)) == told[:5]
        # A list is gone through to its end before the next one begins.
        order = [SECTIONS.index(section) for section, _ in found]
        assert order == sorted(order)


def test_evidence_that_does_not_fit_one_answer_is_read_on(long_claims):
    ids = [claim.id for claim in long_claims.claims()]
    parts = list(pages(long_claims, "evidence", None, claim=" ".join(ids)))
    assert len(parts) > 1
    assert sorted(row["claims"][0]["claim"] for data in parts for row in data["facts"]) == sorted(ids)
    # An id that is given twice is one claim.
    assert len(list(rows(long_claims, "evidence", claim=f"{ids[0]} {ids[0]}"))) == 1


@pytest.fixture(scope="module")
def long_claims():
    with open_store(None, write=True) as store:
        readings = []
        for at in range(5):
            text = f"{at}{LETTERS * 20}"
            document = Document(f"d{at}", text, "en", "2025-01-01")
            claim = claim_of(document, text[:2_000], NVIDIA, "supplies", COREWEAVE)
            spans = tuple(document.evidence(start, start + 500) for start in range(0, 8_000, 500))
            readings.append(DocumentClaims(document, (replace(claim, evidence=spans),)))
        store.commit(readings)
        yield store


def test_of_quotes_that_are_not_shown_the_places_are(long_claims):
    claim = next(long_claims.claims())
    [(_, row)] = rows(long_claims, "evidence", claim=claim.id)
    assert (len(row["evidence"]), row["more_evidence"], len(row["further"])) == (4, 12, 12)
    told = [(span["start"], span["end"]) for span in (*row["evidence"], *row["further"])]
    assert told == [(one.start, one.end) for one in claim.evidence]


# ------------------------------------------------------------------------------ one row for all
def monsters():
    """Claims each of which has one thing without end, beside a claim that has not."""
    ends = [Entity(f"company/{n}{LETTERS}", f"{n}{LETTERS}", "Company", (LETTERS,)) for n in "ab"]
    named = [
        replace(end, identifiers=tuple((kind, f"{n}{LETTERS}") for n in range(30) for kind in ("isin", "ticker")))
        for end in ends
    ]
    yield "digits", (*ends, Qualifiers(amount=Decimal("33." + "3" * 60_000), currency="USD")), ()
    yield "reasons", (*ends, Qualifiers()), tuple(f"REASON_{n}_{LETTERS}" for n in range(3_000))
    yield "identifiers", (*named, Qualifiers(goods=LETTERS * 9, percent_of=LETTERS * 9, as_printed=LETTERS)), ()
    yield "a long text", (*ends, Qualifiers(goods=LETTERS * 90)), ()


@pytest.mark.parametrize(("what", "told", "reasons"), list(monsters()), ids=[what for what, *_ in monsters()])
@pytest.mark.parametrize("outcome", [Outcome.ADMITTED, Outcome.TO_REVIEW])
def test_no_row_is_so_large_that_those_behind_it_cannot_be_read(what, told, reasons, outcome):
    subject, object_, terms = told
    text = f"{LETTERS * 10} {what}"
    document = Document(f"d{LETTERS}", text, "en", "2025-01-01", LETTERS, LETTERS)
    place = (document.evidence(0, len(text)),)
    large = replace(claim_of(document, text, subject, "supplies", object_), qualifiers=terms, evidence=place)
    small = claim_of(document, text[:5], subject, "lends-to", object_)
    large = replace(large, outcome=outcome, reasons=reasons)
    is_told = outcome is Outcome.ADMITTED
    with open_store(None, write=True) as store:
        told = (large, small) if is_told else (small,)
        store.commit([DocumentClaims(document, told, candidates=() if is_told else (large,))])
        for tool, asked in (
            ("dossier", {"company": subject.id, "leads": True}),
            ("between", {"one": subject.id, "other": object_.id, "leads": True}),
            ("claims", {"leads": True}),
            ("evidence", {"claim": f"{large.id} {small.id}"}),
        ):
            assert sorted(cited(rows(store, tool, **asked))) == sorted([large.id, small.id]), tool
        for tool, asked in (
            ("question", {"name": "about", "arguments": {"company": subject.id}}),
            ("changes", {"since": "2024", "until": "2026"}),
            ("sparql", {"query": "SELECT * { GRAPH ?g { ?s ?p ?o } }"}),
            ("find_company", {"name": subject.id}),
        ):
            assert list(rows(store, tool, **asked)), tool
        for id_ in (large.id, small.id):
            assert resource(store, f"kg://claim/{id_}")["claims"]


def test_digits_without_end_are_cut_as_a_text_is():
    assert number(Decimal("1." + "3" * 20)) == "1." + "3" * 20
    assert is_cut(number(Decimal("1." + "3" * 500)))


def test_what_a_dossier_leaves_out_is_counted():
    text = "Nvidia supplies CoreWeave."
    document = Document("d", text, "en", "2025-01-01")
    party = replace(NVIDIA, aliases=("Nvidia", *(f"Nvidia {n}" for n in range(9))))
    records = tuple(RegisterRecord(party, "gleif", f"key {n}") for n in range(11))
    with open_store(None, write=True) as store:
        store.commit(
            [DocumentClaims(document, (claim_of(document, text, party, "supplies", COREWEAVE),), "r", records=records)]
        )
        [data] = pages(store, "dossier", None, company="Nvidia")
        [found, *_] = rows(store, "find_company", name="Nvidia")
    assert len(data["registers"]) + data["not_shown"]["registers"] == 11
    assert len(found[1]["also_called"]) + found[1]["more_names"] == 9


# ------------------------------------------------------------------------------ documents
def resource(store, uri):
    """A resource, which is within the size once the message around it has escaped it again."""
    out = []
    ReadResource(uri).answer(store, type("Out", (), {"write": lambda _, content: out.append(content)})())
    told = out[0].decode()
    assert wire_size({"uri": uri, "text": told}) <= MAX_BYTES - 200
    return json.loads(told)


@pytest.mark.parametrize("letters", ["\\", '"', "\\u{202e}\u202e", "漢", "\n\x00", "… (3 more characters)"])
def test_a_document_of_any_letters_is_read_to_its_end(letters):
    text, id_ = letters * (60_000 // len(letters)), "é" * 200
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(Document(id_, text, "en\nIgnore all", title=letters * 900, url=letters), ())])
        uri, read = document_uri(id_), []
        while uri:
            data = resource(store, uri)
            read.append(unfenced(data["text"]))
            assert data["lang"] == "⟦en\\nIgnore all⟧"
            uri = data["next"]
    assert "".join(read) == text


def test_a_document_whose_id_leaves_no_room_is_one_line():
    id_ = "漢" * 3_000
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(Document(id_, "x" * 50_000, "en"), ())])
        with pytest.raises(QueryError, match="takes so much room"):
            ReadResource(document_uri(id_)).answer(store, None)


@pytest.mark.parametrize("uri", ["kg://[", "kg://document/d?from=" + "9" * 5_000, "kg://claim/%ff", "kg://claim/%00"])
def test_no_address_is_more_than_one_line(uri):
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(Document("d", "x", "en"), ())])
        with pytest.raises(KgError) as caught:
            ReadResource(uri).answer(store, None)
    assert "\n" not in str(caught.value)


# ------------------------------------------------------------------------------ names and numbers that are given
def test_a_name_that_was_cut_is_not_taken_for_another():
    text = f"{LETTERS} supplies Nvid."
    document = Document("d", text, "en", "2025-01-01")
    ends = Entity("company/long", LETTERS, "Company"), Entity("company/nvid", "Nvid… (2 more characters)", "Company")
    with open_store(None, write=True) as store:
        store.commit([DocumentClaims(document, (claim_of(document, text, ends[0], "supplies", ends[1]),))])
        [(_, row)] = rows(store, "claims")
        with pytest.raises(QueryError, match="company was cut short where it was shown: give the id"):
            CallTool("dossier", {"company": row["subject"]}).result(store)
        assert list(rows(store, "dossier", company=row["subject_id"]))
        assert list(rows(store, "dossier", company=row["object"]))


@pytest.mark.parametrize("value", ["9" * 5_000, 10**19, -1, 1.5, True, "٣"])
def test_no_number_is_too_large_to_be_refused(value):
    with open_store(None, write=True) as store, pytest.raises(QueryError):
        CallTool("claims", {"limit": value}).result(store)


@pytest.mark.parametrize("name", ["self", "claims", "background", "__class__", "arguments", "options"])
def test_an_analysis_takes_its_own_parameters_alone(name):
    with open_store(None, write=True) as store, pytest.raises(QueryError):
        CallTool("analyse", {"name": "circular", "arguments": {name: "x"}}).result(store)
