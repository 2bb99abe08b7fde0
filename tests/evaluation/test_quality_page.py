"""The page on the figures explains all that the command prints."""

from pathlib import Path

from kg.evaluation import sections
from kg.evaluation.matching import RELATIONS

PAGE = (Path(__file__).parents[2] / "docs" / "quality.md").read_text("utf-8")


def test_every_figure_error_and_relation_is_explained():
    before = PAGE.partition("<!-- figures -->")[0]
    assert [label for label in sections._LABELS.values() if label not in before] == []
    assert all(f"| {kind} |" in before for kind in ("wrong", "missed", "status", "qualifier", "trap"))
    assert all(f"`{name}`" in before for name in RELATIONS)


def test_its_figures_are_of_the_tables_that_the_command_prints():
    told = PAGE.partition("<!-- figures -->")[2].partition("<!-- end of figures -->")[0]
    for label in sections._LABELS.values():
        assert f"| {label.replace('*', chr(92) + '*')} | " in told
