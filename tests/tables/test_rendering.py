import csv
import io
import json
import time

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.ontology import PREFIXES
from kg.tables.rendering import guarded, printable, render, unguarded, write_csv, write_table
from kg.tables.table import Table, TermRows, shortened, value_of

XSD = PREFIXES["xsd"]


def decimal(text):
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "decimal"))


TABLE = Table(
    ("supplier", "amount", "exclusive", "nothing", "id"),
    TermRows(
        (
            (
                ox.Literal("Nvidia"),
                decimal("11900000000"),
                ox.Literal(value=True),
                None,
                ox.NamedNode(PREFIXES["company"] + "nvidia"),
            ),
            (ox.Literal("=1+1", language="en"), decimal("-5.20"), None, None, ox.BlankNode("b")),
        )
    ),
)


def written(form, table=TABLE):
    out = io.StringIO(newline="")
    render(table, form, out)
    return out.getvalue()


def test_csv_keeps_numbers_exact_and_disarms_formulas():
    assert written("csv").split("\r\n") == [
        "supplier,amount,exclusive,nothing,id",
        "Nvidia,11900000000,true,,https://w3id.org/company-kg/company/nvidia",
        "'=1+1,-5.20,,,_:b",
        "",
    ]


def test_csv_can_be_had_untouched():
    out = io.StringIO(newline="")
    write_csv(TABLE, out, exact=True)
    assert "\r\n=1+1,-5.20" in out.getvalue()


def test_json_is_the_format_of_the_w3c():
    assert json.loads(written("json")) == {
        "head": {"vars": list(TABLE.columns)},
        "results": {
            "bindings": [
                {
                    "supplier": {"type": "literal", "value": "Nvidia"},
                    "amount": {"type": "literal", "value": "11900000000", "datatype": XSD + "decimal"},
                    "exclusive": {"type": "literal", "value": "true", "datatype": XSD + "boolean"},
                    "id": {"type": "uri", "value": "https://w3id.org/company-kg/company/nvidia"},
                },
                {
                    "supplier": {"type": "literal", "value": "=1+1", "xml:lang": "en"},
                    "amount": {"type": "literal", "value": "-5.20", "datatype": XSD + "decimal"},
                    "id": {"type": "bnode", "value": "b"},
                },
            ]
        },
    }


def test_json_of_no_rows_is_valid():
    empty = Table(("a",), ())
    assert json.loads(written("json", empty)) == {"head": {"vars": ["a"]}, "results": {"bindings": []}}


def test_pyoxigraph_reads_our_json_back():
    read = ox.parse_query_results(written("json"), ox.QueryResultsFormat.JSON)
    assert [variable.value for variable in read.variables] == list(TABLE.columns)
    assert [tuple(row) for row in read] == list(TABLE.terms)


def test_jsonl_is_one_object_a_row():
    assert [json.loads(line) for line in written("jsonl").splitlines()] == [
        {
            "supplier": "Nvidia",
            "amount": "11900000000",
            "exclusive": True,
            "id": "https://w3id.org/company-kg/company/nvidia",
        },
        {"supplier": "=1+1", "amount": "-5.20", "id": "_:b"},
    ]


def test_the_table_for_people_shortens_groups_and_leaves_out_empty_columns():
    assert written("table").splitlines() == [
        "supplier          amount  exclusive  id",
        "Nvidia    11 900 000 000  true       company:nvidia",
        "=1+1               -5.20             _:b",
    ]


def test_a_table_too_wide_for_the_terminal_becomes_records_and_loses_nothing():
    sentence = "CoreWeave fournira à OpenAI de la puissance de calcul pour 11,9 milliards de dollars."
    table = Table(("customer", "sentence"), [("O" * 30, sentence)])
    out = io.StringIO()
    write_table(table, out, width=44)
    assert out.getvalue().startswith("customer  " + "O" * 30 + "\nsentence  CoreWeave fournira à")
    assert max(map(len, out.getvalue().splitlines())) <= 44
    assert sentence in " ".join(out.getvalue().split())


def test_what_the_store_names_itself_is_shown_by_its_id():
    base = "https://example.org/"
    cells = ((ox.NamedNode(base + "programme/stargate"), ox.NamedNode(base + "claim/0a")),)
    assert (
        written("table", Table(("a", "b"), TermRows(cells), base=base)).splitlines()[1]
        == "programme/stargate  claim/0a"
    )


def test_a_table_of_ten_thousand_rows_is_written_at_once():
    cells = tuple((ox.Literal(f"Company {n}"), decimal(str(n)), ox.Literal("x" * 80)) for n in range(10_000))
    start = time.process_time()
    lines = written("table", Table(("a", "b", "c"), TermRows(cells))).splitlines()
    assert len(lines) == 10_001
    assert time.process_time() - start < 5


def test_a_table_without_rows_says_so():
    assert written("table", Table(("a",), ())) == "no rows\n"


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\u202eb", "bell\x07", "[bold]x[/bold]", ":smile:", "line\nfeed"])
def test_no_text_can_steer_the_terminal(text):
    shown = written("table", Table(("a", "b"), [(text, "y")]))
    assert not set(shown) & set("\x1b\x07\u202e")
    assert len(shown.splitlines()) == 2
    assert printable(text) in shown


def test_an_unknown_form_names_the_known_ones():
    with pytest.raises(QueryError, match=r"no output form 'jsn'.* Did you mean 'json'"):
        written("jsn")


@given(st.text())
def test_the_guard_against_formulas_can_be_undone(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.booleans()), max_size=4))
def test_csv_reads_back_as_it_was(values):
    table = Table(("text", "flag"), values)
    header, *rows = csv.reader(io.StringIO(written("csv", table), newline=""))
    assert header == ["text", "flag"]
    assert [(unguarded(t), f == "true") for t, f in rows] == values


def test_values_are_plain_python():
    assert TABLE.rows[0][2] is True
    assert [str(row[1]) for row in TABLE.rows] == ["11900000000", "-5.20"]
    assert value_of(ox.Literal("INF", datatype=ox.NamedNode(XSD + "double"))) == "INF"
    assert value_of(ox.Literal("six", datatype=ox.NamedNode(XSD + "decimal"))) == "six"


def test_an_iri_is_shortened_by_its_longest_prefix_only_where_the_rest_is_plain():
    assert shortened(PREFIXES["kg"] + "holdsStake", PREFIXES) == "kg:holdsStake"
    assert shortened(PREFIXES["company"] + "a/b", PREFIXES) == PREFIXES["company"] + "a/b"
    assert shortened("urn:x", PREFIXES) == "urn:x"
