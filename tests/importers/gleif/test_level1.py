"""Level 1: what a record of an LEI says of the entity itself."""

import pytest

from kg.model import Modality, Qualifiers, Tier
from kg.resolve import DatedName
from tests.importers.gleif.files import HELVANE, ORBICOR, entity, lei, named


@pytest.fixture
def record(taken):
    """Return the record of an entity that one file has."""

    def read(**told):
        [chunk] = taken(entity(**told))
        [found] = chunk.records
        return found

    return read


def names(*pairs, item="OtherEntityName"):
    return {f"{item}s": {item: [named(name, type=kind) for name, kind in pairs]}}


def test_a_record_is_the_entity_of_its_lei(taken):
    [chunk] = taken(entity(EntityCreationDate="1999-05-01T00:00:00.000Z"))
    [record] = chunk.records
    assert record.entity.id == f"company/lei-{HELVANE.lower()}"
    assert (record.entity.name, record.entity.type, record.register, record.key) == (
        "Helvane SA",
        "Company",
        "gleif",
        HELVANE,
    )
    assert (record.country, record.is_active, record.start, record.end) == ("FR", True, "1999-05-01", None)
    assert record.sectors == ("gleif:GENERAL",)
    assert chunk.claims == ()


def test_its_document_is_the_record_to_the_letter_with_its_day_its_place_and_its_tier(taken, tmp_path):
    [chunk] = taken(entity())
    document = chunk.document
    whole = (tmp_path / "gleif.xml").read_text()
    assert document.id == f"gleif/lei/{HELVANE}"
    assert document.text in whole
    assert document.text.startswith("<lei:LEIRecord>")
    assert document.text.endswith("</lei:LEIRecord>")
    assert (document.published, document.tier, document.title) == ("2023-05-18", Tier.REGISTER, "Helvane SA")
    [place] = document.places
    line = 1 + whole[: whole.index(document.text)].count("\n")
    assert (place.kind, place.name, place.start, place.end) == ("line", str(line), 0, len(document.text))


def test_names_are_told_apart_by_their_types(record):
    found = record(
        **names(
            ("Helvane Mines SA", "PREVIOUS_LEGAL_NAME"),
            ("Helvane Energie", "TRADING_OR_OPERATING_NAME"),
            ("Helvane Ltd", "ALTERNATIVE_LANGUAGE_LEGAL_NAME"),
        ),
        **names(("Xelvane", "AUTO_ASCII_TRANSLITERATED_LEGAL_NAME"), item="TransliteratedOtherEntityName"),
    )
    assert found.former_names == (DatedName("Helvane Mines SA"),)
    assert set(found.entity.aliases) == {"Helvane SA", "Helvane Energie", "Helvane Ltd", "Xelvane"}


def renamed(*dates, status="COMPLETED"):
    events = [
        {
            "@event_status": status,
            "LegalEntityEventType": "CHANGE_LEGAL_NAME",
            "LegalEntityEventEffectiveDate": f"{date}T00:00:00Z",
        }
        for date in dates
    ]
    return {"LegalEntityEvents": {"LegalEntityEvent": events}}


@pytest.mark.parametrize(
    ("former", "events", "ends"),
    [
        (["Old SA"], renamed("2011-06-30"), ["2011-06-30"]),
        (["Old SA"], renamed("2011-06-30", status="IN_PROGRESS"), [None]),
        (["Old SA", "Older SA"], renamed("2011-06-30"), [None, None]),
        (["Old SA"], renamed("2011-06-30", "2015-01-01"), [None]),
    ],
)
def test_a_former_name_has_an_end_where_one_change_alone_can_be_its_own(record, former, events, ends):
    found = record(**names(*((name, "PREVIOUS_LEGAL_NAME") for name in former)), **events)
    assert [one.end for one in found.former_names] == ends


@pytest.mark.parametrize(
    ("authority", "number", "registration"),
    [
        ("RA000585", "03004112", "GB:03004112"),
        ("RA000587", "SC651281", "GB:SC651281"),
        ("RA000189", "552 120 222", "FR:552120222"),
        ("RA000548", "CHE-482.520.153", "CH:CHE482520153"),
        ("RA000188", "0535671-9", "FI:0535671-9"),
        ("RA000602", "4386463", "US-DE:4386463"),
        ("RA000242", "HRB 1234", None),  # a court's: other courts have the same number
        ("RA000665", "S000005113", None),  # a regulator's number of a fund
        ("RA000189", "55212022200017", None),  # of an establishment, not of the company
        ("RA999999", "1", None),
    ],
)
def test_the_number_in_a_companies_register_is_an_identifier_where_it_is_one_company(
    record, authority, number, registration
):
    told = {"RegistrationAuthorityID": authority, "RegistrationAuthorityEntityID": number}
    found = dict(record(RegistrationAuthority=told).entity.identifiers)
    assert found == {"lei": HELVANE} | ({} if registration is None else {"registration": registration})


