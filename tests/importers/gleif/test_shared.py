"""Real records of GLEIF, against what others make of them: Open Ownership's conversions, and a plain count."""

import csv
import gzip
import json
from collections import Counter
from dataclasses import replace

import pytest

from kg.importers.gleif import recognises
from kg.importers.registers import recognised, register
from kg.pipeline.imports import import_register
from kg.store import check, open_store


@pytest.fixture(scope="module")
def gleif(shared):
    return shared / "data" / "gleif"


def chunks(path):
    assert recognised(path) == "gleif"
    return list(register("gleif", path).chunks())


def said(found):
    return [
        (chunk.records, [(c.subject, c.object, c.qualifiers) for c in chunk.claims])
        for chunk in found
        if chunk.document
    ]


@pytest.mark.parametrize(("name", "count"), [("lei-data", 13), ("rr-data", 10)])
def test_xml_and_json_of_the_same_records_say_the_same(gleif, name, count):
    in_xml, in_json = (chunks(gleif / "cdf-fixtures" / f"{name}.{form}") for form in ("xml", "json"))
    # The last of XML says that the header counts the records of the whole register.
    assert "is not the number of records" in str(in_xml.pop().rejected[0])
    assert len(in_xml) == len(in_json) == count
    assert [without_addresses(one) for one in said(in_xml)] == [without_addresses(one) for one in said(in_json)]


def without_addresses(told):
    """What a chunk says, but for addresses: of several lines the JSON has the last alone."""
    records, claims = told
    return tuple(replace(record, addresses=()) for record in records), claims


def test_the_legal_address_stands_in_one_line(gleif):
    addresses = {
        chunk.records[0].key: chunk.records[0].addresses
        for chunk in chunks(gleif / "cdf-fixtures" / "lei-data.xml")
        if chunk.records
    }
    assert addresses["004L5FPTUREIWK9T2N63"] == (
        "C/O Corporation Service Company, 2711 Centerville Road, Suite 400, 19808 Wilmington, US",
    )
    triples = chunks(gleif / "rdf-samples" / "L1Data.ttl")
    assert ("St. Alban-Vorstadt 5, 4052 Basel, CH",) in {record.addresses for c in triples for record in c.records}


def test_entities_are_those_of_open_ownership(gleif):
    folder = gleif / "cdf-fixtures"
    records = {chunk.records[0].key: chunk for chunk in chunks(folder / "lei-updates-data.json")}
    statements = json.loads((folder / "lei-updates-data-out.json").read_text())
    assert len(statements) == len(records) == 5
    for statement in statements:
        chunk = records[statement["identifiers"][0]["id"]]
        [record] = chunk.records
        assert record.entity.name == statement["name"]
        assert record.country == statement["incorporatedInJurisdiction"]["code"]
        assert record.start == (statement["foundingDate"][:10] if "foundingDate" in statement else None)
        assert record.end == (statement["dissolutionDate"][:10] if "dissolutionDate" in statement else None)
        assert chunk.document.published == statement["statementDate"]


def test_parents_are_those_of_open_ownership(gleif):
    """Its statements stand in the order of the records; a fund's managers, which it has too, are left out here."""
    folder = gleif / "cdf-fixtures"
    found = chunks(folder / "rr-data.json")
    statements = json.loads((folder / "rr-data-out.json").read_text())
    levels = {False: "direct", None: "indirect"}
    taken = [
        (chunk.document.published, claim.qualifiers.start, levels[claim.qualifiers.indirect])
        for chunk in found
        for claim in chunk.claims
    ]
    told = [
        (one["statementDate"], one["interests"][0]["startDate"][:10], one["interests"][0]["interestLevel"])
        for one, chunk in zip(statements, found, strict=True)
        if chunk.document is not None
    ]
    assert len(taken) == 2
    assert taken == told


def test_mixed_updates_are_taken_each_for_what_it_is(gleif):
    found = chunks(gleif / "cdf-fixtures" / "relationship-update-data.json")
    assert Counter(chunk.document.id.split("/")[1] for chunk in found) == {"lei": 2, "rr": 4}
    found = chunks(gleif / "cdf-fixtures" / "reporting-exceptions-data.json")
    topics = [topic for chunk in found for record in chunk.records for topic in record.topics]
    assert topics == ["parent-exception:direct:NON_CONSOLIDATING", "parent-exception:ultimate:NON_CONSOLIDATING"]


def test_gleif_s_own_rdf_is_read(gleif):
    folder = gleif / "rdf-samples"
    entities = {chunk.records[0].key: chunk.records[0] for chunk in chunks(folder / "L1Data.ttl")}
    citigroup = entities["6SHGI4ZSSLCXXQSBB395"]
    assert {one.name for one in citigroup.former_names} == {
        "Primerica Corporation",
        "The Travelers Inc.",
        "Travelers Group Inc.",
    }
    assert ("registration", "US-DE:2154254") in citigroup.entity.identifiers
    assert entities["549300NRE2M9GQ3DTH08"].sectors == ("gleif:SOLE_PROPRIETOR",)
    claims = [claim for chunk in chunks(folder / "L2Data.ttl") for claim in chunk.claims]
    assert Counter(claim.qualifiers.indirect for claim in claims) == {False: 3, None: 3}
    assert [len(chunk.records) for chunk in chunks(folder / "ReportingExceptionData.ttl")] == [1, 1, 1]
    for other in ("EntityLegalFormData.ttl", "RegistrationAuthorityData.ttl", "L1GeoData.ttl"):
        assert not recognises((folder / other).read_bytes(), other)


def test_the_sample_of_thirty_thousand_is_read_without_loss(gleif):
    path = gleif / "lei-level1-sample-30k.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
        rows = {row["LEI"]: row for row in csv.DictReader(handle)}
    source = register("gleif", path)
    records = {}
    for chunk in source.chunks():
        assert chunk.rejected == ()
        [record] = chunk.records
        records[record.key] = record
    assert len(rows) == 30_000
    assert records.keys() == rows.keys()
    for key, row in rows.items():
        assert records[key].entity.id.startswith("company/")
        assert " ".join(row["Entity.LegalName"].split()) in records[key].entity.aliases
        assert (records[key].country or "") == row["Entity.LegalAddress.Country"]
        categories = (row["Entity.EntityCategory"], row["Entity.EntitySubCategory"])
        assert records[key].sectors == tuple(f"gleif:{code}" for code in categories if code)
    # One of the LEIs that GLEIF has published with other check digits than ISO 17442 asks for.
    assert list(source.notes()) == ["1 LEIs taken whose check digits do not hold"]


@pytest.mark.long
def test_the_sample_of_thirty_thousand_is_imported_without_loss_and_again_without_change(gleif, tmp_path):
    path = gleif / "lei-level1-sample-30k.csv.gz"
    with open_store(tmp_path / "store", write=True) as store:
        first = import_register(store, register("gleif", path))
        assert (first.rows, first.written, first.records, first.bad_rows) == (30_000, 30_000, 30_000, 0)
        again = import_register(store, register("gleif", path))
        assert (again.unchanged, again.written, again.forgotten) == (30_000, 0, 0)
        assert sum(1 for _ in store.records()) == 30_000
        assert check(store).violations == ()
