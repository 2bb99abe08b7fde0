"""What is read in tables: shapes made up, lists of subsidiaries as filed, statements that name nobody."""

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from kg.documents.tables import table_lines
from kg.extract import read
from kg.extract.explanation import explain
from kg.extract.explanation_lines import explanation_lines
from kg.extract.lexicon import load
from kg.extract.tables import row_terms
from kg.extract.tables.cells import percent_in
from kg.extract.tables.grid import Cell, grids
from kg.extract.tables.lumps import is_total
from kg.extract.tables.names import name_in
from kg.extract.tables.reader import Tables
from kg.extract.tables.surety import MEASURED
from kg.extract.tables.table import layouts
from kg.model import Document
from kg.ontology import turtle
from kg.resolve import Resolver

SETS = {
    name: tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))["shape"]
    for name in ("shapes", "analyst_shapes")
}
SHAPES = [shape for shapes in SETS.values() for shape in shapes]
TRAPS = [
    shape
    for name in ("trap_shapes", "blind_trap_shapes")
    for shape in tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))["shape"]
]
TERMS = ("amount", "currency", "percent", "percent_min", "percent_max", "percent_of", "goods", "start", "as_of")
ZELTAN = "Zeltan Corp (“we”) makes motors. We sell them in many countries.\n\n"
FILINGS = ("abbv-10-k-2025-02-14", "jnj-10-k-2025-02-13", "nvda-10-q-2025-08-27", "pg-10-k-2025-08-04")


def extraction(text, lang="en"):
    return read(Document("d", text, lang), readers=(Tables(),))


def line(claim):
    terms = {name: value for name, value in claim.qualifiers.terms().items() if name in TERMS}
    said = f"{claim.subject.name} > {claim.relation} > {claim.object.name}"
    said += f"; {' '.join(f'{name}={terms[name]}' for name in TERMS if name in terms)}" if terms else ""
    return said if claim.modality == "asserted" else f"{said}; {claim.modality}"


@pytest.fixture(scope="module")
def readings():
    return [(shape, extraction(shape["text"], shape["lang"])) for shape in SHAPES]


def wanted(shape, key="claims"):
    return {said for said in shape.get(key, "").splitlines() if said}


@pytest.mark.parametrize("name", SETS)
def test_precision_and_recall_over_the_shapes(readings, name):
    """A claim is right where its two ends, figures, dates and modality are those that a person reads in the row."""
    assert len(SHAPES) >= 80
    shapes = SETS[name]
    admitted = [(shape["name"], line(claim)) for shape, found in readings if shape in shapes for claim in found.claims]
    true = {(shape["name"], said) for shape in shapes for said in wanted(shape)}
    right = true & set(admitted)
    assert len(right) >= 0.95 * len(admitted), sorted(set(admitted) - true)
    assert len(right) >= 0.85 * len(true), sorted(true - right)


@pytest.mark.parametrize("shape", TRAPS, ids=lambda shape: shape["name"])
def test_nothing_is_claimed_that_a_table_does_not_say(shape):
    """Lists of somebody else, of a market or a vote, of what failed or ended; rows that name nobody."""
    said = {line(claim) for claim in extraction(shape["text"], shape["lang"]).claims}
    assert not said - wanted(shape) - wanted(shape, "allowed")
    assert not wanted(shape) - said


def test_whom_the_source_does_not_name_is_counted_and_never_a_company(readings):
    for shape, found in readings:
        assert sum(table.unnamed for table in found.tables) == shape["unnamed"], shape["name"]
    names = {entity.name for _, found in readings for claim in found.claims for entity in claim.entities}
    assert not {name for name in names if name.startswith(("Customer", "Client", "Direct Customer"))}


def test_the_confidence_is_what_was_measured(readings):
    """``ontology/weights/tables.json`` counts the right and the wrong claims of the first set of shapes."""
    bins = json.loads(turtle(MEASURED))
    counted = Counter()
    for shape, found in readings[: len(SETS["shapes"])]:
        for claim in (*found.claims, *found.candidates):
            counted[line(claim) in wanted(shape)] += 1
    assert [sum(right for right, _ in bins.values()), sum(wrong for _, wrong in bins.values())] == [
        counted[True],
        counted[False],
    ]


def test_evidence_is_the_row_its_heads_and_whose_table_it_is():
    text = ZELTAN + "| Customer | % of revenue |\n| --- | --- |\n| Korba Inc. | 21 |\n| Dorvan Ltd | 9 |\n"
    claim, _ = extraction(text).claims
    assert [evidence.quote for evidence in claim.evidence] == [
        "Korba Inc. | 21",
        "Customer",
        "% of revenue",
        "Zeltan Corp (“we”) makes motors.",
    ]
    assert all(text[one.start : one.end] == one.quote for one in claim.evidence)


