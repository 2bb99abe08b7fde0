"""How many independent sources a saying has: copies of one story are one, in every table and dossier."""

import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import MissingExtra
from kg.facts import facts_of
from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.ontology import ontology
from kg.query import between, dossier, relations_table, run, write_dossier
from kg.store import DocumentClaims, open_store

BODY = (
    "The deal was closed in the night after nine weeks of talks in which both sides walked out once. Arvel had been "
    "building chips for the start-up since the spring, at first without a contract and later for a price that neither "
    "side has made public. Lumen keeps its seat in the old mill by the river, where its first twelve people began."
)
SENTENCE = "Arvel owns 6% of Lumen."
OWN = {
    "daily": "A court register shows who is behind the young company. "
    + SENTENCE
    + " The rest belongs to the founders.",
    "weekly": SENTENCE
    + " So says the chip maker in its yearly report, on a page that few of its shareholders will read.",
}
COPIES = {
    "agency": f"{SENTENCE} {BODY}",
    "evening": f"ARVEL AND LUMEN\n(Litoral) – {SENTENCE} {BODY}",
    "gazette": f"{SENTENCE} {BODY.replace('in the night', 'at dawn').replace('nine', 'ten')}",
}
TEXTS = {**OWN, **COPIES}
ARVEL, LUMEN = (Entity(f"company/{name.lower()}", name, "Company", (name,)) for name in ("Arvel", "Lumen"))


def reading(id_, text, percent=6):
    document = Document(id_, text, "en", "2025-05-02")
    start = text.index(SENTENCE)
    place = (document.evidence(start, start + len(SENTENCE)),)
    terms = Qualifiers(percent=Decimal(percent), percent_of="capital")
    return DocumentClaims(
        document, (Claim(ARVEL, "holds-stake", LUMEN, Modality.ASSERTED, place, terms, document.published),)
    )


def support(store):
    (line,) = facts_of(store.claims())
    return len(store.near_duplicates().sources(line.documents))


@pytest.fixture
def press():
    with open_store(None) as store:
        store.commit([reading(id_, text) for id_, text in TEXTS.items()])
        yield store


def text(found, lang="en"):
    out = io.StringIO()
    write_dossier(found, out, lang)
    return out.getvalue()


def test_copies_are_counted_once_in_the_table_of_relations(press):
    table = relations_table(press)
    assert [(row[table.columns.index("sources")], row[-1]) for row in table.rows] == [
        (Decimal(3), "agency, daily, evening, gazette, weekly")
    ]


def test_a_dossier_says_how_many_sources_and_which_are_copies(press):
    read = text(dossier(press, "Lumen"))
    assert "Arvel · 6 % of capital · known from 2025-05-02 · 3 independent sources, 5 documents" in read
    assert "“Arvel owns 6% of Lumen.” evening · 100 % the same as agency" in read
    assert "daily\n" in read
    assert "3 sources indépendantes, 5 documents" in text(between(press, "Arvel", "Lumen"), "fr")


def test_copies_alone_are_one_source(press):
    for id_ in OWN:
        press.forget(id_)
    assert "known from 2025-05-02 · 1 source, 3 documents" in text(dossier(press, "Lumen"))


def test_sources_that_stand_apart_are_just_counted(press):
    for id_ in ("evening", "gazette"):
        press.forget(id_)
    assert "known from 2025-05-02 · 3 independent sources\n" in text(dossier(press, "Lumen"))


def test_a_dispute_counts_sources_on_either_side(press):
    press.commit([reading("rival", "The register was wrong about it, and so were we: " + SENTENCE, percent=9)])
    read = text(dossier(press, "Arvel"))
    assert "  Arvel holds a stake in Lumen · percent\n" in read
    assert "    6 % of capital · 3 independent sources, 5 documents\n      2025-05-02 · agency · “" in read
    table = run(press, "disputes")
    assert {row[table.columns.index("sources")] for row in table.rows} == {Decimal(1), Decimal(3)}


def test_the_copies_of_a_store_are_listed_with_how_alike_they_are(press):
    table = run(press, "copies")
    assert table.columns == ("group", "document", "published", "title", "alike", "like")
    shown = [(group, document, like) for group, document, _, _, _, like in table.rows]
    assert shown == [(1, "agency", "evening"), (1, "evening", "agency"), (1, "gazette", "agency")]
    assert [row[4] for row in table.rows[:2]] == [100, 100]
    assert 70 < table.rows[2][4] < 100


def test_where_copies_cannot_be_told_only_documents_are_counted(press, monkeypatch):
    monkeypatch.setattr(
        "kg.store.near_duplicates._sketcher", lambda: (_ for _ in ()).throw(MissingExtra("no datasketch"))
    )
    press.commit([reading("new", "Words that nobody has compared yet. " + SENTENCE)])
    assert "known from 2025-05-02 · 6 documents\n" in text(dossier(press, "Lumen"))
    table = relations_table(press)
    assert [row[table.columns.index("sources")] for row in table.rows] == [None]
    with pytest.raises(MissingExtra):
        run(press, "copies")


