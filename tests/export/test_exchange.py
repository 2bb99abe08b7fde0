"""BODS, FollowTheMoney and Wikidata: what is exported reads back as the same claims, and what is not said is told."""

import datetime as dt
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.export import export, format_of
from kg.importers import bods, ftm, wikidata
from kg.model import Claim, Document, Entity, Figure, Modality, Qualifiers, Tier
from kg.pipeline.imports import import_register
from kg.resolve import DatedName, RegisterRecord
from kg.store import DocumentClaims, open_store

TODAY = dt.date(2025, 3, 12)
READERS = {"bods": bods, "ftm": ftm, "wikidata": wikidata}
ACME = Entity("company/acme", "Acme", "Company", ("Acme",), (("lei", "PY6ZZQWO2IZFZC3IOL08"), ("qid", "Q42")))
BETA = Entity("organisation/beta-é", "Beta", "Organisation", ("Beta",))
JO = Entity("person/jo-doe", "Jo Doe", "Person", ("Jo Doe",))
STATE = Entity("publicbody/state", "State", "PublicBody", ("State",))
CLAIM_OF = {"percent": Decimal("12.5"), "percent_of": "capital", "start": "2020-01-31", "as_of": "2024-06-30"}


def claim(subject, relation, object_, modality=Modality.ASSERTED, known_from="2024-07-01", document=None, **terms):
    source = document or text("a")
    evidence = (source.evidence(0, len(source.text)),)
    return Claim(subject, relation, object_, modality, evidence, Qualifiers(**terms), known_from=known_from)


def text(id_):
    return Document(id_, f"{id_} says so", "en", "2024-07-01", title="A register", tier=Tier.REGISTER,
                    url="https://register.example/a")  # fmt: skip


def stored(store, *claims, records=()):
    document = text("a")
    store.commit([DocumentClaims(document, tuple(claims), "made/1", records=tuple(records))])


def written(store, form):
    out = io.BytesIO()
    notes = export(store, form, out, today=TODAY)
    return out.getvalue(), notes


def read_again(data, form, tmp_path):
    path = tmp_path / f"again.{form}.json"
    path.write_bytes(data)
    chunks = list(READERS[form].reader(path, name="again", retrieved=None, is_delta=False).chunks())
    assert [str(reject) for chunk in chunks for reject in chunk.rejected] == []
    return [each for chunk in chunks for each in chunk.claims]


def said(claims):
    return sorted(
        (each.subject.id, each.relation, each.object.id, each.modality.value, each.known_from, repr(each.qualifiers))
        for each in claims
    )


# A tie that is mentioned in two records would be two claims that say the same: so each has a pair of ends of its own.
FILES = ["bods-package-fi-soe", "fermcat", "tecido", "mixed-direct-and-indirect-ownership", "full-pep-declaration",
         "bods-package-linking-annotations", "joint-ownership", "multiple-indirect-ownership", "plc-entity-statement",
         "bods-package-entity-owning-entity", "10-circular-ownership", "01-direct-ownership", "levent"]  # fmt: skip


@pytest.mark.parametrize("form", ["bods", "ftm"])
@pytest.mark.parametrize("name", FILES)
def test_examples_of_bods_read_back_as_the_same_claims(shared, tmp_path, name, form):
    [path] = (shared / "data" / "bods").rglob(f"{name}.json")
    with open_store(None, write=True) as store:
        import_register(store, bods.reader(path))
        data, _ = written(store, form)
        assert said(read_again(data, form, tmp_path)) == said(store.claims())


def test_an_owner_that_is_not_told_is_exported_with_its_reason(shared):
    [path] = (shared / "data" / "bods").rglob("11-anonymous-person.json")
    with open_store(None, write=True) as store:
        import_register(store, bods.reader(path))
        data, _ = written(store, "bods")
    parties = [each["recordDetails"].get("interestedParty") for each in json.loads(data)]
    assert {"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner"} in parties


