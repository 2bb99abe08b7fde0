"""FollowTheMoney: entities flat and nested, statements by dataset, sanctions, percentages as printed.

The donations are real; all else is made by the specification of FollowTheMoney (https://followthemoney.tech).
"""

import csv
import io
import json
from collections import Counter
from decimal import Decimal

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import cli
from kg.importers.ftm import reader, recognises
from kg.importers.registers import head_of
from kg.importers.shares import Share, share_of
from kg.model import Modality
from kg.pipeline.imports import import_register
from kg.store import open_store


def thing(id_, schema="Company", **properties):
    values = {name: each if isinstance(each, list) else [each] for name, each in properties.items()}
    return {"id": id_, "schema": schema, "properties": values}


def owns(id_, owner, asset, **properties):
    return thing(id_, "Ownership", owner=owner, asset=asset, **properties)


def written(tmp_path, entities, name="made.ftm.json"):
    path = tmp_path / name
    path.write_text("".join(f"{json.dumps(each)}\n" for each in entities), "utf-8")
    return path


def read(path, **how):
    register = reader(path, **how)
    chunks = list(register.chunks())
    return chunks, [claim for chunk in chunks for claim in chunk.claims], register


def counted(register):
    return {what: int(count) for count, _, what in (note.partition(" left out: ") for note in register.notes())}


PARTIES = [thing("a", name="Acme"), thing("b", "Organization", name="Beta"), thing("p", "Person", name="Jo Doe")]


def test_donations_are_counted_as_an_independent_count_has_them(shared):
    path = shared / "data" / "ftm" / "donations-organisations.ijson"
    schemata = Counter(json.loads(line)["schema"] for line in path.read_text("utf-8").splitlines())
    chunks, claims, register = read(path)
    types = Counter(record.entity.type for chunk in chunks for record in chunk.records)
    assert sum(chunk.rows for chunk in chunks) == schemata.total() == 384
    assert types == {"Company": schemata["Company"], "Organisation": schemata["Organization"]}
    # A payment is no investment, and no delivery: kg has no relation for it.
    assert claims == []
    assert counted(register) == {
        f"entity of schema {schema}, for which kg has no class or relation": schemata[schema]
        for schema in ("Payment", "Address")
    }


def test_an_ownership_is_a_claim_with_its_terms(tmp_path):
    tie = owns(
        "o", "p", "a", percentage="12,5 %", startDate="2019", endDate="2023-06", date="2022-12-31", sharesCount="1000",
        ownershipType="indirect", modifiedAt="2023-07-01",
    )  # fmt: skip
    path = written(tmp_path, [tie, *PARTIES])
    assert recognises(head_of(path), path.name)
    _, [claim], _ = read(path)
    assert (claim.subject.id, claim.relation, claim.object.id) == ("person/ftm-p", "holds-stake", "company/ftm-a")
    assert claim.qualifiers.terms() == {
        "percent": Decimal("12.5"), "percent_of": "capital", "quantity": Decimal(1000), "indirect": True,
        "start": "2019", "end": "2023-06", "as_of": "2022-12-31", "as_printed": "12,5 %",
    }  # fmt: skip
    assert (claim.modality, claim.known_from, claim.document) == (Modality.ASSERTED, "2023-07-01", "ftm/made.ftm/o")
    assert json.loads(claim.quote)["id"] == "o"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("75", ("75", None, None)),
        ("12,5 %", ("12.5", None, None)),
        ("25-50%", (None, "25", "50")),
        ("25 – 50 percent", (None, "25", "50")),
        (">= 25", (None, "25", None)),
        ("more than 25% but not more than 50%", (None, "25", "50")),
        ("ownership-of-shares-75-to-100-percent", (None, "75", "100")),
        ("50%+", (None, "50", None)),
        ("up to 5%", (None, None, "5")),
        ("a third", (None, None, None)),
        ("101", (None, None, None)),
        ("50-25", (None, None, None)),
    ],
)
def test_percentages_are_read_as_they_are_printed(tmp_path, text, terms):
    _, [claim], register = read(written(tmp_path, [*PARTIES, owns("o", "a", "b", percentage=text)]))
    found = claim.qualifiers
    assert tuple(each and str(each) for each in (found.percent, found.percent_min, found.percent_max)) == terms
    is_figure = any(terms)
    assert (found.as_printed is None) == (text == "75")
    assert ("percentage that is no figure from 0 to 100 (its text stays)" in counted(register)) is not is_figure


