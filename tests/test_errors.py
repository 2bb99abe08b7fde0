import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import errors
from kg.errors import KgError, did_you_mean

CLASSES = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and value.__module__ == errors.__name__
}


def drawn():
    """The tree of the module's docstring: each name with its parent."""
    parents, path = {}, []
    for line in errors.__doc__.splitlines():
        match = re.match(r"(?P<indent>[│ ├└─]*)(?P<name>[A-Z]\w+)  +\S", line)
        if match:
            depth = len(match["indent"]) // 4
            path[depth:] = [match["name"]]
            parents[match["name"]] = path[depth - 1] if depth else None
    return parents


def test_the_tree_that_is_drawn_is_the_tree_that_is():
    assert drawn() == {
        name: next((base.__name__ for base in value.__bases__ if issubclass(base, KgError)), None)
        for name, value in CLASSES.items()
    }
    assert len(CLASSES) > 10


def test_all_is_listed():
    assert set(errors.__all__) == {*CLASSES, "did_you_mean", "unknown_document"}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_error_is_caught_as_a_kg_error_and_keeps_its_line(name):
    assert CLASSES[name].__doc__
    with pytest.raises(KgError, match=r"^what broke$"):
        raise CLASSES[name]("what broke")


def test_only_a_broken_record_is_also_a_value_error():
    assert [name for name, value in CLASSES.items() if issubclass(value, ValueError)] == ["InvalidRecord"]


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("holder", ("holders", "suppliers"), " Did you mean 'holders'?"),
        ("NVIDIA", ("Nvidia", "Nokia"), " Did you mean 'Nvidia'?"),
        ("suply", ("supplies", "supply"), " Did you mean 'supply' or 'supplies'?"),
        ("xyz", ("holders", "suppliers"), ""),
        ("holders", (), ""),
        ("", ("holders",), ""),
    ],
)
def test_the_nearest_names_are_offered_as_they_are_written(word, known, said):
    assert did_you_mean(word, known) == said


def test_no_more_than_three_names_are_offered():
    assert did_you_mean("plan", [f"plan{i}" for i in range(9)]).count("'") == 6


NAMES = st.text("abcdeéAB -", min_size=1, max_size=12)


@given(NAMES, st.lists(NAMES, max_size=6))
def test_a_hint_offers_known_names_only(word, known):
    hint = did_you_mean(word, known)
    offered = hint.removeprefix(" Did you mean '").removesuffix("'?").split("' or '") if hint else []
    assert set(offered) <= set(known)
    assert len(offered) == len(set(offered)) <= 3


@given(st.lists(NAMES, min_size=1, max_size=6), st.data())
def test_a_known_name_is_offered_whatever_its_case(known, data):
    name = data.draw(st.sampled_from(known))
    offered = did_you_mean(name.swapcase(), known)
    assert any(f"'{other}'" in offered for other in known if other.casefold() == name.casefold())
