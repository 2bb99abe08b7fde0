"""What registers say of entities: kept beside claims, in RDF, through merges and back."""

from dataclasses import replace

import pytest

from kg.errors import InvalidRecord
from kg.judgements import IdentityJudgement, IdentityVerdict
from kg.model import Claim, Document, Entity, Modality, Tier
from kg.resolve import DatedName, RegisterRecord, register_entity
from kg.store import DocumentClaims, check, open_store
from kg.store.record_codec import record_from, register_record
from kg.store.selected import select
from kg.store.selection import Selection

LEI = "969500T3MBS4SQAMHJ45"
TEXT = f'{{"lei": "{LEI}", "name": "Helvane SA"}}'
AT = "2026-01-01T08:00:00Z"


def record(name="Helvane SA", **told):
    entity = register_entity(name, "Company", "gleif", LEI, identifiers=[("lei", LEI)], aliases=["Helvane"])
    return RegisterRecord(entity, "gleif", LEI, country="FR", is_active=True, **told)


WHOLE = record(
    legal_form="5599",
    start="1999-05",
    end="2024",
    former_names=(DatedName("Helvane Mines SA", "1999", "2011-06-30"), DatedName("Helvane Holding")),
    topics=("sanction",),
    sectors=("nace:B07",),
    addresses=("1 rue Haute, 75001 Paris, FR",),
)


def reading(*records, text=TEXT, claims=()):
    document = Document(f"gleif/lei/{LEI}", text, "en", published="2026-01-01", tier=Tier.REGISTER)
    return DocumentClaims(document, tuple(claims), "gleif 1", records=records)


def news(name="Helvane"):
    text = f"{name} supplies Orbicor."
    document = Document("news.txt", text, "en", published="2026-02-01", tier=Tier.NEWS)
    ends = Entity(f"company/{name.lower()}", name, "Company"), Entity("company/orbicor", "Orbicor", "Company")
    return DocumentClaims(
        document, (Claim(ends[0], "supplies", ends[1], Modality.ASSERTED, (document.evidence(0, len(text)),)),), "hand"
    )


@pytest.fixture(params=["memory", "folder"])
def store(request, tmp_path):
    with open_store(None if request.param == "memory" else tmp_path / "store", write=True) as store:
        yield store


def test_a_record_comes_back_as_it_was(store):
    store.commit([reading(WHOLE)])
    assert list(store.records()) == [WHOLE]
    assert list(store.records(entity=WHOLE.entity.id)) == list(store.records(document=f"gleif/lei/{LEI}")) == [WHOLE]
    assert list(store.records(entity="company/other")) == []
    assert store.reading(f"gleif/lei/{LEI}").records == (WHOLE,)


def test_its_json_is_strict():
    assert record_from(register_record(WHOLE)) == WHOLE
    for wrong in ({"register": ""}, {"colour": "red"}, {"country": "France"}, {"start": "1999-13"}):
        with pytest.raises(InvalidRecord):
            record_from(register_record(WHOLE) | wrong)
    with pytest.raises(InvalidRecord, match="not whole"):
        record_from({"register": "gleif", "key": "x"})


def test_an_entity_without_claims_is_in_the_graph_with_its_identifiers(store):
    store.commit([reading(WHOLE)])
    [entity] = store.entities()
    assert (entity.id, entity.name, entity.identifiers) == (f"company/lei-{LEI.lower()}", "Helvane SA", (("lei", LEI),))
    rows = store.query(
        "SELECT ?name ?country ?former ?match {"
        " ?record a kg:RegisterRecord ; kg:about ?entity ; kg:country ?country ; kg:formerName/skos:prefLabel ?former ."
        " ?entity rdfs:label ?name ; skos:exactMatch ?match }"
    )
    assert {(row["name"].value, row["country"].value, row["former"].value) for row in rows} == {
        ("Helvane SA", "FR", "Helvane Mines SA"),
        ("Helvane SA", "FR", "Helvane Holding"),
    }
    assert store.query(f"ASK {{ ?e skos:exactMatch <https://rdf.gleif.org/L1/L-{LEI}> }}")
    assert check(store).violations == ()


def test_many_records_loaded_at_once_are_as_those_that_came_one_by_one(tmp_path):
    def each(number):
        entity = register_entity(f"Firm {number}", "Company", "gleif", str(number))
        document = Document(f"gleif/lei/{number}", f"row {number}", "en", tier=Tier.REGISTER)
        return DocumentClaims(document, (), "gleif 1", records=(RegisterRecord(entity, "gleif", str(number)),))

    with open_store(tmp_path / "bulk", write=True) as bulk, open_store(None, write=True) as slow:
        bulk.commit(map(each, range(200)))
        for number in range(200):
            slow.commit([each(number)])
        assert set(bulk.quads()) == set(slow.quads())
        assert check(bulk).violations == ()
        assert sorted(bulk.document_ids("gleif/lei/19")) == [f"gleif/lei/{n}" for n in (19, *range(190, 200))]


