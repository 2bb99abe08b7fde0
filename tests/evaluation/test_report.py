"""Figures of many texts: sums, intervals, halves."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kg.evaluation.counts import Counts
from kg.evaluation.report import SHARES, halves, is_read_half, report
from kg.evaluation.scoring import DocumentScore


def scored(name, said, right, core, found):
    counts = Counts(said=said, right=min(said, right), core=core, found=min(core, found))
    return DocumentScore(f"{name}.gold.json", f"{name}.txt", "fr", counts, {}, {}, {}, {}, ())


NUMBER = st.integers(0, 9)
DOCUMENTS = st.lists(st.tuples(NUMBER, NUMBER, NUMBER, NUMBER), max_size=6).map(
    lambda rows: [scored(f"d{i}", *row) for i, row in enumerate(rows)]
)


@given(DOCUMENTS, st.randoms())
def test_figures_do_not_depend_on_the_order_of_documents(documents, random):
    shuffled = list(documents)
    random.shuffle(shuffled)
    assert report(shuffled).figures == report(documents).figures


@given(DOCUMENTS)
def test_an_interval_is_of_shares_and_the_same_every_time(documents):
    found = report(documents).intervals
    assert found == report(documents).intervals
    for interval in found.values():
        assert interval is None or 0 <= interval[0] <= interval[1] <= 1


@given(DOCUMENTS)
def test_the_halves_add_up(documents):
    parts, whole = halves(documents), report(documents)
    for name in ("documents", "said", "core"):
        assert parts.read.figures[name] + parts.unread.figures[name] == whole.figures[name]
    assert set(parts.gap) == set(SHARES)


def test_where_all_documents_are_alike_the_interval_is_a_point():
    documents = [scored(f"d{i}", 4, 2, 4, 1) for i in range(5)]
    assert report(documents).intervals["precision"] == (0.5, 0.5)


def test_a_wider_spread_of_documents_gives_a_wider_interval():
    alike = [scored(f"d{i}", 10, 5 + i % 2, 10, 5) for i in range(10)]
    apart = [scored(f"d{i}", 10, 10 * (i % 2), 10, 5) for i in range(10)]
    widths = [high - low for low, high in (report(one).intervals["precision"] for one in (alike, apart))]
    assert widths[0] < widths[1]


def test_a_name_alone_decides_the_half():
    one = scored("a", 1, 1, 1, 1)
    assert is_read_half(one.file) == is_read_half(replace(one, lang="en").file)
    names = [f"text-{i}.gold.json" for i in range(400)]
    assert 150 < sum(map(is_read_half, names)) < 250