BOUNDS = st.decimals(0, 100, places=2).map(lambda number: number.normalize() + 0)


@given(st.one_of(st.none(), BOUNDS), st.one_of(st.none(), BOUNDS), st.booleans(), st.booleans())
def test_a_share_reads_back_from_its_text(low, high, is_low_open, is_high_open):
    if low is not None and high is not None and low > high:
        low, high = high, low
    share = Share(
        None, low, high, is_low_open=low is not None and is_low_open, is_high_open=high is not None and is_high_open
    )
    assert share_of(share.text) == (None if low is None and high is None else share)


def test_nested_entities_are_records_of_their_own_once_each(tmp_path):
    sanction = thing("s", "Sanction", program="SDN", startDate="2014-03-20", authority="OFAC")
    holding = thing("o", "Ownership", percentage="60", asset=[thing("b", name="Beta", country="fr")])
    names = ["Acme", "Acme Ltd"]
    target = {**thing("a", name=names, topics="sanction", sanctions=[sanction], ownershipOwner=[holding]),
              "caption": "Acme Ltd", "datasets": ["us_ofac"], "last_change": "2024-05-05T10:00:00"}  # fmt: skip
    owned = thing(
        "b", name="Beta", ownershipAsset=[thing("o", "Ownership", percentage="60", owner=[thing("a", name="X")])]
    )
    chunks, [claim], _ = read(written(tmp_path, [target, owned]))
    assert (claim.subject.name, claim.object.name, claim.qualifiers.percent) == ("Acme Ltd", "Beta", Decimal(60))
    topics = sorted(record.topics for chunk in chunks for record in chunk.records if record.topics)
    assert topics == [("sanction",), ("sanction", "sanction:SDN 2014-03-20/..")]
    assert len({chunk.document.id for chunk in chunks}) == len(chunks) == 4
    assert sum(chunk.rows for chunk in chunks) == 2


def test_what_is_nested_without_a_day_has_that_of_what_it_is_nested_in(tmp_path):
    holding = thing("o", "Ownership", percentage="60", asset=[thing("b", name="Beta")])
    owner = {**thing("a", name="Acme", ownershipOwner=[holding]), "last_change": "2024-05-05T10:00:00"}
    asset = thing("b", name="Beta", ownershipAsset=[thing("o", "Ownership", percentage="60", owner=["a"])])
    for entities in ([owner], [owner, asset], [asset, owner]):
        _, [claim], _ = read(written(tmp_path, entities))
        assert (claim.known_from, claim.qualifiers.start) == ("2024-05-05", None)


def test_a_tie_without_any_day_is_told(tmp_path):
    path = written(tmp_path, [*PARTIES, owns("o", "p", "a", percentage="5")])
    folder = ["--store", str(tmp_path / "store")]
    told = CliRunner().invoke(cli, ["import", "ftm", str(path), *folder])
    assert told.exit_code == 0
    assert "says of 1 tie neither since when it holds" in told.stderr
    dated = CliRunner().invoke(cli, ["import", "ftm", str(path), "--retrieved", "2024-05-05", *folder])
    assert (dated.exit_code, dated.stderr) == (0, "")


def test_a_sanction_that_is_over_is_told_as_such(tmp_path):
    over = thing("s", "Sanction", entity="a", program="SDN", endDate="2020-01-31")
    chunks, _, _ = read(written(tmp_path, [*PARTIES, over]))
    assert [record.topics for chunk in chunks for record in chunk.records if record.topics] == [
        ("ended-sanction:SDN ../2020-01-31",)
    ]


def test_fragments_of_one_entity_are_one_record(tmp_path):
    fragments = [thing("a", "LegalEntity", name="Acme"), thing("a", "Company", alias="AC", leiCode="no"), PARTIES[2],
                 thing("o", "Ownership", owner="p", asset="a"), thing("o", "Ownership", percentage="5")]  # fmt: skip
    chunks, [claim], register = read(written(tmp_path, fragments))
    assert (claim.object.type, claim.object.aliases, claim.qualifiers.percent) == ("Company", ("AC", "Acme"), 5)
    assert counted(register) == {"identifier 'leiCode' that is not well formed": 1}
    assert len(chunks) == 3


