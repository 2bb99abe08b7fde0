"""kg import opencorporates: companies and relationships.

No delivery is at hand: the files are made by the data dictionaries (see opencorporates_files.py).
"""

import gzip
from decimal import Decimal

import pytest

from kg.errors import DocumentError
from kg.importers import opencorporates
from kg.importers.registers import head_of, register
from kg.model import Tier
from kg.pipeline.imports import import_register
from kg.query.identification import Asked, identify
from kg.resolve import DatedName
from kg.store import open_store
from tests.importers.opencorporates_files import COMPANIES, HELD, NAMES, RELATIONSHIPS, ZELTAN, table


def written(tmp_path, text, name="companies.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def chunks(path, **told):
    return list(register("opencorporates", path, **told).chunks())


def held(tmp_path, **changed):
    """The claims of one row of relationships, its rejects as text, and its notes."""
    source = register("opencorporates", written(tmp_path, table(RELATIONSHIPS, {**HELD, **changed})))
    [chunk] = source.chunks()
    return chunk.claims, [str(one) for one in chunk.rejected], list(source.notes())


# ------------------------------------------------------------------------------------------ companies
def test_a_company_is_a_record_by_its_number_in_its_register(tmp_path):
    path = written(tmp_path, table(COMPANIES, ZELTAN))
    assert opencorporates.recognises(head_of(path), path.name)
    [chunk] = chunks(path)
    [record] = chunk.records
    assert (record.entity.id, record.entity.identifiers) == (
        "company/registration-gb-01234567",
        (("registration", "GB:01234567"),),
    )
    assert record.entity.name == 'Zeltan "Holdings", Ltd'
    assert "Daliad Zeltan Cyf" in record.entity.aliases
    assert (record.register, record.key, record.country) == ("opencorporates", "gb/01234567", "GB")
    assert (record.legal_form, record.is_active, record.start, record.end) == (
        "Private Limited Company",
        True,
        "1998-04-01",
        None,
    )
    assert [one.name for one in record.former_names] == ["Zeltan & Sons Ltd", "Zeltan Ltd"]
    assert record.sectors == ("uk_sic_2007:64209", "eu_nace_2:6420")
    document = chunk.document
    assert (document.published, document.tier, document.url) == (
        "2024-05-06",
        Tier.REGISTER,
        "https://register.example/01234567",
    )
    assert document.text == path.read_text("utf-8").rstrip("\n")
    [place] = document.places
    assert document.text[place.start : place.end] == path.read_text("utf-8").split("\n", 1)[1].rstrip("\n")


def test_a_company_of_a_state_and_one_whose_number_no_identifier_can_hold(tmp_path):
    american = {**ZELTAN, "jurisdiction_code": "us_de", "company_number": "55-1"}
    german = {**ZELTAN, "jurisdiction_code": "de", "company_number": "K1101R_HRB150148"}
    found = chunks(written(tmp_path, table(COMPANIES, american, german)))
    [first], [second] = (chunk.records for chunk in found)
    assert (first.country, first.entity.id) == ("US-DE", "company/registration-us-de-55-1")
    assert second.entity.id == "company/opencorporates-de-k1101r-hrb150148-d14d795bbe0c"
    assert [chunk.document.places[0].name for chunk in found] == ["2", "4"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"company_number": ""}, "company_number '' is empty"),
        ({"name": "  "}, "name '' is empty"),
        ({"jurisdiction_code": "Delaware"}, "is no code"),
    ],
)
def test_a_row_that_does_not_hold_is_named_and_the_others_are_read(tmp_path, changed, reason):
    first, second = chunks(written(tmp_path, table(COMPANIES, {**ZELTAN, **changed}, ZELTAN)))
    assert first.document is None
    assert reason in str(first.rejected[0])
    assert "line 2" in str(first.rejected[0])
    assert second.records


def test_a_number_is_of_one_company_alone(tmp_path):
    first, second = chunks(written(tmp_path, table(COMPANIES, ZELTAN, {**ZELTAN, "name": "Korba"})))
    assert (first.records[0].entity.name, second.document) == (ZELTAN["name"], None)
    assert "company_number '01234567' is that of a company further up" in str(second.rejected[0])
    path = written(tmp_path, table(RELATIONSHIPS, HELD, {**HELD, "relationship_type": "subsidiary"}))
    assert [len(chunk.claims) for chunk in chunks(path)] == [1, 0]