def percents(low, high):
    return st.decimals(low, high, places=2, allow_nan=False)


SHARES = st.one_of(
    st.just({}),
    percents(0, 100).map(lambda exact: {"percent": exact}),
    st.tuples(percents(0, 50), percents(50, 100)).map(lambda pair: {"percent_min": pair[0], "percent_max": pair[1]}),
    st.integers(0, 99).map(lambda low: {"percent_min": Decimal(low), "as_printed": f">{low}"}),
)
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2024, 12, 31)).map(dt.date.isoformat)
PARTIAL = st.tuples(DAYS, st.sampled_from([4, 7, 10])).map(lambda each: each[0][: each[1]])


@st.composite
def stakes(draw, days):
    terms = draw(SHARES) | {"percent_of": draw(st.sampled_from(["capital", "votes"]))}
    terms |= {"indirect": draw(st.sampled_from([True, False, None])), "as_of": draw(days)}
    terms |= {name: draw(st.none() | days) for name in ("start", "end")}
    modality = draw(st.sampled_from([Modality.ASSERTED, Modality.ENDED]))
    holder, issuer = draw(st.sampled_from([(JO, ACME), (STATE, ACME), (ACME, BETA), (BETA, ACME), (STATE, BETA)]))
    known = draw(days)
    if draw(st.booleans()) and holder is not JO and holder.type != "PublicBody":
        short = {name: terms[name] for name in ("start", "end", "as_of", "indirect")}
        return claim(holder, "subsidiary-of", issuer, modality, known, **short)
    return claim(holder, "holds-stake", issuer, modality, known, **terms)


@pytest.mark.parametrize(("form", "days"), [("bods", DAYS), ("ftm", PARTIAL)])
@settings(max_examples=25)
@given(data=st.data())
def test_stakes_of_all_kinds_read_back(tmp_path_factory, form, days, data):
    claims = data.draw(st.lists(stakes(days), min_size=1, max_size=6, unique_by=lambda each: each.id))
    with open_store(None, write=True) as store:
        stored(store, *claims)
        again = read_again(written(store, form)[0], form, tmp_path_factory.mktemp("again"))
        assert sorted(set(said(again))) == sorted(set(said(store.claims())))


def test_what_cannot_be_said_is_counted_by_reason():
    claims = [
        claim(ACME, "competes-with", BETA),
        claim(ACME, "supplies", BETA, amount=Decimal(5), currency="EUR"),
        claim(JO, "holds-stake", ACME, Modality.PLANNED, percent=Decimal(5)),
        claim(JO, "holds-stake", ACME, goods="wine", **CLAIM_OF),
        claim(ACME, "revenue", Figure(Decimal(5), "EUR")),
    ]
    with open_store(None, write=True) as store:
        stored(store, *claims)
        notes = {form: set(written(store, form)[1]) for form in READERS}
    assert notes["bods"] == {
        "1 claim left out: figures (revenue) have no term in BODS",
        "1 claim left out: relation competes-with has no term in BODS",
        "1 claim left out: relation supplies has no term in BODS",
        "1 claim left out: what is planned has no term in BODS",
        "1 × term goods has no place in BODS",
    }
    assert notes["ftm"] == {
        "1 claim left out: figures (revenue) have no term in FollowTheMoney",
        "1 claim left out: what is planned has no term in FollowTheMoney",
        "1 × term amount has no place in FollowTheMoney",
        "1 × term currency has no place in FollowTheMoney",
        "1 × term goods has no place in FollowTheMoney",
    }
    assert "1 claim left out: relation supplies has no term in Wikidata" in notes["wikidata"]


def test_past_without_what_replaced_it_is_not_said_in_bods():
    past = claim(JO, "holds-stake", ACME, Modality.PAST, **CLAIM_OF)
    with open_store(None, write=True) as store:
        stored(store, past)
        data, notes = written(store, "bods")
    assert {each["recordType"] for each in json.loads(data)} <= {"entity", "person"}
    assert notes == ("1 claim left out: what is past, and was not replaced in its source, has no term in BODS",)