def test_what_kg_has_no_term_for_is_counted_by_schema(tmp_path):
    others = [
        thing("d", "Directorship", director="p", organization="a"),
        thing("f", "Family", person="p", relative="q"),
        thing("v", "Vessel", name="Boat"),
        thing("l", "UnknownLink", subject="a", object="b", role="adviser"),
        thing("k", "UnknownLink", subject="a", object="b", role="subsidiary-of"),
        owns("ov", "a", "v"),
    ]
    chunks, [claim], register = read(written(tmp_path, [*PARTIES, *others]))
    assert (claim.subject.name, claim.relation, claim.object.name) == ("Acme", "subsidiary-of", "Beta")
    assert counted(register) == {
        **{f"entity of schema {schema}, for which kg has no class or relation": 1 for schema in
           ("Directorship", "Family", "Vessel")},
        "UnknownLink, which does not say what links its ends": 1,
        "tie with a Vessel, for which kg has no class": 1,
    }  # fmt: skip
    assert [reject for chunk in chunks for reject in chunk.rejected] == []


ROWS = [
    ("Q1", "ofac-1", "name", "Company", "Acme", "ofac", "2023-01-01T00:00:00"),
    ("Q1", "ofac-1", "wikidataId", "Company", "Q1", "ofac", "2023-01-01"),
    ("Q1", "eu-1", "name", "LegalEntity", 'Acme, "SA"', "eu", "2022"),
    ("b", "b", "id", "Company", "checksum", "eu", "2021"),
    ("b", "b", "name", "Company", "Beta", "eu", "2021"),
    ("o", "o", "owner", "Ownership", "ofac-1", "eu", "2021"),
    ("o", "o", "asset", "Ownership", "b", "eu", "2021"),
    ("o", "o", "percentage", "Ownership", "12,5 %", "eu", "2022-02"),
    ("o", "o", "owner", "Ownership", "Q1", "ofac", "2020"),
    ("o", "o", "asset", "Ownership", "b", "ofac", "2020"),
]


def statements(tmp_path, rows=ROWS):
    text = io.StringIO()
    csv.writer(text).writerows(
        [
            ("canonical_id", "entity_id", "prop", "schema", "value", "dataset", "first_seen"),
            *rows,
        ]
    )
    path = tmp_path / "statements.csv"
    path.write_text(text.getvalue(), "utf-8")
    return path


@pytest.mark.parametrize("is_sorted", [True, False])
def test_statements_make_a_source_of_each_dataset(tmp_path, is_sorted):
    path = statements(tmp_path, ROWS if is_sorted else ROWS[::2] + ROWS[1::2])
    assert recognises(head_of(path), path.name)
    chunks, claims, _ = read(path)
    assert {claim.subject.id for claim in claims} == {"company/qid-q1"}
    assert {(claim.document, claim.qualifiers.percent, claim.known_from) for claim in claims} == {
        ("ftm/statements/eu/o", Decimal("12.5"), "2022-02"),
        ("ftm/statements/ofac/o", None, "2020"),
    }
    documents = {chunk.document.id: chunk.document for chunk in chunks}
    assert len(documents) == 5
    for claim in claims:
        document = documents[claim.document]
        assert document.text.startswith("canonical_id,entity_id,prop")
        assert claim.quote in document.text
        assert "Ownership" in claim.quote
    assert sum(chunk.rows for chunk in chunks) == len(ROWS)


def test_a_tie_with_nobody_of_the_file_is_a_reject(tmp_path):
    chunks, claims, _ = read(
        written(tmp_path, [*PARTIES, owns("o", "a", "zz"), owns("q", "a", "a"), owns("r", "a", [])])
    )
    assert claims == []
    assert [str(reject) for chunk in chunks for reject in chunk.rejected] == [
        "record 4 (line 4): entity 'zz' is no entity of this file: a file has both ends of its ties",
        "record 5 (line 5): asset 'Acme' is the owner itself: a claim is of two",
        "record 6 (line 6): asset '' is empty: Ownership has both ends",
    ]


def test_a_second_import_changes_nothing_and_what_is_gone_is_withdrawn(tmp_path):
    path = written(tmp_path, [*PARTIES, owns("o", "p", "a", percentage="5")])
    with open_store(None, write=True) as store:
        first, again = (import_register(store, reader(path)) for _ in range(2))
        less = import_register(store, reader(written(tmp_path, PARTIES)), withdraw=True)
        assert list(store.claims()) == []
    assert (first.written, first.claims, first.records) == (4, 1, 3)
    assert (again.written, again.unchanged, again.forgotten) == (0, 4, 0)
    assert (less.written, less.forgotten, less.retracted) == (0, 1, 1)