def test_a_share_without_a_unit_goes_to_review_without_the_figure():
    text = ZELTAN + "| Shareholder | Holding |\n| --- | --- |\n| Korba Inc. | 21 |\n"
    found = extraction(text)
    assert [(claim.reasons, claim.qualifiers.percent) for claim in found.candidates] == [(("SCALE_WORD",), None)]
    assert not found.claims


def test_two_columns_that_nothing_tells_apart_go_to_review():
    text = ZELTAN + "| Shareholder | % of capital | % of capital |\n| --- | --- | --- |\n| Korba Inc. | 21 | 23 |\n"
    found = extraction(text)
    assert [claim.reasons for claim in found.candidates] == [("TWO_VALUES",)]
    assert not found.claims


def test_a_company_that_a_heading_only_mentions_is_a_guess():
    text = "Review by Marbel Inc.\n\n| Customer | % of revenue |\n| --- | --- |\n| Korba Inc. | 21% |\n"
    found = extraction(text)
    assert [claim.reasons for claim in found.candidates] == [("REFERENCE",)]
    assert not found.claims


def test_where_nothing_tells_whose_it_is_nothing_is_claimed_and_it_is_said():
    found = extraction("It grew.\n\n| Customer | % of revenue |\n| --- | --- |\n| Korba Inc. | 21% |\n")
    assert not found.claims + found.candidates
    assert [table.reason for table in found.tables] == ["it is not told whose it is"]


def test_fractions_are_no_percentages():
    text = ZELTAN + "| Customer | % of revenue |\n| --- | --- |\n| Korba Inc. | 0.21 |\n| Dorvan Ltd | 0.12 |\n"
    assert {claim.reasons for claim in extraction(text).candidates} == {("SCALE_WORD",)}


def test_a_row_of_common_words_goes_to_review():
    text = ZELTAN + "| Customer | % of revenue |\n| --- | --- |\n| Leading utilities | 21% |\n"
    found = extraction(text)
    assert [claim.reasons for claim in found.candidates] == [("UNKNOWN_KIND",)]
    assert not found.claims


def test_a_status_that_is_not_understood_goes_to_review():
    text = ZELTAN + "| Buyer | Target | Status |\n| --- | --- | --- |\n| Korba Inc. | Dorvan Ltd | Phase 2 |\n"
    found = extraction(text)
    assert [claim.reasons for claim in found.candidates] == [("NOT_HAPPENED",)]
    assert not found.claims


def test_a_caption_that_names_another_company_makes_the_filer_a_guess():
    table = "| Customer | % of revenue |\n| --- | --- |\n| Dorvan Ltd | 9% |\n"
    text = f"{ZELTAN}We bought Korba Inc. Its customers were:\n\n{table}"
    found = extraction(text)
    assert [(claim.subject.name, claim.reasons) for claim in found.candidates] == [("Korba Inc.", ("REFERENCE",))]
    assert not found.claims


def test_a_range_goes_to_review_and_is_not_dropped():
    text = ZELTAN + "| Customer | % of revenue |\n| --- | --- |\n| Korba Inc. | 12–15% |\n"
    assert [(claim.reasons, claim.qualifiers.percent) for claim in extraction(text).candidates] == [(("BOUND",), None)]


def test_two_columns_of_companies_without_a_tie_are_not_taken_for_those_of_the_filer():
    text = ZELTAN + "| Customer | Lender | % of revenue |\n| --- | --- | --- |\n| Korba Inc. | Dorvan Ltd | 9% |\n"
    found = extraction(text)
    assert not found.claims + found.candidates
    assert [table.reason for table in found.tables] == [
        "two of its columns name companies, and it is not told how they are tied"
    ]


@pytest.mark.parametrize("mark", ["-", "_", "=", "*", "†", ".", "…", "|", "+", ":", "- ", "* ", "(1)", " .", "a", "A "])
def test_lines_of_one_mark_end(mark):
    """No pattern may try again and again: these never ended, or took as long as the square of their length."""
    grids(mark * 50_000 + " x\n" + mark * 50_000)
    cell = Cell(f"Korba {mark * 60} x", 0)
    assert name_in(cell, load("en")) is not None
    assert isinstance(is_total(cell.text, load("en"), of_holders=True), bool)
    percent_in(Cell(mark * 60 + " 5 x", 0), None, (), load("en"))


