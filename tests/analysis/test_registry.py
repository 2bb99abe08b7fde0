"""The analyses by name: each is described truly, in two languages, and runs."""

import inspect
import shlex
import subprocess
import sys

import pytest

from kg import analysis as package
from kg.analysis.registry import ANALYSES, analyse, load_function
from kg.analysis.results.result import Result
from kg.errors import MissingExtra, QueryError, UnknownEntity, UnknownQuery
from kg.importers.edges.reading import claims_of_edges

EACH = pytest.mark.parametrize("analysis", ANALYSES.values(), ids=lambda one: one.name)
EDGES = [("A", "B", 0.6), ("B", "C", 0.6)]


@pytest.fixture
def claims(examples):
    return list(examples)


@EACH
def test_it_has_titles_in_two_languages_and_its_parameters_are_those_of_its_function(analysis):
    assert set(analysis.title) == {"en", "fr"}
    assert all(analysis.title.values())
    taken = inspect.signature(load_function(analysis.function)).parameters
    for parameter in analysis.parameters:
        default = taken[parameter.name].default
        assert default == (inspect.Parameter.empty if parameter.required else parameter.default)
        assert parameter.help
        if parameter.choices:
            assert parameter.default in parameter.choices
    assert "as_of" in taken


@EACH
def test_its_choices_are_those_that_its_function_takes(analysis, claims):
    ends = ["Nvidia", "OpenAI"][: sum(p.required and p.kind == "entity" for p in analysis.parameters)]
    for parameter in analysis.parameters:
        for choice in parameter.choices:
            analyse(claims, analysis.name, *ends, **{parameter.name: choice})


@EACH
def test_its_example_runs_on_the_examples(analysis, claims):
    for example in analysis.examples:
        kg_, command, name, *arguments = shlex.split(example)
        assert (kg_, command, name) == ("kg", "analyse", analysis.name)
        found = analyse(claims, name, *arguments)
        assert isinstance(found, Result)
        assert found.title
        assert {claim.id for claim in found.claims} <= {claim.id for claim in claims}


def test_shares_may_be_written_as_people_write_them():
    claims = claims_of_edges(EDGES)
    assert len(analyse(claims, "control", threshold="60%")) == 0
    assert len(analyse(claims, "control", threshold="60 %", inclusive="yes")) == 3
    assert len(analyse(claims, "control", "C", threshold=0.5)) == 2
    assert len(analyse(claims, "control", company="C", threshold=None)) == 2


@pytest.mark.parametrize(
    ("name", "arguments", "options", "said"),
    [
        ("contrl", (), {}, "no analysis 'contrl'. Did you mean 'control'"),
        ("control", (), {"treshold": 0.5}, "no parameter 'treshold'. Did you mean 'threshold'?"),
        ("control", (), {"threshold": 1.5}, "threshold '1.5' lies outside 0–1"),
        ("control", (), {"threshold": "-1%"}, "lies outside 0–1"),
        ("control", (), {"threshold": "nan"}, "is no number"),
        ("control", (), {"threshold": "1_0"}, "is no number"),
        ("control", ("A", "B"), {}, "cannot use 'B'"),
        ("control", ("A",), {"company": "B"}, "is given company twice"),
        ("control", (), {"inclusive": "perhaps"}, "neither yes nor no"),
        ("owners", (), {}, "needs company (the company): kg analyse owners COMPANY"),
        ("owners", ("A",), {"basis": "capitall"}, "Did you mean 'capital'?"),
        ("circular", (), {"max_length": "4.5"}, "is no whole number"),
    ],
)
def test_what_does_not_fit_is_one_line(name, arguments, options, said):
    with pytest.raises(QueryError) as caught:
        analyse(claims_of_edges(EDGES), name, *arguments, **options)
    assert said in str(caught.value)


def test_names_that_there_are_not_are_told():
    with pytest.raises(UnknownQuery):
        analyse([], "x")
    with pytest.raises(UnknownEntity, match="Did you mean"):
        analyse(claims_of_edges([("Alpha", "Beta", 1)]), "owners", "Betta")


def test_a_library_that_is_not_installed_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[analysis\]'"):
        analyse(claims_of_edges(EDGES), "centrality")


def test_the_package_gives_functions_by_name_whatever_is_loaded_and_loads_nothing_before():
    code = (
        "import sys, kg.analysis as a; from kg.analysis import registry\n"
        "heavy = {'numpy', 'pandas', 'networkx', 'pyoxigraph', 'igraph', 'scipy', 'numba'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "import kg.analysis.ownership.control, kg.analysis.ownership.owners, kg.analysis.ownership.issues\n"
        "assert all(callable(getattr(a, name)) or name == 'ANALYSES' for name in a.__all__)\n"
        "from kg.analysis.ownership.control import control; assert a.control is control\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="has no attribute 'contrl'"):
        _ = package.contrl