@pytest.mark.parametrize(
    ("form", "called"),
    [
        ({"EntityLegalFormCode": "T91T"}, "T91T"),
        ({"EntityLegalFormCode": "8888", "OtherLegalForm": "FUND"}, "FUND"),
        ({"EntityLegalFormCode": "9999"}, None),
    ],
)
def test_a_legal_form_is_its_code_or_what_the_register_calls_it(record, form, called):
    assert record(LegalForm=form).legal_form == called


def test_where_it_is_registered_is_its_jurisdiction_and_else_its_address(record):
    assert record(LegalJurisdiction="US-DE").country == "US-DE"
    assert record(LegalJurisdiction="").country == "FR"


def test_a_registration_that_lapsed_says_nothing_of_the_entity(record):
    assert record(status="LAPSED").is_active is True
    assert record(EntityStatus="NULL").is_active is None
    ended = record(status="RETIRED", EntityStatus="INACTIVE", EntityExpirationDate="2021-03-04T00:00:00Z")
    assert (ended.is_active, ended.end) == (False, "2021-03-04")


@pytest.mark.parametrize("status", ["ANNULLED", "DUPLICATE", "CANCELLED", "PENDING_VALIDATION"])
def test_an_lei_that_is_no_entity_s_own_gives_no_record_and_takes_the_place_of_an_earlier_one(taken, status):
    [chunk] = taken(entity(status=status))
    assert (chunk.records, chunk.claims, chunk.rejected) == ((), (), ())
    assert chunk.document.id == f"gleif/lei/{HELVANE}"


def test_of_a_merger_the_record_is_a_claim_and_of_a_successor_alone_it_is_none(taken):
    gone = {
        "EntityStatus": "INACTIVE",
        "EntityExpirationDate": "2021-03-04",
        "SuccessorEntity": {"SuccessorLEI": ORBICOR},
    }
    [chunk] = taken(entity(status="MERGED", **gone))
    [claim] = chunk.claims
    assert (claim.subject.id, claim.relation, claim.object.id) == (
        f"company/lei-{HELVANE.lower()}",
        "merges-with",
        f"company/lei-{ORBICOR.lower()}",
    )
    assert (claim.modality, claim.qualifiers) == (Modality.ASSERTED, Qualifiers(start="2021-03-04"))
    assert claim.evidence[0].quote == chunk.document.text
    [sold] = taken(entity(status="RETIRED", EntityExpirationReason="CORPORATE_ACTION", **gone))
    assert sold.claims == ()


def test_a_completed_absorption_is_a_merger_too(taken):
    event = {
        "@event_status": "COMPLETED",
        "LegalEntityEventType": "ABSORPTION",
        "LegalEntityEventEffectiveDate": "2020-02-01",
    }
    successor = {"SuccessorEntity": [{"SuccessorLEI": ORBICOR}], "LegalEntityEvents": {"LegalEntityEvent": event}}
    [chunk] = taken(entity(status="RETIRED", EntityStatus="INACTIVE", **successor))
    assert [claim.qualifiers.start for claim in chunk.claims] == ["2020-02-01"]


def test_an_lei_whose_check_digits_do_not_hold_is_taken_and_counted(written):
    from kg.importers.registers import register

    key = lei("HELVANE")[:-2] + "99"
    source = register("gleif", written(f"LEI,Entity.LegalName\n{key},Helvane SA\n".encode()))
    [chunk] = source.chunks()
    assert chunk.records[0].entity.identifiers == (("lei", key),)
    assert list(source.notes()) == ["1 LEIs taken whose check digits do not hold"]


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"key": "HELVANE"}, "LEI 'HELVANE' is no LEI: write 18 letters and digits, and 2 check digits (ISO 17442)"),
        ({"name": " "}, "LegalName '' is empty: a record needs a name"),
        ({"LegalJurisdiction": "France"}, "'France' is no country"),
        ({"EntityCreationDate": "yesterday"}, "EntityCreationDate 'yesterday' is no date: write YYYY-MM-DD"),
        ({"EntityExpirationDate": "2023-02-30T00:00:00Z"}, "EntityExpirationDate '2023-02-30T00:00:00Z' is no date"),
        (
            {"status": "MERGED", "SuccessorEntity": {"SuccessorLEI": HELVANE}},
            f"SuccessorLEI '{HELVANE}' is the entity itself",
        ),
    ],
)
def test_a_record_that_does_not_hold_is_named_and_left_out(taken, told, line):
    bad, good = taken(entity(**told), entity(ORBICOR, "Orbicor"))
    [reject] = bad.rejected
    assert line in str(reject)
    assert str(reject).startswith("record 1 (line ")
    assert (bad.document, bad.records, bad.rows) == (None, (), 1)
    assert good.records[0].entity.name == "Orbicor"