def test_a_date_that_is_none_is_named_and_the_company_is_read(tmp_path):
    [chunk] = chunks(written(tmp_path, table(COMPANIES, {**ZELTAN, "incorporation_date": "1998-02-30"})))
    assert chunk.records[0].start is None
    assert "incorporation_date '1998-02-30' is no date" in str(chunk.rejected[0])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a,b", "has 2 cells"),
        ("a\xff" + "," * 40, "is not in UTF-8"),
        ('"a"b' + "," * 40, "is no CSV"),
        ("x" * 200_000 + "," * 40, "is no CSV"),
    ],
)
def test_a_line_that_is_no_row_is_named_and_the_others_are_read(tmp_path, line, reason):
    text = (
        table(COMPANIES).encode()
        + line.encode("latin-1")
        + b"\n"
        + table(COMPANIES, ZELTAN).encode().split(b"\n", 1)[1]
    )
    found = chunks(written(tmp_path, text))
    assert [reason in str(one) for chunk in found for one in chunk.rejected] == [True]
    assert len([record for chunk in found for record in chunk.records]) == 1


def test_a_quote_that_is_never_closed_costs_no_memory(tmp_path):
    text = table(COMPANIES, ZELTAN) + '"' + "x,y\n" * 100_000
    found = chunks(written(tmp_path, text))
    assert found[0].records
    assert all(chunk.rejected for chunk in found[1:])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (gzip.compress(table(COMPANIES, *[ZELTAN] * 999).encode(), mtime=0)[:-40], "cannot be read"),
        (gzip.compress((table(COMPANIES) + "x" * (1 << 25)).encode(), mtime=0), "is longer than"),
        ("", "is no companies.csv"),
        ("company_number,jurisdiction_code,name\n1,gb,A\n", "is no companies.csv"),
        ("id,company_number,jurisdiction_code,name,position\n1,1,gb,A,director\n", "is no companies.csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, text, reason):
    with pytest.raises(DocumentError, match=reason) as caught:
        chunks(written(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_second_import_changes_nothing_and_a_delta_only_what_it_should(tmp_path):
    rows = [{**ZELTAN, "company_number": f"{number:08}"} for number in range(1, 6)]
    with open_store(None, write=True) as store:
        first = import_register(store, register("opencorporates", written(tmp_path, table(COMPANIES, *rows))))
        assert (first.rows, first.written, first.records) == (5, 5, 5)
        again = import_register(store, register("opencorporates", written(tmp_path, table(COMPANIES, *reversed(rows)))))
        assert (again.unchanged, again.written, again.forgotten) == (5, 0, 0)
        changed = [{**rows[2], "name": "Korba Ltd"}, {**ZELTAN, "company_number": "9"}]
        path = written(tmp_path, table(COMPANIES, *changed))
        delta = import_register(store, register("opencorporates", path, is_delta=True))
        assert (delta.written, delta.forgotten) == (2, 0)
        whole = import_register(store, register("opencorporates", path), withdraw=True)
        assert (whole.unchanged, whole.forgotten, len(list(store.documents()))) == (2, 4, 2)


def test_an_address_is_the_one_in_full_or_its_parts(tmp_path):
    parts = {"registered_address.in_full": "", "registered_address.street_address": "1 Mill Lane",
             "registered_address.locality": "Korba", "registered_address.postal_code": "K1"}  # fmt: skip
    rows = [ZELTAN, {**ZELTAN, **parts, "company_number": "2"}]
    addresses = [chunk.records[0].addresses for chunk in chunks(written(tmp_path, table(COMPANIES, *rows)))]
    assert addresses == [("1 Mill Lane Korba",), ("1 Mill Lane, Korba, K1",)]


# ------------------------------------------------------------------------------------------ alternative names
def test_other_names_are_the_companys_and_leave_its_name_as_it_is(tmp_path):
    rows = [
        {"company_number": "01234567", "jurisdiction_code": "gb", "name": "Zeltan Mills", "type": "trading"},
        {"company_number": "01234567", "jurisdiction_code": "gb", "name": "Zeltan Sable", "end_date": "2001-05-01"},
        {"company_number": "", "jurisdiction_code": "gb", "name": "Nobody"},
    ]
    path = written(tmp_path, table(NAMES, *rows), "alternative_names.csv")
    assert opencorporates.recognises(head_of(path), path.name)
    with open_store(None, write=True) as store:
        told = []
        report = import_register(store, register("opencorporates", path), told.append)
        import_register(store, register("opencorporates", written(tmp_path, table(COMPANIES, ZELTAN))))
        assert (report.records, report.bad_rows) == (2, 1)
        assert "record 3 (line 4): company_number '' is empty" in str(told[0])
        assert import_register(store, register("opencorporates", path)).unchanged == 2
        [entity] = store.entities()
        assert entity.name == ZELTAN["name"]
        assert {"Zeltan Mills", "Daliad Zeltan Cyf"} <= set(entity.aliases)
        former = [one for record in store.records() for one in record.former_names]
        assert DatedName("Zeltan Sable", None, "2001-05-01") in former
        for name in ("Zeltan Mills", "Zeltan Sable"):
            assert identify(store, Asked(name))[0].entity.id == entity.id


# ------------------------------------------------------------------------------------------ relationships
def test_a_file_without_the_columns_of_its_keys_is_told_in_one_line(tmp_path):
    columns = RELATIONSHIPS.replace("oc_relationship_identifier,", "")
    rows = [{name: cell for name, cell in HELD.items() if name != "oc_relationship_identifier"}] * 3
    path = written(tmp_path, table(columns, *rows))
    with pytest.raises(DocumentError, match="has no column oc_relationship_identifier"):
        register("opencorporates", path)
    path = written(tmp_path, "company_number,name,company_type\n1,Zeltan,x\n")
    with pytest.raises(DocumentError, match="its header lacks jurisdiction_code"):
        register("opencorporates", path)


def test_a_control_statement_is_a_stake_between_bounds(tmp_path):
    [claim], rejects, _ = held(tmp_path)
    assert (claim.subject.id, claim.relation, claim.object.id) == (
        "company/registration-gb-01234567",
        "holds-stake",
        "company/registration-us-de-55-1",
    )
    assert claim.qualifiers.terms() == {
        "percent_min": Decimal(25),
        "percent_max": Decimal(50),
        "percent_of": "capital",
        "start": "2016-04-06",
    }
    assert (claim.known_from, claim.quote.startswith("control_statement,17,")) == ("2023-01-02", True)
    assert not rejects


def test_votes_that_are_told_apart_are_a_claim_of_their_own(tmp_path):
    shares, votes = held(
        tmp_path,
        percentage_max_share_ownership="25",
        percentage_min_voting_rights="75",
        percentage_max_voting_rights="100",
    )[0]
    assert (shares.qualifiers.percent, shares.qualifiers.percent_of) == (25, "capital")
    assert (votes.qualifiers.percent_min, votes.qualifiers.percent_of) == (75, "votes")


def test_a_subsidiary_belongs_to_the_subject(tmp_path):
    [claim], _, _ = held(tmp_path, relationship_type="subsidiary")
    assert (claim.subject.name, claim.relation, claim.object.name) == ("Dorvan LLC", "subsidiary-of", "Zeltan Holdings")


def test_a_parcel_of_shares_has_their_number(tmp_path):
    [claim], _, _ = held(tmp_path, relationship_type="share_parcel", number_of_shares="1,200")
    assert (claim.qualifiers.quantity, claim.qualifiers.percent) == (1200, None)


def test_who_has_no_number_may_be_a_person_and_is_of_the_row_alone(tmp_path):
    [claim], _, _ = held(tmp_path, subject_entity_name="Ann Lee", subject_entity_company_number="")
    assert (claim.subject.id, claim.subject.type) == ("agent/opencorporates-relationship-17-subject", "Agent")


@pytest.mark.parametrize(
    ("changed", "start", "end"),
    [
        ({"start_date_type": "before"}, None, None),
        ({"start_date_type": "after"}, None, None),
        ({"end_date": "2020-01-31", "end_date_type": "at"}, "2016-04-06", "2020-01-31"),
        ({"end_date": "2020-01-31", "end_date_type": "before"}, "2016-04-06", "2020-01-31"),
        ({"end_date": "2020-01-31", "end_date_type": "after"}, "2016-04-06", None),
    ],
)
def test_a_day_that_is_a_bound_is_no_start(tmp_path, changed, start, end):
    [claim], _, _ = held(tmp_path, **changed)
    assert (claim.qualifiers.start, claim.qualifiers.end) == (start, end)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"relationship_type": "friendship"}, "is none of OpenCorporates' types"),
        ({"oc_relationship_identifier": ""}, "is empty"),
        ({"object_entity_name": ""}, "both ends have a name"),
        ({"percentage_max_share_ownership": "101"}, "outside 0–100"),
        ({"percentage_min_share_ownership": "NaN"}, "is no number"),
        ({"percentage_min_share_ownership": "1e999999999"}, "outside 0–100|is no figure"),
        ({"start_date": "yesterday"}, "is no date"),
        (
            {"object_entity_company_number": "01234567", "object_entity_jurisdiction_code": "gb"},
            "is the subject itself",
        ),
    ],
)
def test_a_relationship_that_does_not_hold_is_named(tmp_path, changed, reason):
    claims, rejects, _ = held(tmp_path, **changed)
    assert claims == ()
    [told] = rejects
    assert any(one in told for one in reason.split("|"))


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"relationship_type": "branch"}, "1 left out: branches"),
        (
            {"percentage_min_share_ownership": "", "percentage_max_share_ownership": ""},
            "1 left out: control by other means",
        ),
    ],
)
def test_what_kg_has_no_relation_for_is_counted(tmp_path, changed, note):
    claims, rejects, notes = held(tmp_path, **changed)
    assert (claims, rejects) == ((), [])
    assert notes[0].startswith(note)