@given(st.lists(st.sampled_from(sorted(TEXTS)), unique=True), st.data())
def test_another_copy_never_raises_the_support(told, data):
    with open_store(None) as store:
        store.commit([reading(id_, TEXTS[id_]) for id_ in data.draw(st.permutations(told))])
        if not told:
            return
        before = support(store)
        assert before == len(set(told) & set(OWN)) + bool(set(told) & set(COPIES))
        again = data.draw(st.sampled_from(told))
        lead = data.draw(st.sampled_from(["", "PORTO – ", "From our correspondent. "]))
        store.commit([reading("again", lead + TEXTS[again])])
        assert support(store) == before
        store.forget(again)
        assert support(store) == before
        store.forget("again")
        if told != [again]:
            left = set(told) - {again}
            assert support(store) == len(left & set(OWN)) + bool(left & set(COPIES))


# ---------------------------------------------------------------- the deals of 2025, as web pages told them

_TERMS = ("amount", "currency", "percent", "duration", "as_of", "goods")
_SPELT = {"amount_max": "amount", "percent_of_supplier_revenue": "percent", "quantity_min": "quantity"}


def pages(shared):
    """The pages as readings; their texts are not at hand, so each says its claims in words of its own."""
    file = shared / "data" / "pages-index" / "ai-deals.jsonl"
    if not file.is_file():
        pytest.skip(f"the index of pages is not here: {file}")
    for line in file.read_text("utf-8").splitlines():
        page = json.loads(line)
        known = [claim for claim in page["claims"] if claim["predicate"] in ontology().relations]
        sentences = [f"{page['url']} says number {at} {claim['subject']}" for at, claim in enumerate(known)]
        document = Document(page["url"].partition("//")[2], "\n".join(sentences), page["lang"], page["date"])
        claims = [told(document, sentence, claim) for sentence, claim in zip(sentences, known, strict=True)]
        yield DocumentClaims(document, tuple(claims))


def told(document, sentence, claim):
    terms = {_SPELT.get(name, name): value for name, value in claim.items()}
    said = {name: Decimal(str(v)) if isinstance(v, int | float) else v for name, v in terms.items() if name in _TERMS}
    if "percent_of_supplier_revenue" in claim:
        said["percent_of"] = "revenue"
    start = document.text.index(sentence)
    place = (document.evidence(start, start + len(sentence)),)
    ends = (
        Entity(f"company/{claim[end].lower().replace(' ', '-')}", claim[end], "Company")
        for end in ("subject", "object")
    )
    subject, object_ = ends
    return Claim(
        subject, claim["predicate"], object_, Modality(claim["status"]), place, Qualifiers(**said), document.published
    )


@pytest.fixture
def deals(shared):
    with open_store(None) as store:
        store.commit(pages(shared))
        yield store


def sayings(store):
    table = relations_table(store, company="CoreWeave")
    places = [table.columns.index(name) for name in ("subject", "relation", "object", "terms", "sources")]
    return {tuple(row[place] for place in places) for row in table.rows}


def test_pages_that_agree_on_a_deal_are_one_saying_of_many_sources(deals):
    assert sayings(deals) == {
        ("CoreWeave", "supplies", "OpenAI", "11.9 bn USD over 5 years", 3),
        ("CoreWeave", "supplies", "Microsoft", "62 % of revenue (2024)", 3),
        ("OpenAI", "holds a stake in", "CoreWeave", "350 M USD", 3),
        ("Nvidia", "holds a stake in", "CoreWeave", "6 %", 2),
        ("Nvidia", "supplies", "CoreWeave", None, 2),
    }
    assert run(deals, "disputes", ["CoreWeave"]).rows == []


def test_a_hundred_billion_intended_and_thirty_reported_are_the_one_dispute_of_the_pages(deals):
    table = run(deals, "disputes")
    places = [
        table.columns.index(name)
        for name in ("differs", "subject", "object", "terms", "modality", "known_from", "sources")
    ]
    assert [tuple(row[place] for place in places) for row in table.rows] == [
        ("amount", "Nvidia", "OpenAI", "100 bn USD", "planned", "2025-09-22", 2),
        ("amount", "Nvidia", "OpenAI", "100 bn USD", "planned", "2025-09-23", 2),
        ("amount", "Nvidia", "OpenAI", "30 bn USD", "hedged", "2026-01-29", 1),
    ]


def test_a_page_that_gives_another_share_disputes_it(deals):
    holds = next(
        c for c in deals.claims(entity="company/coreweave") if c.relation == "holds-stake" and c.modality == "asserted"
    )
    page = Document("elsewhere", "Nvidia has 5.2 percent of CoreWeave.", "en", "2025-04-02")
    terms = replace(holds.qualifiers, percent=Decimal("5.2"))
    claim = replace(holds, evidence=(page.evidence(0, len(page.text)),), qualifiers=terms, known_from=page.published)
    deals.commit([DocumentClaims(page, (claim,))])
    read = text(dossier(deals, "CoreWeave"))
    assert "Nvidia holds a stake in CoreWeave · percent\n    6 % · 2 independent sources\n" in read


def test_what_was_reported_and_then_announced_is_no_dispute(deals):
    between_them = between(deals, "ASML", "Mistral AI")
    assert {modality for modality, _ in between_them.apart} == {Modality.ANNOUNCED, Modality.HEDGED}
    assert between_them.disputes == ()
