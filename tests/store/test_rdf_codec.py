"""Claims become RDF and claims again, through a store on disk, as text and by way of rdflib."""

from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings

from kg.errors import InvalidRecord
from kg.model import Claim, Document, Entity, Evidence, Figure, Modality, Qualifiers
from kg.ontology import ontology
from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme
from kg.store.rdf_decode import claims_from, document_quads, mentioned, mentions_from
from tests.claim_strategies import claims, text

NAMES = IriScheme()


def quads_of(claim):
    document = Document(claim.document, "text", "en", title="", url="")
    return set(document_quads(DocumentClaims(document, (claim,)), NAMES))


def decoded(quads, claim):
    entities_ = {end.id: end for end in (claim.object, claim.subject) if isinstance(end, Entity)}
    return list(claims_from(quads, NAMES, entities_.__getitem__))


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory):
    return ox.Store(str(tmp_path_factory.mktemp("rdf") / "index"))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim=claims())
def test_a_claim_comes_back_equal_through_a_store_and_through_text(claim, on_disk):
    quads = quads_of(claim)
    on_disk.clear()
    on_disk.extend(quads)
    assert set(on_disk) == quads, "the store keeps every literal as we write it"
    assert decoded(on_disk, claim) == [claim]
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert decoded(ox.parse(text, ox.RdfFormat.N_QUADS), claim) == [claim]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim=claims())
def test_a_mention_comes_back_with_its_spellings_and_identifiers(claim):
    mentions = mentions_from(quads_of(claim), NAMES)
    expected = mentioned([claim])
    assert {id_: (e.aliases, e.identifiers) for id_, e in mentions.items()} == {
        id_: (e.aliases, e.identifiers) for id_, e in expected.items()
    }


# rdflib's Dataset warns of its own inside.
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning:rdflib")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim=claims())
def test_rdflib_reads_what_we_write(claim):
    import rdflib

    quads = quads_of(claim)
    theirs = rdflib.Dataset()
    theirs.parse(data=ox.serialize(quads, format=ox.RdfFormat.N_QUADS), format="nquads")
    assert sum(1 for _ in theirs.quads()) == len(quads)


@given(id_=text.filter(lambda t: t.partition("/")[0] not in {"claim", "document", "ontology", "reader", "store"}))
def test_an_iri_gives_its_id_back(id_):
    assert NAMES.id_of(NAMES.entity(id_)) == id_
    assert NAMES.id_of(NAMES.document(id_), "document/") == id_
    assert NAMES.id_of(NAMES.reader(id_), "reader/") == id_


@pytest.mark.parametrize("id_", ["company/société", "company/中国石油", "company/x-1_2~3"])
def test_a_name_that_an_iri_can_hold_stays_readable(id_):
    assert NAMES.entity(id_).value == NAMES.base + id_


@pytest.mark.parametrize("id_", ["claim/x", "closing/x", "document/x", "reader", "store", "ontology"])
def test_an_entity_cannot_take_the_name_of_what_is_ours(id_):
    with pytest.raises(InvalidRecord, match="keeps claim, closing, document"):
        NAMES.entity(id_)


def test_dates_are_typed_by_what_they_hold(story):
    document, (claim, *_) = story[0]
    for date, kind in (("2024", "gYear"), ("2024-02", "gYearMonth"), ("2024-02-29", "date")):
        dated = Document(document.id, document.text, "fr", date)
        quads = document_quads(DocumentClaims(dated, (claim,)), NAMES)
        found = [q.object for q in quads if q.predicate.value.endswith("datePublished")]
        assert found == [ox.Literal(date, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))]


def test_there_are_no_blank_nodes(story):
    quads = [q for d, claims in story for q in document_quads(DocumentClaims(d, tuple(claims)), NAMES)]
    nodes = {type(n) for q in quads for n in (q.subject, q.object)}
    assert nodes == {ox.NamedNode, ox.Literal}


def test_a_mention_has_all_spellings_in_one_order():
    spellings = (("X", ("X", "X Inc.")), ("Ex", ()))
    first, second = (Entity("company/x", name, "Company", spelt) for name, spelt in spellings)
    place = (Evidence("d", 0, 1, "q", "en"),)
    claims_ = [
        Claim(first, "supplies", second, Modality.ASSERTED, place),
        Claim(second, "supplies", first, Modality.PAST, place),
    ]
    assert mentioned(claims_) == mentioned(claims_[::-1])
    assert mentioned(claims_)["company/x"].aliases == ("Ex", "X", "X Inc.")


def test_a_duration_keeps_its_value_for_queries_and_its_letter_for_claims(story):
    document, (claim, *_) = story[0]
    said = Claim(
        claim.subject, claim.relation, claim.object, claim.modality, claim.evidence, Qualifiers(duration="P18M")
    )
    quads = document_quads(DocumentClaims(document, (said,)), NAMES)
    literals = {q.predicate.value.rpartition("/")[2]: q.object for q in quads}
    assert literals["ontology#duration"].value == "P1Y6M"
    assert literals["duration"] == ox.Literal("P18M")


def test_a_claim_that_says_a_thing_twice_is_refused(story):
    document, (claim, *_) = story[0]
    quads = set(document_quads(DocumentClaims(document, (claim,)), NAMES))
    more = ox.Quad(NAMES.claim(claim.id), ox.NamedNode(ontology().qualifiers["amount"].iri), ox.Literal("1"))
    with pytest.raises(InvalidRecord, match="has 2 values"):
        decoded({*quads, more}, claim)


def test_an_amount_is_exact():
    value = Decimal("123456789012345.6789")
    place = (Evidence("d", 0, 1, "q", "en"),)
    claim = Claim(Entity("company/x", "X", "Company"), "debt", Figure(value, "USD"), Modality.ASSERTED, place)
    store = ox.Store()
    store.extend(quads_of(claim))
    assert decoded(store, claim)[0].object == Figure(value, "USD")