def test_registers_facts_and_identifiers_go_along():
    record = RegisterRecord(
        ACME,
        "gleif",
        "x",
        country="FR",
        legal_form="SA",
        is_active=True,
        start="1999-01-31",
        former_names=(DatedName("Acme Mines", "1999", "2011"),),
        topics=("sanction", "sanction:SDN 2014-03-20/..", "ended-sanction:EU 2015/2020-01-31", "sanction.linked"),
        sectors=("nace:B07",),
        addresses=("1 rue Haute, 75001 Paris, FR",),
    )
    with open_store(None, write=True) as store:
        stored(store, claim(JO, "holds-stake", ACME, **CLAIM_OF), records=[record])
        of_bods = {each["recordId"]: each["recordDetails"] for each in json.loads(written(store, "bods")[0])}
        entities = [json.loads(line) for line in written(store, "ftm")[0].splitlines()]
        notes = {form: set(written(store, form)[1]) for form in READERS}
    of_ftm = {each["id"]: each["properties"] for each in entities}
    assert of_bods["company/acme"]["identifiers"] == [
        {"id": "PY6ZZQWO2IZFZC3IOL08", "scheme": "XI-LEI"},
        {"id": "Q42", "schemeName": "Wikidata"},
        {"id": "company/acme", "schemeName": "kg"},
    ]
    assert of_bods["company/acme"]["jurisdiction"]["code"] == "FR"
    assert of_bods["company/acme"]["foundingDate"] == "1999-01-31"
    acme = of_ftm["kg-company.acme"]
    assert (acme["leiCode"], acme["wikidataId"]) == (["PY6ZZQWO2IZFZC3IOL08"], ["Q42"])
    assert acme["topics"] == ["sanction", "sanction.linked"]
    assert (acme["jurisdiction"], acme["legalForm"], acme["status"]) == (["fr"], ["SA"], ["active"])
    assert (acme["previousName"], acme["address"]) == (["Acme Mines"], ["1 rue Haute, 75001 Paris, FR"])
    assert of_bods["company/acme"]["addresses"] == [{"address": "1 rue Haute, 75001 Paris, FR"}]
    sanctions = [each["properties"] for each in entities if each["schema"] == "Sanction"]
    entity = ["kg-company.acme"]
    assert sanctions == [
        {"entity": entity, "program": ["EU"], "startDate": ["2015"], "endDate": ["2020-01-31"], "status": ["ended"]},
        {"entity": entity, "program": ["SDN"], "startDate": ["2014-03-20"]},
    ]
    assert notes["ftm"] == {"1 × days of a former name have no place in FollowTheMoney"}
    assert notes["bods"] >= {
        "1 × days of a former name have no place in BODS",
        "1 × former name of an entity told as an alternate one, since BODS has no other",
        "1 × topic of a register, such as sanctions has no place in BODS",
        "1 × sector has no place in BODS",
        "1 × whether an entity is active has no place in BODS",
    }
    assert "1 × former name told as an alias, since labels have no days" in notes["wikidata"]
    assert "1 × country of registration has no place in Wikidata" in notes["wikidata"]


def test_sanctions_and_former_names_read_back_from_ftm(tmp_path):
    topics = ("ended-sanction:EU 2015/2020-01-31", "sanction", "sanction:SDN 2014-03-20/..")
    record = RegisterRecord(ACME, "x", "x", former_names=(DatedName("Acme Mines"),), topics=topics, is_active=False)
    with open_store(None, write=True) as store, open_store(None, write=True) as again:
        stored(store, claim(JO, "holds-stake", ACME, **CLAIM_OF), records=[record])
        path = tmp_path / "out.ftm.json"
        path.write_bytes(written(store, "ftm")[0])
        import_register(again, ftm.reader(path, name="out", retrieved=None, is_delta=False))
        read = [one for one in again.records() if one.entity.id == ACME.id]
    assert {topic for one in read for topic in one.topics} == set(topics)
    assert {name.name for one in read for name in one.former_names} == {"Acme Mines"}
    assert {one.is_active for one in read} == {False, None}


