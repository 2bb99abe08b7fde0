"""The graph as Python code meets it: typed answers, one name for each form, a day for all of it."""

import datetime as dt
import inspect
import typing
from decimal import Decimal

import pandas as pd
import pytest

import kg
from kg.errors import InvalidRecord, QueryError
from kg.facts import NO_CUTOFF, AsOf
from kg.graph import Graph
from kg.model import Outcome
from kg.query.result import QueryResult
from kg.renamed import RenamedWarning


@pytest.fixture(scope="module")
def graph():
    with kg.open(today="2026-12-01") as graph:
        graph.build(kg.examples())
        yield graph


# ---------------------------------------------------------------------------------- what there is
def test_the_package_and_the_graph_list_their_public_names_and_no_old_ones(graph):
    assert set(dir(kg)) == set(kg.__all__)
    names = set(dir(graph))
    assert {"to_pandas", "to_arrow", "to_networkx", "to_rdflib", "to_pyvis", "query", "ask", "today"} <= names
    assert not names & {"table", "claims_table", "rdflib"}
    assert not [name for name in names if name.startswith("_")]


def test_a_graph_is_named_without_reading_it(graph, tmp_path, monkeypatch):
    monkeypatch.setattr(graph, "store", None)
    assert repr(graph) == "<kg.Graph in memory>"
    with kg.open(tmp_path / "store", write=True) as other:
        assert repr(other) == f"<kg.Graph {tmp_path / 'store'}>"


def test_nothing_on_the_face_is_of_any_type():
    everything = {name: member for kind in Graph.__mro__[:-1] for name, member in vars(kind).items()}
    members = {name: member for name, member in everything.items() if inspect.isfunction(member) and name[0] != "_"}
    for name, member in members.items():
        annotations = [str(hint) for hint in member.__annotations__.values()]
        assert "return" in member.__annotations__, name
        assert not [hint for hint in annotations if hint in {"Any", "typing.Any"}], name
    assert typing.Any not in Graph.query.__annotations__.values()


# ---------------------------------------------------------------------------------- answers
def test_numbers_compute_and_dates_are_dates(graph):
    holders = graph.query("holders", "CoreWeave")
    assert isinstance(holders, QueryResult)
    assert set(holders.percent / 100) == {0.06}
    assert holders["percent"].dtype == "float64"
    assert holders.to_pandas(decimals=True)["percent"][0] == Decimal(6)
    assert {dict(zip(holders.columns, row, strict=True))["percent"] for row in holders} == {Decimal(6)}
    planned = graph.query("planned")
    assert (planned.amount / 1e9).dropna().max() > 0.1


def test_each_kind_of_value_has_its_type(graph):
    values = graph.query(
        """SELECT ?count ?share ?date ?partial ?yes ?text ?float {
        VALUES (?count ?share ?date ?partial ?yes ?text ?float)
        { (7 1.5 "2025-03-11"^^xsd:date "2025-03"^^xsd:gYearMonth true "x" 2e0) } }"""
    )
    assert values.rows == [(7, Decimal("1.5"), dt.date(2025, 3, 11), "2025-03", True, "x", 2.0)]
    frame = values.to_pandas()
    assert [str(kind) for kind in frame.dtypes] == [
        *("Int64", "float64", "datetime64[s]", "object", "boolean", "object", "float64"),
    ]


def test_a_column_with_a_partial_date_stays_text_and_an_unbound_cell_is_missing(graph):
    mixed = graph.query(
        'SELECT ?d ?n { VALUES (?d ?n) { ("2025-03-11"^^xsd:date 1) ("2025"^^xsd:gYear UNDEF) } }'
    ).to_pandas()
    assert mixed["d"].tolist() == ["2025-03-11", "2025"]
    assert mixed["n"].dtype == "Int64"
    assert mixed["n"].isna().tolist() == [False, True]


def test_an_answer_without_rows_keeps_its_columns(graph):
    nothing = graph.query("SELECT ?a ?b { ?a <urn:none> ?b }")
    assert (len(nothing), nothing.columns, list(nothing.to_pandas().columns)) == (0, ("a", "b"), ["a", "b"])
    assert nothing == graph.query("SELECT ?a ?b { ?a <urn:nothing> ?b }")


def test_an_answer_shows_itself_and_becomes_arrow(graph):
    holders = graph.query("holders", "CoreWeave")
    assert repr(holders).startswith("<QueryResult: 3 rows of holder, percent")
    assert "Nvidia" in str(holders)
    assert "<table" in holders._repr_html_()
    assert holders.to_arrow().column("holder").to_pylist() == ["Nvidia"] * 3
    with pytest.raises(AttributeError, match="no column and no attribute 'percentage'"):
        _ = holders.percentage


