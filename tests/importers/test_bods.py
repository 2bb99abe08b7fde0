"""BODS: forms of files, histories of records, old versions by upgrade, second imports and deltas."""

import gzip
import json
import zipfile
from decimal import Decimal

import pytest

from kg.errors import DocumentError
from kg.importers.bods import reader, recognises
from kg.importers.registers import head_of
from kg.model import Modality, Tier
from kg.pipeline.imports import import_register
from kg.store import open_store


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


# ---------------------------------------------------------------- made by the specification
def entity(id_, name="Acme", **details):
    return statement(id_, "entity", {"entityType": {"type": "registeredEntity"}, "name": name, **details})


def person(id_, **details):
    return statement(id_, "person", {"personType": "knownPerson", **details})


def tie(id_, subject, party, *interests, status="new", date="2024-01-31", **details):
    return statement(
        id_, "relationship", {"subject": subject, "interestedParty": party, "interests": list(interests), **details},
        status=status, date=date,
    )  # fmt: skip


def statement(id_, kind, details, status="new", date="2024-01-31"):
    return {
        "statementId": f"{id_}-{date}-{status}",
        "recordId": id_,
        "recordType": kind,
        "recordStatus": status,
        "statementDate": date,
        "publicationDetails": {"publicationDate": date, "bodsVersion": "0.4", "publisher": {"name": "Register"}},
        "recordDetails": {"isComponent": False, **details},
    }


def shares(percent, **more):
    return {"type": "shareholding", "share": {"exact": percent}, **more}


def written(tmp_path, statements, form="array", name="made.json"):
    path = tmp_path / name
    whole = json.dumps(statements, indent=1)
    lines = "".join(f"{json.dumps(each)}\n" for each in statements)
    texts = {"array": whole, "lines": lines, "object": f'{{"publisher": {{"a": [1]}}, "statements": {whole}}}'}
    path.write_text(texts[form], "utf-8")
    return path


SMALL = [entity("a"), person("p", names=[{"fullName": "Jo Doe"}]), tie("r", "a", "p", shares(12.5))]


@pytest.mark.parametrize("form", ["array", "lines", "object"])
def test_each_form_of_a_file_gives_the_same(tmp_path, form):
    path = written(tmp_path, SMALL, form)
    assert recognises(head_of(path), path.name)
    chunks, register = chunks_of(path)
    [claim] = [claim for chunk in chunks for claim in chunk.claims]
    assert line(claim) == ("Jo Doe", "Acme", "asserted", "12.5", "capital", None, None, None)
    assert (claim.known_from, claim.document) == ("2024-01-31", "bods/made/r")
    assert [chunk.document.tier for chunk in chunks] == [Tier.REGISTER] * 3
    assert register.prefix == "bods/made/"
    place = chunks[2].document.places[0]
    assert place.name == {"array": "/2", "lines": "3", "object": "/statements/2"}[form]


def test_packed_files_are_read_as_they_are(tmp_path):
    plain = written(tmp_path, SMALL)
    packed, archive = tmp_path / "made.json.gz", tmp_path / "made.zip"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(archive, "w") as file:
        file.write(plain, "made.json")
    claims = [[claim.id for chunk in chunks_of(path)[0] for claim in chunk.claims] for path in (plain, packed, archive)]
    assert claims[0] == claims[1] == claims[2] != []


def test_a_closed_record_without_an_end_ends_what_the_statement_before_asserted(tmp_path):
    history = [
        *SMALL[:2],
        tie("r", "a", "p", shares(50, startDate="2020-01-01"), date="2020-02-01"),
        tie("r", "a", "p", shares(30, startDate="2021-01-01"), date="2021-02-01", status="updated"),
        tie("r", "a", "p", shares(30, startDate="2021-01-01"), date="2022-02-01", status="closed"),
    ]
    chunks, _ = chunks_of(written(tmp_path, history))
    [chunk] = [chunk for chunk in chunks if chunk.claims]
    assert [(claim.modality, claim.qualifiers.percent, claim.known_from) for claim in chunk.claims] == [
        (Modality.ENDED, Decimal(30), "2022-02-01"),
        (Modality.ASSERTED, Decimal(30), "2021-02-01"),
        (Modality.PAST, Decimal(50), "2020-02-01"),
    ]
    assert chunk.rows == 3
    assert len(chunk.document.places) == 3


def test_the_order_of_statements_does_not_matter(tmp_path):
    turned = written(tmp_path, SMALL[::-1], name="turned.json")
    first = [claim for chunk in chunks_of(written(tmp_path, SMALL), name="x")[0] for claim in chunk.claims]
    second = [claim for chunk in chunks_of(turned, name="x")[0] for claim in chunk.claims]
    assert [claim.id for claim in first] == [claim.id for claim in second]


def test_unknown_and_anonymous_parties_are_never_one(tmp_path):
    unknown = [person(f"p{at}", personType=kind) for at, kind in enumerate(["unknownPerson", "anonymousPerson"] * 2)]
    chunks, _ = chunks_of(written(tmp_path, [*unknown, entity("e", None, entityType={"type": "unknownEntity"})]))
    entities = [record.entity for chunk in chunks for record in chunk.records]
    assert len({entity.id for entity in entities}) == 5
    assert [entity.name for entity in entities[:2]] == ["Unknown person p0", "Anonymous person p1"]
    assert (entities[4].name, entities[4].type) == ("Unknown entity e", "LegalEntity")


