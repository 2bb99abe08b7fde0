"""One record is the same in every format: XML, JSON in three forms, CSV and RDF, packed or not."""

import json
from dataclasses import replace

import pytest

from kg.importers.gleif import recognises
from kg.importers.registers import recognised, register
from kg.model import Modality
from tests.importers.gleif.files import (
    FORMATS,
    HELVANE,
    ORBICOR,
    PACKED,
    QUENBY,
    entity,
    exception,
    golden_csv,
    golden_json,
    named,
    period,
    plain_json,
    relationship,
    xml,
)

ENTITY = entity(
    OtherEntityNames={
        "OtherEntityName": [
            named("Helvane Mines SA", xml_lang="fr", type="PREVIOUS_LEGAL_NAME"),
            named("Helvane, Énergie & « Fils »", xml_lang="fr", type="TRADING_OR_OPERATING_NAME"),
        ]
    },
    RegistrationAuthority={"RegistrationAuthorityID": "RA000189", "RegistrationAuthorityEntityID": "552120222"},
    LegalForm={"EntityLegalFormCode": "K65D"},
    EntityCreationDate="1999-05-01T00:00:00.000Z",
)
PERIODS = [("ACCOUNTING_PERIOD", "2018-01-01", "2018-12-31"), ("RELATIONSHIP_PERIOD", "2018-02-06", "2020-01-31")]
RELATIONSHIP = relationship(periods=PERIODS)
EXCEPTION = exception(reasons=["NO_LEI", "NON_PUBLIC"])

PREFIXES = """@prefix base: <https://www.gleif.org/ontology/Base/> .
@prefix l1: <https://www.gleif.org/ontology/L1/> .
@prefix l2: <https://www.gleif.org/ontology/L2/> .
@prefix rx: <https://www.gleif.org/ontology/ReportingException/> .
@prefix elf: <https://rdf.gleif.org/EntityLegalForm/> .
@prefix ra: <https://rdf.gleif.org/RegistrationAuthority/> .
@prefix iso: <https://www.omg.org/spec/LCC/Countries/ISO3166-1-CountryCodes-Adjunct/> .
@prefix d: <https://rdf.gleif.org/L1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TURTLE = {
    "entity": f"""
d:BID-1 a l1:BusinessRegistryIdentifier ; l1:hasEntityID "552120222" ;
  l1:hasRegisteredAuthority ra:RA000189 .
d:L-{HELVANE}-LAL a base:PhysicalAddress ; base:hasCity "Lyon"@fr ; base:hasCountry iso:FR .
d:L-{HELVANE} a l1:LegalEntity , l1:GeneralEntity ; l1:hasLegalName "Helvane SA"@fr ;
  l1:hasLegalAddress d:L-{HELVANE}-LAL ;
  base:hasEntityStatus base:EntityStatusActive ; base:hasLegalJurisdiction iso:FR ; l1:hasLegalForm elf:ELF-K65D ;
  l1:hasPreviousLegalName "Helvane Mines SA" ; l1:hasTradingOrOperatingName "Helvane, Énergie & « Fils »"@fr ;
  l1:hasRegistrationIdentifier d:BID-1 ; base:hasEntityCreationDate "1999-05-01T00:00:00.000Z"^^xsd:dateTime .
d:L-{HELVANE}-LEI a l1:LegalEntityIdentifier ; l1:LEI "{HELVANE}" ;
  l1:identifiesAndRecords d:L-{HELVANE} ;
  base:hasLastUpdateDate "2023-05-18T15:41:20.212Z"^^xsd:dateTime ;
  base:hasRegistrationStatus l1:RegistrationStatusIssued .
""",
    "relationship": f"""
d:R a l2:DirectConsolidation ; l2:hasChild d:L-{HELVANE} ; l2:hasParent d:L-{ORBICOR} ;
  l2:hasRelationshipStatus l2:RelationshipStatusActive ;
  l2:hasRelationshipPeriod [ a base:Period ;
  base:hasStart "2018-02-06T00:00:00Z"^^xsd:dateTime ; base:hasEnd "2020-01-31T00:00:00Z"^^xsd:dateTime ] .
