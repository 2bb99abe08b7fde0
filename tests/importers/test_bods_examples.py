"""BODS: what each example of the standard and each conformance fixture must give, read in place."""

import json

import pytest

from kg.importers.bods import reader, recognises
from kg.importers.registers import head_of
from kg.places import PlaceKind

# What comes out of each file: claims as (holder, issuer, modality, percent or bounds, of, indirect, start, end),
# records of entities, kinds of what is left out. From the notes beside the fixtures, and from reading the examples.
EXPECTED = {
    "bods-package-annotations.json": ([], 2, {"annotation": 1, "relationship that names no interest": 1}),
    "bods-package-entity-owning-entity.json": (
        [("MVJ LIMITED", "JENEX LIMITED", "asserted", ">=75 <100", "capital", False, None, None)],
        2,
        {},
    ),
    "bods-package-fi-soe.json": (
        [
            ("Suomen Kaasuverkko Oy", "Gasgrid Finland Oy", "asserted", "76.5", "capital", False, "2020-01-01", None),
            ("Suomen tasavalta", "Gasgrid Finland Oy", "asserted", "100", "capital", True, "2020-01-01", None),
            ("Valtiovarainministerio", "Gasgrid Finland Oy", "asserted", "23.5", "capital", False, "2020-01-01", None),
            (
                "Valtiovarainministerio",
                "Suomen Kaasuverkko Oy",
                "asserted",
                "100",
                "capital",
                False,
                "2020-01-01",
                None,
            ),
        ],
        4,
        {"interest 'otherInfluenceOrControl', for which kg has no relation": 1},
    ),
    "bods-package-linking-annotations.json": (
        [
            (
                "Mr Jeremy Hunt",
                "MARE POND PROPERTIES LIMITED",
                "asserted",
                ">25 <50",
                "capital",
                None,
                "2018-09-19",
                None,
            )
        ],
        2,
        {"annotation": 2},
    ),
    "bods-package.json": (
        [("Jennifer Hewitson-Smith", "Profitech Ltd", "asserted", "100", "capital", False, "2016-04-06", None)],
        2,
        {},
    ),
    "fermcat.json": (
        [
            ("Declan Byrne-Amin", "Fermcat Ltd", "ended", "50", "capital", False, "2021-04-03", "2022-01-21"),
            ("Patrick O'Donohue", "Fermcat Ltd", "asserted", "100", "capital", False, "2019-09-11", None),
            ("Patrick O'Donohue", "Fermcat Ltd", "past", "50", "capital", False, "2019-09-11", None),
            ("Riyadh Byrne-Amin", "Fermcat Ltd", "ended", "50", "capital", False, "2019-09-11", "2021-04-03"),
        ],
        4,
        {"interest 'boardMember', for which kg has no relation": 2},
    ),
    "full-pep-declaration.json": (
        [
            ("Michael Hubbard", "Platinum Emerald and Plutonim Mining Limited", "asserted", *rest)
            for rest in (
                (">=25 <50", "capital", False, "2016-07-07", None),
                (">=25 <50", "votes", False, "2016-07-07", None),
            )
        ],
        2,
        {},
    ),
    "indirect-ownership.json": (
        [
            ("Company B", "Company A", "asserted", "60", "capital", False, "2017-11-01", None),
            ("Person 1", "Company A", "asserted", "30", "capital", True, "2017-11-01", None),
        ],
        3,
        {"interest of no known type": 1},
    ),
    "joint-ownership.json": (
        [
            ("Joint shareholding", "CHRINON LTD", "asserted", "100", "capital", False, "2018-01-01", None),
            ("Natalie Coleman", "Joint shareholding", "asserted", "50", "capital", False, "2018-01-01", None),
            ("Roberto Lopez", "Joint shareholding", "asserted", "50", "capital", False, "2018-01-01", None),
        ],
        4,
        {},
    ),
    "levent.json": (
        [],
        4,
        {
            "interest 'trustee', for which kg has no relation": 2,
            "interest 'settlor', for which kg has no relation": 1,
            "interest 'beneficiaryOfLegalArrangement', for which kg has no relation": 1,
        },
    ),
    "listed-company-exempt-from-disclosure.json": ([], 2, {}),
    "mixed-direct-and-indirect-ownership.json": (
        [
            ("Company B", "Company A", "asserted", "50", "capital", False, "2017-11-01", None),
            ("Person 1", "Company A", "asserted", "50", "capital", False, "2019-05-01", None),
            ("Person 1", "Company A", "asserted", "50", "capital", True, "2017-11-01", None),
        ],
        3,
        {"interest of no known type": 1},
    ),
    "multiple-indirect-ownership.json": (
        [
            ("Company C", "Company B", "asserted", "50", "capital", False, "2017-11-01", None),
            ("Company D", "Company B", "asserted", "50", "capital", False, "2017-11-01", None),
            ("Person 1", "Company B", "asserted", "60", "capital", True, "2017-11-01", None),
        ],
        4,
        {"interest of no known type": 2},
    ),
    "multiple-tax-residencies.json": (
        [("Logan Morton", "Company A", "asserted", "100", "capital", False, "2016-04-06", None)],
        2,
        {},
    ),
    "mutilple-indirect-ownership-2.json": (
        [
            ("Company B", "Company A", "asserted", "40", "capital", False, "2017-11-01", None),
            ("Company C", "Company A", "asserted", "20", "capital", False, "2017-11-01", None),
            ("Person 1", "Company A", "asserted", "60", "capital", True, "2017-11-01", None),
        ],
        4,
        {"interest of no known type": 2},
    ),
    "nomination.json": (
        [],
        4,
        {
            f"interest '{kind}', for which kg has no relation": 1
            for kind in ("boardMember", "nominator", "nominee", "otherInfluenceOrControl")
        },
    ),
    "plc-entity-statement.json": ([], 1, {"identifier of a security ('listing') that is not well formed": 1}),
    "simple-pep-declaration.json": (
        [
            ("Michael Hubbard", "Platinum Emerald and Plutonim Mining Limited", "asserted", *rest)
            for rest in (
                (">=25 <50", "capital", False, "2016-07-07", None),
                (">=25 <50", "votes", False, "2016-07-07", None),
            )
        ],
        2,
        {},
    ),
    "tecido.json": (
        [
            ("Maria Esteves", "Tecido Ltd", modality, percent, of, False, start, None)
            for of in ("capital", "votes")
            for modality, percent, start in (
                ("past", "100", "2002-03-09"),
                ("past", "40", "2021-09-24"),
                ("asserted", "30", "2022-09-21"),
                ("ended", "30", "2022-09-21"),
            )
        ]
        + [
            ("Shear Trust", "Tecido Ltd", modality, percent, of, False, start, None)
            for of in ("capital", "votes")
            for modality, percent, start in (
                ("past", "60", "2021-09-24"),
                ("past", "70", "2022-09-21"),
                ("asserted", "80", "2023-03-01"),
            )
        ],
        3,
        {"interest 'boardChair', for which kg has no relation": 1},
    ),
    "01-direct-ownership.json": (
        [
            ("Jane Smith", "Acme Holdings Ltd", "asserted", "75", "capital", False, "2010-01-01", None),
            ("Jane Smith", "Acme Holdings Ltd", "asserted", "75", "votes", False, "2010-01-01", None),
        ],
        2,
        {},
    ),
    "10-circular-ownership.json": (
        [
            ("Alpha Corp Ltd", "Beta Corp Ltd", "asserted", "100", "capital", False, None, None),
            ("Beta Corp Ltd", "Alpha Corp Ltd", "asserted", "100", "capital", False, None, None),
        ],
        2,
        {},
    ),
    "11-anonymous-person.json": ([], 2, {}),
}