def test_ids_that_differ_in_letters_or_signs_alone_stay_apart(tmp_path):
    chunks, _ = chunks_of(written(tmp_path, [entity(id_) for id_ in ("a-1", "A-1", "a_1", "a 1")]))
    assert len({record.entity.id for chunk in chunks for record in chunk.records}) == 4


def test_a_second_import_changes_nothing_and_a_delta_only_its_record(tmp_path):
    path = written(tmp_path, SMALL)
    changed = tmp_path / "delta.json"
    delta = [*SMALL[:2], tie("r", "a", "p", shares(20), status="updated", date="2024-06-30")]
    changed.write_text(json.dumps(delta, indent=1))
    with open_store(None, write=True) as store:
        first = import_register(store, reader(path))
        again = import_register(store, reader(path))
        delta = import_register(store, reader(changed, name="made", is_delta=True))
        percents = [claim.qualifiers.percent for claim in store.claims()]
    assert (first.written, first.claims, first.records) == (3, 1, 2)
    assert (again.written, again.unchanged, again.forgotten) == (0, 3, 0)
    assert (delta.written, delta.unchanged, delta.retracted) == (1, 2, 1)
    assert percents == [Decimal(20)]


OLD = [
    {"statementID": "s-a", "statementType": "entityStatement", "statementDate": "2019-05-01", "entityType":
     "registeredEntity", "name": "Acme", "incorporatedInJurisdiction": {"code": "GB"}},
    {"statementID": "s-p", "statementType": "personStatement", "statementDate": "2019-05-01", "personType":
     "knownPerson", "names": [{"type": "individual", "fullName": "Jo Doe"}], "hasPepStatus": True},
    {"statementID": "s-r1", "statementType": "ownershipOrControlStatement", "statementDate": "2019-05-01",
     "subject": {"describedByEntityStatement": "s-a"}, "interestedParty": {"describedByPersonStatement": "s-p"},
     "interests": [{"type": "voting-rights", "interestLevel": "direct", "share": {"minimum": 25, "maximum": 50}}]},
    {"statementID": "s-r2", "statementType": "ownershipOrControlStatement", "statementDate": "2020-05-01",
     "subject": {"describedByEntityStatement": "s-a2"}, "interestedParty": {"describedByPersonStatement": "s-p"},
     "interests": [{"type": "voting-rights", "interestLevel": "indirect", "share": {"minimum": 50, "exclusiveMinimum":
     True, "maximum": 75, "exclusiveMaximum": False}}], "replacesStatements": ["s-r1"]},
    {"statementID": "s-a2", "statementType": "entityStatement", "statementDate": "2020-05-01", "entityType":
     "registeredEntity", "name": "Acme Group", "jurisdiction": {"code": "GB"}, "replacesStatements": ["s-a"]},
    {"statementID": "s-u", "statementType": "ownershipOrControlStatement", "statementDate": "2019-05-01",
     "subject": {"describedByEntityStatement": "s-a"},
     "interestedParty": {"unspecified": {"reason": "no-beneficial-owners"}}},
]  # fmt: skip
"""Statements of BODS 0.2 and 0.3, made by the specification of these versions: there are no public examples here."""


@pytest.mark.parametrize("form", ["array", "lines"])
def test_older_versions_are_read_by_upgrade_and_replaced_statements_are_history(tmp_path, form):
    chunks, _ = chunks_of(written(tmp_path, OLD, form))
    claims = [claim for chunk in chunks for claim in chunk.claims]
    assert [line(claim) for claim in claims] == [
        ("Jo Doe", "Acme Group", "asserted", ">50 <=75", "votes", True, None, None),
        ("Jo Doe", "Acme Group", "past", ">=25 <50", "votes", False, None, None),
    ]
    [record] = [record for chunk in chunks for record in chunk.records if record.former_names]
    assert (record.entity.name, record.country, record.former_names[0].name) == ("Acme Group", "GB", "Acme")
    topics = [record.topics for chunk in chunks for record in chunk.records if record.topics]
    assert topics == [("unspecified-owner:noBeneficialOwners",)]
    assert sum(chunk.rows for chunk in chunks) == len(OLD)


def test_what_consolidates_in_gleif_is_a_parent(tmp_path):
    control = {"type": "otherInfluenceOrControl", "directOrIndirect": "direct"}
    details = "LEI RelationshipType: IS_DIRECTLY_CONSOLIDATED_BY"
    ties = [tie("r", "a", "b", {**control, "details": details}), tie("s", "a", "b", {**control, "details": "adviser"})]
    chunks, register = chunks_of(written(tmp_path, [entity("a", "Child"), entity("b", "Parent"), *ties]))
    [claim] = [claim for chunk in chunks for claim in chunk.claims]
    assert (claim.subject.name, claim.relation, claim.object.name) == ("Child", "subsidiary-of", "Parent")
    assert counted(register) == {"interest 'otherInfluenceOrControl', for which kg has no relation": 1}


def test_a_cut_file_is_refused_before_anything_is_written(tmp_path):
    path = written(tmp_path, SMALL)
    path.write_text(path.read_text()[:-40])
    with open_store(None, write=True) as store:
        with pytest.raises(DocumentError):
            import_register(store, reader(path))
        assert list(store.document_ids()) == []