def test_values_are_bound_to_variables(graph):
    result = graph.query("SELECT ?c ?min { ?c kg:percent ?n FILTER (?n >= ?min) }", min=50)
    assert set(result["min"]) == {50}
    assert len(graph.query("evidence", "OpenAI", other="Microsoft")) > 0


def test_ask_and_construct_have_methods_of_their_own(graph):
    assert graph.ask("ASK { ?a kg:holdsStake ?b }") is True
    assert graph.ask("ASK { ?a kg:holdsStake ?b }", a="x") is False
    assert "kg:holdsStake" in graph.construct("CONSTRUCT { ?a kg:holdsStake ?b } WHERE { ?a kg:holdsStake ?b }")
    with pytest.raises(QueryError, match=r"use graph\.query"):
        graph.ask("SELECT ?a { ?a a kg:Claim }")
    with pytest.raises(QueryError, match=r"use graph\.query"):
        graph.construct("ASK {}")


# ---------------------------------------------------------------------------------- the day
def test_a_graph_has_a_day_and_questions_may_name_another(graph, monkeypatch):
    assert graph.today == dt.date(2026, 12, 1)
    assert len(graph.analyse("customers")) > 0
    assert len(graph.analyse("customers", as_of="2020")) == 0
    assert len(graph.analyse("customers", as_of=AsOf(known="2020"))) == 0
    assert list(graph.claims(as_of=AsOf(recorded="2020"))) == []
    assert len(list(graph.claims("Nvidia", as_of=NO_CUTOFF))) == len(list(graph.claims("Nvidia")))
    assert graph.to_networkx().graph["today"] == "2026-12-01"
    assert graph.to_networkx(as_of="2025-03").graph["today"] == "2025-03-31"
    assert set(graph.to_pandas(as_of="2025-03")["today"]) == {"2025-03-31"}
    monkeypatch.setenv("KG_TODAY", "2027")
    with kg.open() as other:
        assert other.today == dt.date(2027, 12, 31)
    with pytest.raises(InvalidRecord, match="today 'soon' is no date"):
        kg.open(today="soon")


# ---------------------------------------------------------------------------------- old names
def test_old_names_work_and_warn_of_the_new(graph):
    with pytest.warns(RenamedWarning, match=r"graph\.to_pandas\(\) now"):
        assert graph.table().equals(graph.to_pandas())
    with pytest.warns(RenamedWarning, match=r"graph\.to_arrow\(\) now"):
        assert graph.claims_table() is graph.to_arrow()
    with pytest.warns(RenamedWarning, match=r"graph\.to_rdflib\(\) now"):
        assert len(graph.rdflib()) == len(graph.to_rdflib())
    with pytest.warns(RenamedWarning, match=r"graph\.analyse\(as_of=AsOf\(…\)\) now"):
        assert len(graph.analyse("customers", known="2020")) == 0
    with pytest.warns(RenamedWarning, match=r"graph\.ask\(…\) now"):
        assert graph.query("ASK { ?a kg:holdsStake ?b }") is True


def test_an_answer_has_for_one_version_what_a_data_frame_has(graph):
    with pytest.warns(RenamedWarning, match=r"graph\.query\(…\)\.to_pandas\(\)\.head now") as warned:
        assert isinstance(graph.query("planned").head(1), pd.DataFrame)
    assert [warning.filename for warning in warned] == [__file__]


def test_dossiers_and_disputes_stand_for_the_day_of_the_graph(graph):
    assert "2026-12-01" in str(graph.show("Nvidia"))
    assert "2025-03-31" in str(graph.between("OpenAI", "Microsoft", as_of="2025-03"))
    assert list(graph.disputes("Nvidia", as_of="2025").columns) == list(graph.disputes().columns)


def test_claims_that_were_not_admitted_are_had_by_their_outcome(sorted_reading):
    with kg.open() as graph:
        graph.store.commit([sorted_reading])
        assert {claim.outcome for claim in graph.claims()} == {Outcome.ADMITTED}
        [refused] = graph.claims("Nvidia", outcome="refused")
        assert refused.reasons[0] == "KIND"
        assert len(list(graph.claims(outcome="all", as_of="2025-06"))) == 4
        assert list(graph.claims(outcome="to-review", as_of=AsOf(known="2024"))) == []
        [to_review] = graph.dossier("OpenAI", outcome="all").candidates
        assert to_review.outcome is Outcome.TO_REVIEW
        with pytest.raises(QueryError, match="no outcome"):
            graph.claims(outcome="perhaps")