def chunks_of(path, **how):
    register = reader(path, **how)
    return list(register.chunks()), register


def line(claim):
    terms = claim.qualifiers
    share = terms.as_printed or (None if terms.percent is None else str(terms.percent))
    ends = (claim.subject.name, claim.object.name, claim.modality.value)
    return (*ends, share, terms.percent_of, terms.indirect, terms.start, terms.end)


def counted(register):
    """What is left out, but for identifiers of schemes that kg does not know."""
    parts = (note.partition(" left out: ") for note in register.notes())
    return {what: int(count) for count, _, what in parts if not what.startswith("identifier of scheme")}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_example_gives_what_its_notes_say(shared, name):
    [path] = (shared / "data" / "bods").rglob(name)
    claims, records, left_out = EXPECTED[name]
    chunks, register = chunks_of(path)
    assert recognises(head_of(path), name)
    assert sorted((line(claim) for chunk in chunks for claim in chunk.claims), key=str) == sorted(claims, key=str)
    assert sum(len(chunk.records) for chunk in chunks) == records
    assert counted(register) == left_out
    assert sum(chunk.rows for chunk in chunks) == len(json.loads(path.read_text("utf-8")))
    assert [reject for chunk in chunks for reject in chunk.rejected] == []
    for chunk in chunks:
        for claim in chunk.claims:
            [evidence] = claim.evidence
            assert evidence.quote == chunk.document.text[evidence.start : evidence.end]
            assert json.loads(evidence.quote)["recordType"] == "relationship"
            assert chunk.document.places_of(evidence)[0].kind is PlaceKind.POINTER


def test_every_example_that_is_there_is_expected(shared):
    assert {path.name for path in (shared / "data" / "bods").rglob("*.json")} == EXPECTED.keys()


def test_an_owner_that_is_not_told_stays_so_with_its_reason(shared):
    chunks, _ = chunks_of(next((shared / "data" / "bods").rglob("11-anonymous-person.json")))
    topics = [record.topics for chunk in chunks for record in chunk.records if record.topics]
    assert topics == [("unspecified-owner:subjectUnableToConfirmOrIdentifyBeneficialOwner",)]
    assert [claim for chunk in chunks for claim in chunk.claims] == []


def test_securities_and_register_numbers_identify_an_entity(shared):
    chunks, _ = chunks_of(shared / "data/bods/examples/plc-entity-statement.json")
    [record] = chunks[0].records
    assert record.entity.id == "company/lei-py6zzqwo2izfzc3iol08"
    assert ("registration", "GB:02723534") in record.entity.identifiers
    assert (record.country, record.start, record.entity.type) == ("GB", "1992-06-17", "Company")