d:R-REC a l2:LegalEntityRelationshipRecord ; base:records d:R ;
  base:hasRegistrationStatus l2:RegistrationStatusPublished ;
  base:hasLastUpdateDate "2022-06-04T01:00:00.000Z"^^xsd:dateTime ; l2:hasAccountingPeriod [ a base:Period ;
  base:hasStart "2018-01-01T00:00:00Z"^^xsd:dateTime ; base:hasEnd "2018-12-31T00:00:00Z"^^xsd:dateTime ] .
""",
    "exception": f"""
d:X a rx:DirectConsolidationReportingException ; rx:hasReportingEntity d:L-{HELVANE} ;
  rx:hasExceptionReason rx:ExceptionReasonKindNoLEI , rx:ExceptionReasonKindNonPublic .
""",
}
RECORDS = {"entity": ENTITY, "relationship": RELATIONSHIP, "exception": EXCEPTION}


def said(chunk):
    """What a chunk says, but for the text that says it."""
    assert chunk.rejected == ()
    claims = [(one.subject, one.relation, one.object, one.modality, one.qualifiers) for one in chunk.claims]
    ends = [(record.entity.aliases, record.entity.identifiers) for record in chunk.records]
    return chunk.document.id, chunk.records, ends, claims


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("form", [*FORMATS, "ttl"])
def test_a_record_says_the_same_in_every_format(written, kind, form):
    tree = RECORDS[kind]
    data = f"{PREFIXES}{TURTLE[kind]}".encode() if form == "ttl" else FORMATS[form]([tree])
    path = written(data, f"file.{form}")
    assert recognised(path) == "gleif"
    [chunk] = register("gleif", path).chunks()
    [plain] = register("gleif", written(plain_json([tree]), "plain")).chunks()
    assert said(chunk) == said(plain)
    assert chunk.document.published == plain.document.published or kind == "exception"


@pytest.mark.parametrize("form", FORMATS)
def test_the_text_of_a_record_stands_in_the_file_to_the_letter(written, form):
    trees = [ENTITY, entity(ORBICOR, "Orbicor «Œuvre» 北京"), entity(QUENBY, 'Quenby "Q"\nHolding')]
    data = FORMATS[form](trees)
    whole = data.decode()
    chunks = list(register("gleif", written(data)).chunks())
    for chunk in chunks:
        text = chunk.document.text
        if form == "csv":
            header, text = text.split("\n", 1)
            assert whole.startswith(header)
        assert text in whole
    assert [chunk.records[0].entity.name for chunk in chunks] == [
        "Helvane SA",
        "Orbicor «Œuvre» 北京",
        'Quenby "Q" Holding',
    ]


def test_a_place_says_where_the_record_stands(written):
    trees = [entity(), entity(ORBICOR, "Orbicor\nSA"), entity(QUENBY, "Quenby")]
    pointers = {"json": [f"/records/{at}" for at in range(3)], "plain.json": ["/0", "/1", "/2"]}
    for form, make in FORMATS.items():
        data = make(trees)
        chunks = list(register("gleif", written(data, form)).chunks())
        places = [chunk.document.places[0].name for chunk in chunks]
        if form in pointers:
            assert places == pointers[form]
            continue
        lines = data.decode().split("\n")
        for chunk, place in zip(chunks, places, strict=True):
            own = chunk.document.text.split("\n")[1 if form == "csv" else 0]
            assert lines[int(place) - 1].strip() == own


@pytest.mark.parametrize("suffix", PACKED)
def test_a_packed_file_is_read_as_one_that_is_not(written, suffix):
    path = written(PACKED[suffix](xml([ENTITY])), f"lei.xml{suffix}")
    assert recognised(path) == "gleif"
    [chunk] = register("gleif", path).chunks()
    assert chunk.records[0].entity.name == "Helvane SA"


@pytest.mark.parametrize(
    "data",
    [
        b"lei,name\n",
        b"holder,issuer,share\n",
        b'{"id": 1}',
        b"<html><body>LEIData</body></html>",
        b"",
        b'[{"LEI": "x"}]',
        b"@prefix a: <b> .",
    ],
)
def test_what_is_no_file_of_gleif_is_not_taken_for_one(data):
    assert not recognises(data, "gleif.csv")


def test_the_short_columns_are_enough(written):
    short = b"LEI,Entity.LegalName,Entity.LegalAddress.Country,Entity.EntityCategory,Entity.EntitySubCategory\r\n"
    path = written(short + f'{HELVANE},"Helvane, SA",FR,RESIDENT_GOVERNMENT_ENTITY,CENTRAL_GOVERNMENT\r\n'.encode())
    [chunk] = register("gleif", path, retrieved="2026-11").chunks()
    [record] = chunk.records
    assert (record.entity.name, record.country, record.is_active) == ("Helvane, SA", "FR", None)
    assert record.sectors == ("gleif:RESIDENT_GOVERNMENT_ENTITY", "gleif:CENTRAL_GOVERNMENT")
    assert chunk.document.published == "2026-11"


def test_in_rdf_a_record_is_its_own_triples_whatever_stands_beside_it(written):
    chunks = [
        next(iter(register("gleif", written(text.encode())).chunks()))
        for text in (
            PREFIXES + TURTLE["relationship"],
            PREFIXES + TURTLE["entity"] + TURTLE["relationship"].replace(HELVANE, QUENBY).replace("d:R", "d:S"),
            PREFIXES + TURTLE["relationship"] + TURTLE["exception"],
        )
    ]
    first, other, again = (chunk.document.text for chunk in chunks)
    assert first == again != other
    assert "_:b0 <https://www.gleif.org/ontology/Base/hasEnd>" in first


def test_a_file_of_several_kinds_takes_each_for_what_it_is_and_withdraws_nothing(written):
    source = register("gleif", written(plain_json([ENTITY, RELATIONSHIP, EXCEPTION])))
    assert [chunk.document.id.split("/")[1] for chunk in source.chunks()] == ["lei", "rr", "repex"]
    assert (source.prefix, source.is_delta) == ("gleif/lei/", True)


@pytest.mark.parametrize(
    ("name", "content", "is_delta"),
    [
        ("lei.xml", "GLEIF_FULL_PUBLISHED", False),
        ("lei.xml", "GLEIF_DELTA_PUBLISHED", True),
        ("20260801-0800-gleif-goldencopy-lei2-last-day.xml", "GLEIF_FULL_PUBLISHED", True),
        ("20260801-0800-gleif-goldencopy-lei2-golden-copy.xml", "GLEIF_FULL_PUBLISHED", False),
    ],
)
def test_a_file_of_changes_says_so_in_its_header_or_its_name(written, name, content, is_delta):
    source = register("gleif", written(xml([ENTITY], content=content), name))
    assert [len(chunk.records) for chunk in source.chunks()] == [1]
    assert source.is_delta is is_delta


def test_a_record_without_a_day_of_its_own_has_that_of_its_file(written):
    undated = {key: value for key, value in ENTITY.items() if key != "Registration"}

    def published(data, name="file", **told):
        [chunk] = register("gleif", written(data, name), **told).chunks()
        return chunk.document.published

    golden = "20260801-0800-gleif-goldencopy-lei2-golden-copy.json"
    assert published(xml([undated]), retrieved="2027") == "2023-06-05"
    assert published(golden_json([undated]), golden) == "2026-08-01"
    assert published(golden_json([undated]), golden, retrieved="2026-08-03") == "2026-08-03"
    assert published(golden_json([undated])) is None


def test_the_name_of_the_source_begins_the_ids_of_its_documents(written):
    source = register("gleif", written(golden_csv([RELATIONSHIP])), name="lei-mirror")
    [chunk] = source.chunks()
    assert source.prefix == "lei-mirror/rr/"
    assert chunk.document.id.startswith(source.prefix)
    assert chunk.claims[0].modality is Modality.ASSERTED


def test_a_number_of_records_that_is_not_the_header_s_is_one_line_and_withdraws_nothing(written):
    source = register("gleif", written(xml([ENTITY], count=3)))
    *_, last = source.chunks()
    assert str(last.rejected[0]) == (
        "record 0: RecordCount '3' is not the number of records: there are 1. What the file lacks stays as it is"
    )
    assert source.is_delta
    assert replace(last, rejected=()).document is None


def test_records_wrapped_one_by_one_are_read_too(written):
    wrapped = [{"RelationshipRecord": json.loads(golden_json([RELATIONSHIP]))["relations"][0]}]
    [chunk] = register("gleif", written(json.dumps({"relations": wrapped}).encode())).chunks()
    assert len(chunk.claims) == 1
    assert period("X", "2020") == {"StartDate": "2020", "PeriodType": "X"}