def test_a_column_of_sums_is_searched_for_its_currency_once(monkeypatch):
    rows = "".join(f"| Korba Inc. | Dorvan{row} Ltd | {row + 1} |\n" for row in range(30))
    searched = []
    search = row_terms._signed
    monkeypatch.setattr(row_terms, "_signed", lambda *given: searched.append(given) or search(*given))
    extraction(f"{ZELTAN}| Buyer | Target | Price ($m) |\n| --- | --- | --- |\n{rows}")
    # A text is read, and its tables are accounted for.
    assert len(searched) <= 2


def test_unknown_tables_are_listed_with_the_reason():
    found = extraction(ZELTAN + "| Machine | Weight |\n| --- | --- |\n| Press | 4 t |\n")
    assert [(table.is_read, table.reason) for table in found.tables] == [
        (False, "neither its heads nor its caption tell what its rows are")
    ]


@pytest.mark.parametrize(
    "table",
    [
        "| Large accelerated filer | ☒ | Accelerated filer | ☐ |\n| Smaller company | ☐ | Growth company | ☐ |\n",
        "| Title of each class | Trading symbol | Exchange |\n| Common stock | ZLTN | NYSE |\n",
        "| Date: March 3, 2025 | By: | /s/ Martha Dorvan |\n|  | Name: | Martha Dorvan |\n",
    ],
)
def test_tables_that_lay_out_a_cover_are_not_listed(table):
    assert extraction(f"{ZELTAN}{table}").tables == ()


def test_prose_in_a_table_that_lays_out_a_page_is_read_as_prose():
    prose = (
        "Zeltan Corp has acquired Korba Inc. for $5 million.",
        "The weather of this spring was neither good nor bad.",
    )
    text = table_lines([[prose[0], "4"], [prose[1], "5"]])
    found = read(Document("d", text, "en"))
    assert [line(claim) for claim in found.claims] == [
        "Zeltan Corp > acquires > Korba Inc.; amount=5000000 currency=USD"
    ]


def test_the_explanation_tells_of_each_table():
    table = "| Customer | % of revenue |\n| --- | --- |\n| Korba Inc. | 21% |\n| Customer B | 12% |\n"
    document = Document("d", f"Zeltan Corp\n\nCustomers of Zeltan Corp\n\n{table}", "en")
    said = [one for one in explanation_lines(explain(document), document) if one.startswith("Table")]
    assert said == [
        "Table 39–122 “Customers of Zeltan Corp”: each row a customer; of 2 rows 1 read, 1 that name nobody",
    ]


# ------------------------------------------------------------------------------------------ tables as filed
def rows(table):
    """The cells of an HTML table; one that spans columns stands in the first."""
    found = []
    for row in table.iter("tr"):
        cells = []
        for cell in row.iter("td", "th"):
            for part in cell.iter("br", "p", "div"):
                part.tail = f" {part.tail or ''}"
            cells += [cell.text_content(), *[""] * (int(cell.get("colspan") or 1) - 1)]
        found.append(cells)
    return found


def page(path):
    """A filing as text, its tables in the form that documents have them in."""
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    tree = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    for hidden in tree.xpath("//*[contains(@style, 'display:none')] | //script | //style"):
        hidden.drop_tree()
    for table in tree.xpath("//table[not(.//table)]"):
        text = html.Element("pre")
        text.text, text.tail = f"\n\n{table_lines(rows(table))}\n", table.tail
        table.getparent().replace(table, text)
    for block in tree.iter("p", "div", "br", "tr", "li", "h1", "h2", "h3"):
        block.tail = f"\n{block.tail or ''}"
    return "\n".join(line.strip() for line in tree.text_content().replace("\xa0", " ").splitlines())


@pytest.mark.parametrize(("name", "parent", "count"), [("aapl", "Apple", 19), ("jpm", "JPMorgan Chase", 18)])
def test_exhibit_21_is_read_whole(shared, name, parent, count):
    """Counted by hand: Apple files 19 subsidiaries, JPMorgan Chase 18."""
    text = page(shared / "data" / "sec" / "ex21" / f"ex21_{name}.html")
    resolver = Resolver()
    found = read(Document("d", text, "en"), resolver.kind, (Tables(),), resolver.entity)
    assert {(claim.relation, claim.object.name) for claim in found.claims} == {("subsidiary-of", parent)}
    assert len({claim.subject.id for claim in found.claims}) == len(found.claims) == count
    assert not found.candidates


@pytest.mark.parametrize("name", FILINGS)
def test_no_table_of_a_report_that_names_nobody_is_taken_for_a_list(shared, name):
    """Their customers stand in sentences: of some six hundred tables none names a company for what it is to them."""
    found = layouts(page(shared / "data" / "sec" / "filings" / f"{name}.html"), load("en"))
    assert len(found) > 40
    assert [layout.label for layout in found if layout.tie is not None] == []