def test_an_item_of_wikidata_has_ranks_qualifiers_and_references():
    held = claim(JO, "holds-stake", ACME, **CLAIM_OF)
    ended = claim(STATE, "holds-stake", ACME, Modality.ENDED, start="2010", end="2015-06")
    with open_store(None, write=True) as store:
        stored(store, held, ended)
        items = {each["labels"]["mul"]["value"]: each for each in json.loads(written(store, "wikidata")[0])}
    assert items["Acme"]["id"] == "Q42"
    assert "id" not in items["Jo Doe"]
    by_rank = {each["rank"]: each for each in items["Acme"]["claims"]["P127"]}
    first, second = by_rank["preferred"], by_rank["normal"]
    assert first["mainsnak"]["snaktype"] == "somevalue"
    assert first["qualifiers"]["P1932"][0]["datavalue"]["value"] == "Jo Doe"
    assert first["qualifiers"]["P1107"][0]["datavalue"]["value"]["amount"] == "+0.125"
    times = [second["qualifiers"][name][0]["datavalue"]["value"] for name in ("P580", "P582")]
    assert [(time["time"], time["precision"]) for time in times] == [
        ("+2010-00-00T00:00:00Z", 9),
        ("+2015-06-00T00:00:00Z", 10),
    ]
    assert first["references"][0]["snaks"]["P854"][0]["datavalue"]["value"] == "https://register.example/a"
    assert items["Jo Doe"]["claims"]["P1830"][0]["mainsnak"]["datavalue"]["value"]["id"] == "Q42"


def test_an_export_to_wikidata_reads_back_where_both_ends_have_a_qid(tmp_path):
    parent = replace(BETA, id="company/parent", type="Company", identifiers=(("qid", "Q7"),))
    with open_store(None, write=True) as store:
        stored(store, claim(ACME, "subsidiary-of", parent, start="2020"))
        claims = read_again(written(store, "wikidata")[0], "wikidata", tmp_path)
    assert {(each.relation, each.qualifiers.start) for each in claims} == {("subsidiary-of", "2020")}


def test_the_name_of_a_file_tells_the_format():
    names = ["x.bods.json", "X.FTM.JSON", "a/b.wikidata.json", "x.jsonl"]
    assert [format_of(name) for name in names] == ["bods", "ftm", "wikidata", "jsonl"]
    with pytest.raises(KgError):
        format_of("x.json")


@settings(max_examples=25)
@given(claims=st.lists(stakes(PARTIAL), min_size=1, max_size=6, unique_by=lambda each: each.id))
def test_statements_of_bods_keep_the_rules_of_the_standard(claims):
    # Those of https://standard.openownership.org/en/0.4.0/standard/reference.html.
    with open_store(None, write=True) as store:
        stored(store, *claims)
        statements = json.loads(written(store, "bods")[0])
    assert len({each["statementId"] for each in statements}) == len(statements)
    seen = set()
    for each in statements:
        details = each["recordDetails"]
        assert 32 <= len(each["statementId"]) <= 64
        assert each["publicationDetails"]["bodsVersion"] == "0.4"
        assert each["recordStatus"] in ({"updated", "closed"} if each["recordId"] in seen else {"new", "closed"})
        days = [each["statementDate"], each["publicationDetails"]["publicationDate"]]
        if each["recordType"] == "relationship":
            # Parties come before the relationships that name them.
            assert {details["subject"], details["interestedParty"], each["declarationSubject"]} <= seen
            dates = [interest.get(name) for interest in details["interests"] for name in ("startDate", "endDate")]
            days += [date for date in dates if date is not None]
        assert all(dt.date.fromisoformat(day).isoformat() == day for day in days)
        seen.add(each["recordId"])
