import re

import hypothesis.strategies as st
from hypothesis import given

from kg.documents.tables import laid_out, table_lines

CELLS = st.text(st.characters(codec="utf-8"), max_size=12)
ROWS = st.lists(st.lists(CELLS, max_size=5), max_size=6)


def tidy(cell):
    return " ".join(cell.replace("|", "¦").split())


def without_empty(rows):
    width = max((len(row) for row in rows), default=0)
    filled = [[tidy(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    columns = [at for at in range(width) if any(row[at] for row in filled)]
    return [[row[at] for at in columns] for row in filled if any(row)]


def parsed(text):
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in text.splitlines()]


@given(ROWS)
def test_what_the_lines_hold_are_the_rows(rows):
    ruled = [row for row in without_empty(rows) if all(re.fullmatch(":?-{3,}:?", cell) for cell in row)]
    expected = [[c.replace("-", "–") for c in row] if row in ruled else row for row in without_empty(rows)]
    assert parsed(table_lines(rows)) == expected


@given(ROWS, st.integers(0, 6), CELLS)
def test_each_cell_stands_where_it_is_said_to(rows, heads, caption):
    layout = laid_out(rows, heads, caption)
    assert {at: layout.text[start:end].replace("–", "-") for at, (start, end) in layout.cells.items()} == {
        (row, column): tidy(cell).replace("–", "-")
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if tidy(cell)
    }


@given(ROWS, st.integers(0, 6))
def test_one_line_below_the_heads_and_only_there(rows, heads):
    lines = table_lines(rows, heads).splitlines()
    ruled = [at for at, line in enumerate(lines) if re.fullmatch(r"\|( --- \|)+", line)]
    held = sum(any(map(tidy, row)) for row in rows[:heads])
    assert ruled == ([held] if held else [])


def test_rows_and_columns_that_hold_nothing_are_left_out_and_short_rows_filled_up():
    assert table_lines([["", "A", "", "B"], ["", "", ""], ["", "c|d", "", "  two\nlines "], [" ", "e"]]) == (
        "| A | B |\n| c¦d | two lines |\n| e |  |\n"
    )


def test_an_empty_table_is_no_text_even_with_a_caption():
    assert table_lines([["", " "], []], caption="Customers") == ""
