"""Notes and scenes: one form, as JSON and as TOML, and one line for what does not hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InvalidRecord
from kg.view.scenes import Note, Scene, Scenes, read_scenes, scenes_of

TOML = """
[[notes]]
on = "company/nvidia"
text = "Ask them about the 6 %."
author = "Ana"
written = 2026-11-30

[[scenes]]
name = "1 – the contract"
companies = ["company/openai", "company/coreweave"]
relations = ["supplies"]
as_of = "2025-03"

[scenes.view]
layout = "owners"
mark = "sector"
since = 2024-01-01
path = ["company/openai", "company/nvidia"]
sight = [-100, -50, 100.5, 50]

[positions]
"company/nvidia" = [10, -20.5]
"""
VIEW = (
    ("layout", "owners"),
    ("mark", "sector"),
    ("path", ("company/openai", "company/nvidia")),
    ("sight", (-100.0, -50.0, 100.5, 50.0)),
    ("since", "2024-01-01"),
)
SAID = Scenes(
    (Note("company/nvidia", "Ask them about the 6 %.", "Ana", "2026-11-30"),),
    (Scene("1 – the contract", ("company/openai", "company/coreweave"), ("supplies",), "2025-03", view=VIEW),),
    {"company/nvidia": (10.0, -20.5)},
)


def test_json_and_toml_say_the_same(tmp_path):
    (tmp_path / "notes.toml").write_text(TOML, "utf-8")
    (tmp_path / "notes.json").write_text(json.dumps(SAID.json()), "utf-8")
    assert read_scenes(tmp_path / "notes.toml") == read_scenes(tmp_path / "notes.json") == SAID


_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
_notes = st.builds(Note, _texts, _texts, st.just("") | _texts, st.sampled_from([None, "2025", "2025-03-12"]))
_scenes = st.builds(Scene, _texts, st.lists(_texts, max_size=3, unique=True).map(tuple), st.just(("supplies",)))
_places = st.dictionaries(_texts, st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=3)


@given(st.lists(_notes, max_size=3), st.lists(_scenes, max_size=3), _places)
def test_what_is_written_is_read_back(notes, scenes, positions):
    said = Scenes(tuple(notes), tuple(scenes), positions)
    assert scenes_of(json.dumps(said.json())) == said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1]", "there is no key '1'"),
        ("[[[", "neither JSON nor TOML"),
        ('{"format": "kg-scenes/9"}', "'kg-scenes/9': this version reads 'kg-scenes/1'"),
        ('{"note": []}', "there is no key 'note'. Did you mean 'notes'?"),
        ('{"notes": [{"on": "company/x"}]}', "notes[1]: a note needs"),
        ('{"notes": [{"on": "company/x", "text": 3}]}', "notes[1]: 'text' must be a text"),
        ('{"notes": [{"on": "x", "text": "y", "written": "yesterday"}]}', "notes[1]: written 'yesterday' is no date"),
        ('{"notes": [{"on": "x", "text": "\\ud800"}]}', "half of a surrogate pair"),
        ('{"scenes": [{"name": "x", "relations": ["supply"]}]}', "'supply', which is no relation. Did you mean"),
        ('{"scenes": [{"name": "x", "view": {"colour": "red"}}]}', "there is no key 'colour'"),
        ('{"scenes": [{"name": "x", "view": {"layout": "tree"}}]}', "'layout' must be one of web, owners, circle"),
        ('{"scenes": [{"name": "x", "view": {"sight": [0, 0, 0, 9]}}]}', "from less to more"),
        ('{"scenes": [{"name": "x", "view": {"path": ["a"]}}]}', "'path' has 1 texts instead of 2"),
        ('{"scenes": [{"name": "x", "view": {"least": 1e400}}]}', "'least' must be a number"),
        ('{"scenes": [{"name": "x", "view": {"versus": "soon"}}]}', "'soon' is no date"),
        ('{"scenes": [{"name": "x", "view": []}]}', "'view' must be a table"),
        ('{"positions": {"company/x": [1, NaN]}}', "or nowhere"),
        ('{"positions": {"company/x": [1, 1e400]}}', "or nowhere"),
        ('{"positions": {"company/x": [1]}}', "must be [x, y], two numbers"),
        ("[" * 100_000, "neither JSON nor TOML"),
        ('{"notes": ' + "[" * 100_000, "nested too deep"),
        (b"\xff\xfe", "is not UTF-8"),
        (b" " * (5 << 20), "longer than 4 MiB"),
    ],
)
def test_what_does_not_hold_is_told_in_one_line(content, message):
    with pytest.raises(InvalidRecord) as error:
        scenes_of(content, "notes.json")
    assert str(error.value).startswith("notes.json: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)
