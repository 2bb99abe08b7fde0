"""The day of an answer, and old names: they work for one version more, and say how they are called now."""

import inspect
from dataclasses import replace

import pytest

from kg import analysis
from kg.analysis import analyse, claims_of_edges, owners
from kg.analysis.registry import ANALYSES, load_function
from kg.facts import NO_CUTOFF, AsOf, TriState
from kg.model import Qualifiers
from kg.renamed import PARAMETERS

EDGES = [("A", "B", 0.6), ("C", "B", 0.01)]


@pytest.mark.parametrize("name", ["Answer", "Clocks"])
def test_an_old_name_of_the_package_is_the_new_one_and_warns(name):
    with pytest.warns(DeprecationWarning, match="is called"):
        assert getattr(analysis, name) is {"Answer": TriState, "Clocks": AsOf}[name]
    assert name not in analysis.__all__


def test_an_old_parameter_works_and_warns():
    claims = claims_of_edges(EDGES)
    with pytest.warns(DeprecationWarning, match="'least' is called 'min_share'"):
        assert len(owners(claims, "B", least=0.05)) == 1
    with pytest.warns(DeprecationWarning, match="'clocks' is called 'as_of'"):
        assert len(owners(claims, "B", clocks=NO_CUTOFF)) == 2
    with pytest.warns(DeprecationWarning, match="'of' is called 'basis'"):
        assert len(analyse(claims, "owners", "B", of="votes")) == 2
    with pytest.warns(DeprecationWarning, match="is called"), pytest.raises(TypeError, match="by two names"):
        owners(claims, "B", least=0.05, min_share=0.1)


@pytest.mark.parametrize("entry", ANALYSES.values(), ids=lambda entry: entry.name)
def test_no_analysis_has_a_parameter_of_an_old_name(entry):
    taken = inspect.signature(load_function(entry.function)).parameters
    assert not PARAMETERS.keys() & taken.keys()
    assert taken["as_of"].default is None


def test_an_answer_is_for_today_unless_another_day_is_given(monkeypatch):
    claims = [replace(claim, qualifiers=Qualifiers(end="2025-06")) for claim in claims_of_edges(EDGES[:1])]
    assert not analysis.portfolio(_and_another(claims), "A")
    monkeypatch.setenv("KG_TODAY", "2025-06-30")
    assert [row.issuer.name for row in analysis.portfolio(_and_another(claims), "A")] == ["B"]
    monkeypatch.setenv("KG_TODAY", "2026")
    for as_of in (AsOf(valid="2025"), AsOf(known="2025-05")):
        assert len(analysis.portfolio(_and_another(claims), "A", as_of=as_of)) == (as_of.valid is None)


def _and_another(claims):
    """Add a stake that lasts, so that the holder is known."""
    return [*(replace(claim, known_from="2025-01-01") for claim in claims), *_lasting()]


def _lasting():
    return [replace(claim, known_from="2025-01-01") for claim in claims_of_edges([("Z", "A", 0.5)])]


def test_no_cut_off_is_asked_for_by_name(monkeypatch):
    claims = [replace(claim, qualifiers=Qualifiers(end="2025-06")) for claim in claims_of_edges(EDGES[:1])]
    monkeypatch.setenv("KG_TODAY", "2026-06-30")
    assert len(owners(_recorded(claims, "2025-01-01T00:00:00Z"), "B", as_of=NO_CUTOFF)) == 1
    assert not owners([*_recorded(claims, "2025-01-01T00:00:00Z"), *claims_of_edges([("B", "A", 0.1)])], "B")


def _recorded(claims, date):
    return [claim.recorded(date) for claim in claims]
