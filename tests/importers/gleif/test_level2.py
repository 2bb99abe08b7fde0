"""Level 2: a relationship record is a claim of a subsidiary, and a reporting exception a topic of its entity."""

import pytest

from kg.importers.registers import register
from kg.model import Modality, Qualifiers
from tests.importers.gleif.files import HELVANE, ORBICOR, exception, lei, relationship, xml

HOLDS, ACCOUNTS, FILING = "RELATIONSHIP_PERIOD", "ACCOUNTING_PERIOD", "DOCUMENT_FILING_PERIOD"


@pytest.fixture
def claim(taken):
    """Return the one claim of a relationship."""

    def read(**told):
        [chunk] = taken(relationship(**told))
        assert chunk.rejected == ()
        [found] = chunk.claims
        return found

    return read


def test_a_child_is_a_subsidiary_of_who_consolidates_it(taken):
    [chunk] = taken(relationship())
    [claim] = chunk.claims
    assert [claim.subject.id, claim.relation, claim.object.id] == [
        f"company/lei-{HELVANE.lower()}",
        "subsidiary-of",
        f"company/lei-{ORBICOR.lower()}",
    ]
    assert claim.subject.identifiers == (("lei", HELVANE),)
    assert claim.document == f"gleif/rr/{HELVANE}/IS_DIRECTLY_CONSOLIDATED_BY/{ORBICOR}"
    assert (claim.evidence[0].quote, claim.method) == (chunk.document.text, "register/gleif")
    assert claim.known_from == chunk.document.published == "2022-06-04"


def test_a_direct_parent_is_told_apart_from_an_ultimate_one_which_may_be_the_direct_one_too(claim):
    assert claim().qualifiers.indirect is False
    assert claim(kind="IS_ULTIMATELY_CONSOLIDATED_BY").qualifiers.indirect is None


@pytest.mark.parametrize(
    ("periods", "start", "end", "as_of"),
    [
        ([(HOLDS, "2018-02-06T00:00:00.000Z")], "2018-02-06", None, None),
        ([(ACCOUNTS, "2018-01-01", "2018-12-31"), (HOLDS, "2018-02-06")], "2018-02-06", None, "2018-12-31"),
        ([(HOLDS, "2018-02-06", "2020-01-31"), (FILING, "2021-01-01", "2021-12-31")], "2018-02-06", "2020-01-31", None),
        ([(HOLDS, "2015-01-01", "2016-01-01"), (HOLDS, "2018-01-01")], "2015-01-01", None, None),
        ([(ACCOUNTS, "2016-01-01", "2016-12-31"), (HOLDS, "2018-02-06")], "2018-02-06", None, None),
        ([(FILING, "2018-01-01", "2018-12-31")], None, None, None),
        ([], None, None, None),
    ],
)
def test_the_period_of_the_relationship_is_its_time_and_no_other_is(claim, periods, start, end, as_of):
    assert claim(periods=periods).qualifiers == Qualifiers(indirect=False, start=start, end=end, as_of=as_of)


def test_what_is_over_is_a_fact_of_its_time_or_has_ended(claim):
    past = claim(status="INACTIVE", periods=[(HOLDS, "2018-02-06", "2020-01-31")])
    assert (past.modality, past.qualifiers.end) == (Modality.ASSERTED, "2020-01-31")
    assert claim(status="INACTIVE", periods=[(HOLDS, "2018-02-06")]).modality is Modality.ENDED


def test_how_much_of_the_accounts_is_consolidated_is_no_share(taken):
    told = relationship()
    told["Relationship"]["RelationshipQuantifiers"] = {
        "RelationshipQuantifier": {
            "MeasurementMethod": "ACCOUNTING_CONSOLIDATION",
            "QuantifierAmount": "100.00",
            "QuantifierUnits": "PERCENTAGE",
        }
    }
    [chunk] = taken(told)
    assert chunk.claims[0].qualifiers.percent is None


@pytest.mark.parametrize("kind", ["IS_INTERNATIONAL_BRANCH_OF", "IS_FUND-MANAGED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO"])
def test_what_is_no_tie_to_a_parent_is_left_out_and_counted(written, kind):
    source = register("gleif", written(xml([relationship(kind=kind), relationship(kind=kind, child=lei("QUENBY"))])))
    chunks = list(source.chunks())
    assert [(chunk.document, chunk.claims, chunk.rejected, chunk.rows) for chunk in chunks] == [(None, (), (), 1)] * 2
    assert list(source.notes()) == [f"2 left out: relationships {kind}"]


def test_a_relationship_that_was_annulled_or_deleted_takes_back_what_it_said(taken):
    [annulled] = taken(relationship(registered="ANNULLED"))
    [deleted] = taken(relationship() | {"Extension": {"Deletion": {"DeletedAt": "2026-09-24T18:50:35Z"}}})
    for chunk in (annulled, deleted):
        assert chunk.document.id == f"gleif/rr/{HELVANE}/IS_DIRECTLY_CONSOLIDATED_BY/{ORBICOR}"
        assert chunk.claims == chunk.rejected == ()


def test_a_mark_of_deletion_that_is_empty_deletes_nothing(written):
    path = written(
        f'[{{"LEI": "{HELVANE}", "Entity": {{"LegalName": "X"}}, "Extension": {{"gleif:Deletion": null}}}}]'.encode()
    )
    [chunk] = register("gleif", path).chunks()
    assert len(chunk.records) == 1


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"kind": "IS_FRIEND_OF"}, "RelationshipType 'IS_FRIEND_OF' is no relationship of RR-CDF 2.1"),
        ({"parent": HELVANE}, f"EndNode '{HELVANE}' is the company itself"),
        ({"parent": "ORBICOR"}, "EndNode.NodeID 'ORBICOR' is no LEI"),
        ({"status": ""}, "RelationshipStatus '' is neither ACTIVE nor INACTIVE"),
        ({"periods": [(HOLDS, "2020-02-06", "2018-01-01")]}, "EndDate '2018-01-01' lies before the start, 2020-02-06"),
        ({"periods": [(HOLDS, "soon")]}, "StartDate 'soon' is no date"),
    ],
)
def test_a_relationship_that_does_not_hold_is_named_and_left_out(taken, told, line):
    bad, good = taken(relationship(**told), relationship(child=lei("QUENBY")))
    assert line in str(bad.rejected[0])
    assert (bad.document, bad.claims, len(good.claims)) == (None, (), 1)


# ---------------------------------------------------------------- exceptions
def test_why_no_parent_is_reported_is_a_topic_of_the_entity_and_no_claim(taken):
    direct, ultimate = taken(
        exception(), exception(reasons=["NO_LEI", "NON_PUBLIC"], category="ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT")
    )
    assert direct.document.id == f"gleif/repex/{HELVANE}/direct"
    assert direct.document.published == "2023-06-05"
    assert direct.claims == ultimate.claims == ()
    assert direct.records[0].topics == ("parent-exception:direct:NATURAL_PERSONS",)
    assert ultimate.records[0].topics == (
        "parent-exception:ultimate:NON_PUBLIC",
        "parent-exception:ultimate:NO_LEI",
    )
    assert direct.records[0].entity.id == f"company/lei-{HELVANE.lower()}"


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"category": "OTHER"}, "ExceptionCategory 'OTHER' is no category"),
        ({"reasons": []}, "ExceptionReason '' is empty"),
        ({"reasons": ["because <b>"]}, "ExceptionReason 'because <b>' is no code"),
    ],
)
def test_an_exception_that_does_not_hold_is_named_and_left_out(taken, told, line):
    bad, _ = taken(exception(**told), exception())
    assert line in str(bad.rejected[0])
