"""Where quotes stand in their files: in the journal, in RDF, in dossiers and in the viewer."""

import io
from dataclasses import replace

import pytest

from kg.errors import InvalidRecord
from kg.facts import AsOf
from kg.model import Document, Tier
from kg.places import Place, PlaceKind
from kg.query import dossier, write_dossier
from kg.query.places import places_on
from kg.store import DocumentClaims, Selection, open_store, select
from kg.store.json_codec import document_from, document_record
from kg.wording.places import place_label


def placed(reading):
    """The reading with its document cut into two pages, the first of one box a line."""
    document, claims = reading
    half = claims[0].evidence[0].end
    pages = (
        Place(0, half, PlaceKind.PAGE, "12", (72.0, 90.5, 523.0, 104.0)),
        Place(half, len(document.text), PlaceKind.PAGE, "13"),
    )
    return replace(document, places=pages), claims


@pytest.fixture
def store(unrecorded, tmp_path):
    with open_store(tmp_path / "store", write=True) as opened:
        document, claims = placed(unrecorded[0])
        opened.commit([DocumentClaims(document, claims, "reader/1"), DocumentClaims(*unrecorded[1], "reader/1")])
        yield opened


def test_places_are_kept_with_the_text(store, unrecorded):
    document, _ = placed(unrecorded[0])
    assert store.document(document.id) == document
    assert document_from(document_record(document)) == document


@pytest.mark.parametrize("broken", [[0, 5], [5, 0, "page", "1"], [0, 5, "leaf", "1"], [0, 5, "page", "1", 2.0], None])
def test_a_broken_place_is_refused(broken):
    with pytest.raises(InvalidRecord, match="place"):
        document_from({"id": "x", "text": "Nvidia", "lang": "en", "places": [broken]})


def test_places_stand_in_the_order_of_the_text():
    with pytest.raises(InvalidRecord, match="order"):
        Document("x", "Nvidia", "en", places=(Place(3, 4, PlaceKind.PART, "1"), Place(0, 2, PlaceKind.PART, "2")))


def test_evidence_has_a_selector_that_others_can_read(store):
    rows = store.query("""
        SELECT DISTINCT ?quote ?fragment ?norm {
          ?claim kg:evidence ?evidence .
          ?evidence oa:hasSelector [ oa:exact ?quote ] , ?place .
          ?place a oa:FragmentSelector ; rdf:value ?fragment ; dcterms:conformsTo ?norm .
        } ORDER BY ?fragment""")
    found = [(row["fragment"].value, row["norm"].value) for row in rows]
    assert found[0] == ("page=12&viewrect=72,90.5,451,13.5", "http://tools.ietf.org/rfc/rfc3778")
    assert found[-1][0] == "page=13"


def test_what_is_read_back_from_rdf_is_the_same_claim(store, unrecorded):
    assert {claim.id for claim in store.claims(document=unrecorded[0][0].id)} == {c.id for c in unrecorded[0][1]}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_dossier_tells_the_page(store, unrecorded, lang):
    found = dossier(store, "CoreWeave")
    quoted = unrecorded[0][1][0].evidence[0]
    assert [place.name for place in found.places[quoted]] == ["12"]
    out = io.StringIO()
    write_dossier(found, out, lang=lang)
    assert f"{quoted.document}, p. 12" in out.getvalue()


def test_a_part_of_a_store_tells_the_page_too(unrecorded):
    document, claims = placed(unrecorded[0])
    with open_store(None, write=True) as opened:
        opened.commit([DocumentClaims(replace(document, tier=Tier.NEWS), claims, "reader/1")])
        part = select(opened, Selection(tiers=frozenset({Tier.NEWS})))
        assert [place.name for place in dossier(part, "CoreWeave").places[claims[0].evidence[0]]] == ["12"]


def test_a_quote_of_an_earlier_text_has_no_place_in_the_one_of_now(unrecorded, tmp_path):
    document, claims = placed(unrecorded[0])
    quoted, days = claims[0].evidence[0], iter(["2025-04-01T08:00:00Z", "2025-05-01T08:00:00Z"])
    with open_store(tmp_path / "store", write=True, clock=lambda: next(days)) as opened:
        opened.commit([DocumentClaims(document, claims, "reader/1")])
        before = AsOf(recorded="2025-04-15")
        assert quoted in dossier(opened, "CoreWeave", as_of=before).places
        changed = replace(document, text=document.text.swapcase())
        opened.commit([DocumentClaims(changed, (), "reader/1")])
        found = dossier(opened, "CoreWeave", as_of=before)
        assert quoted in {one for claim in found.claims for one in claim.evidence}
        assert quoted not in found.places


def test_documents_without_places_are_not_read(store, monkeypatch):
    claims, read = dossier(store, "CoreWeave").claims, []
    whole = type(store).document
    monkeypatch.setattr(type(store), "document", lambda self, id_: read.append(id_) or whole(self, id_))
    assert places_on(store, claims)
    assert len(read) == 1


def test_places_are_worded_as_a_reference_has_them():
    pages = [Place(0, 2, PlaceKind.PAGE, "2"), Place(2, 4, PlaceKind.PAGE, "2"), Place(4, 6, PlaceKind.PAGE, "3")]
    assert place_label(pages, "fr") == "p. 2–3"
    assert (
        place_label([Place(0, 2, PlaceKind.PART, "2.1"), Place(0, 2, PlaceKind.PARAGRAPH, "7")], "fr")
        == "partie 2.1, § 7"
    )
    assert place_label([Place(0, 2, PlaceKind.ELEMENT, "/html/body/p[3]")], "en") == ""
