"""Results as pictures, drawn without a screen."""

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt

from kg.analysis.deals.circular import circular_deals
from kg.analysis.ownership.control import control
from kg.analysis.ownership.shares import owners
from kg.analysis.results.result import Result
from kg.importers.edges.reading import claims_of_edges


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.fixture
def shares():
    rows = [("Ann", "C", 0.2), ("Bob", "C", 0.5), {"holder": "Cy", "issuer": "C", "percent_min": 10, "percent_max": 20}]
    return owners(claims_of_edges(rows), "C")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_bars_are_solid_to_the_least_and_hatched_to_the_greatest(shares):
    ax = shares.plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Bob", "Ann", "Cy"]
    solid = [round(bar.get_width()) for bar in ax.patches if bar.get_hatch() is None]
    hatched = [(round(bar.get_x()), round(bar.get_width())) for bar in ax.patches if bar.get_hatch()]
    assert (solid, hatched) == ([50, 20, 10], [(10, 10)])
    assert "%" in ax.get_xlabel()
    ax.figure.canvas.draw()


def test_what_is_drawn_on_given_axes_stays_there(shares):
    _, ax = plt.subplots()
    assert shares.plot(ax) is ax
    assert len(plt.get_fignums()) == 1


def test_long_and_mathematical_names_are_clipped_and_taken_as_text():
    ax = owners(claims_of_edges([("N" * 200, "C", 0.5), ("$x^{$", "C", 0.25)]), "C").plot()
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert len(labels[0]) < 40
    assert labels[1] == r"\$x^{\$"
    ax.figure.canvas.draw()


def test_of_many_rows_the_first_are_drawn_and_the_title_counts_the_rest():
    ax = owners(claims_of_edges([(f"H{n}", "C", 0.01) for n in range(60)]), "C").plot()
    assert len(ax.get_yticklabels()) == 40
    assert "20 more not drawn" in ax.get_title()


def test_a_net_names_companies_and_relations_and_draws_what_is_no_fact_dashed(story):
    claims = [claim for _, told in story for claim in told]
    ax = circular_deals(claims).plot()
    assert {"OpenAI", "CoreWeave", "Microsoft", "Nvidia"} >= {t for t in texts(ax) if t[:1].isupper()}
    assert "holds a stake in" in texts(ax)
    styles = {text.arrow_patch.get_linestyle() for text in ax.texts if getattr(text, "arrow_patch", None)}
    assert styles == {"solid", "dashed"}
    ax.figure.canvas.draw()


def test_a_net_is_drawn_the_same_every_time():
    found = control(claims_of_edges([("A", "B", 0.6), ("B", "C", 0.6), ("A", "C", 0.2)]))
    places = [[text.get_position() for text in found.plot().texts] for _ in range(2)]
    assert places[0] == places[1]


def test_a_large_net_is_cut_down_and_nothing_is_drawn_of_nothing():
    found = control(claims_of_edges([("A", f"B{n}", 0.6) for n in range(80)]))
    assert "21 more not drawn" in found.plot().get_title()
    for shape in ("graph", "bars", ""):
        Result("control", "Nobody", (), (), shape).plot().figure.canvas.draw()