def test_a_change_of_the_record_is_a_change_and_the_same_again_is_none(store):
    store.commit([reading(record())])
    assert store.commit([reading(record())]).unchanged == 1
    assert store.commit([reading(record(topics=("sanction",)), text=TEXT + " ")]).documents == 1
    # Names and identifiers count, though they take no part in an entity's equality.
    renamed = replace(record(), entity=replace(record().entity, aliases=("Helvane", "HLV")))
    assert store.commit([reading(renamed, text=TEXT + " ")]).documents == 1
    assert next(store.records()).entity.aliases == ("Helvane", "HLV")
    store.forget(f"gleif/lei/{LEI}")
    assert list(store.records()) == list(store.entities()) == []


def test_a_key_alone_never_wins_over_a_name(store):
    bare = register_entity(LEI, "Company", "gleif", LEI, identifiers=[("lei", LEI)])
    other = Entity("company/orbicor", "Orbicor", "Company")
    for number in range(3):
        document = Document(f"gleif/rr/{number}", f"{LEI} is consolidated by Orbicor.", "en", tier=Tier.REGISTER)
        claim = Claim(bare, "subsidiary-of", other, Modality.ASSERTED, (document.evidence(0, 20),))
        store.commit([DocumentClaims(document, (claim,), "gleif 1")])
    assert {entity.name for entity in store.entities()} == {LEI, "Orbicor"}
    store.commit([reading(record())])
    assert {entity.name for entity in store.entities()} == {"Helvane SA", "Orbicor"}


def test_who_merges_and_takes_it_back_finds_the_record_as_it_was(store):
    store.commit([reading(record()), news()])
    mention, known = store.reading("news.txt").claims[0].subject, record().entity
    merge = IdentityJudgement(IdentityVerdict.SAME, mention, known, "ada", AT)
    store.commit((), [merge])
    [merged] = store.records()
    assert (merged.entity.id, merged.read.id) == (mention.id, known.id)
    assert merged.entity.identifiers == (("lei", LEI),)
    assert [one.id for one in store.entities()] == ["company/helvane", "company/orbicor"]
    assert list(store.records(entity=mention.id)) == [merged]
    assert check(store).violations == ()
    undo = IdentityJudgement(IdentityVerdict.SAME, mention, known, "ada", "2026-01-02T08:00:00Z", undoes=merge.id)
    store.commit((), [undo])
    assert list(store.records()) == [record()]
    assert next(store.records()).entity == known
    assert check(store).violations == ()


def test_a_selection_of_tiers_has_the_records_of_its_registers(store):
    store.commit([reading(record()), news()])
    registers, press = (select(store, Selection(tiers=frozenset({tier}))) for tier in (Tier.REGISTER, Tier.NEWS))
    assert list(registers.records()) == [record()]
    assert list(press.records()) == []
    assert {row["name"].value for row in registers.query("SELECT ?name { ?e rdfs:label ?name . ?r kg:about ?e }")} == {
        "Helvane SA"
    }
    assert not press.query("ASK { ?record a kg:RegisterRecord }")


@pytest.mark.parametrize("wrong", [Entity("company/x", "X", "Planet"), Entity("claim/x", "X", "Company")])
def test_a_record_that_no_graph_could_hold_is_refused(store, wrong):
    with pytest.raises(InvalidRecord):
        store.commit([reading(RegisterRecord(wrong, "gleif", "x"))])
    assert list(store.records()) == []


def test_all_records_are_walked_through_in_an_order_of_their_own_whatever_came_when():
    pytest.importorskip("tantivy")
    from kg.store.register_index import RegisterIndex

    def one(number):
        entity = register_entity(f"Helvane {number} SA", "Company", "made", str(number))
        document = Document(f"made/{number}", f"{number}", "en", tier=Tier.REGISTER)
        return DocumentClaims(document, (), records=(RegisterRecord(entity, "made", str(number)),))

    whole, grown = RegisterIndex(), RegisterIndex()
    whole.change((), map(one, range(30)), many=True)
    grown.change((), map(one, range(39, 14, -1)))
    grown.change([f"made/{number}" for number in range(30, 40)], map(one, range(15)))
    told = [listed.record.key for listed in whole]
    assert told == [listed.record.key for listed in grown]
    assert sorted(told, key=int) == [str(number) for number in range(30)]
