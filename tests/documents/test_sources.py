"""What is found to read, how it is named, and what is passed over."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import SkippedSource, Source, find


@pytest.fixture
def folder(tmp_path):
    for name in ("b/two.txt", "a.md", "b/one.html", "b/.hidden.txt", ".git/x.txt", "b/one.json"):
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")
    return tmp_path / "news"


def ids(paths):
    return [each.id for each in find([str(path) for path in paths]) if isinstance(each, Source)]


def rejected(paths):
    return [each for each in find([str(path) for path in paths]) if isinstance(each, SkippedSource)]


def test_a_folder_is_read_downward_in_order_without_hidden_names_and_sidecars(folder):
    assert ids([folder]) == ["a.md", "b/one.html", "b/two.txt"]
    assert rejected([folder]) == []


def test_a_file_is_named_by_its_name_and_stdin_by_a_word(folder):
    sources = list(find([str(folder / "b/two.txt"), "-"]))
    assert sources == [Source("two.txt", str(folder / "b/two.txt")), Source("stdin", "-")]


def test_a_shell_pattern_that_catches_the_sidecars_does_no_harm(folder):
    assert ids([folder / "b/one.html", folder / "b/one.json", folder / "b/two.txt"]) == ["one.html", "two.txt"]


def test_a_file_given_twice_is_read_once(folder):
    assert ids([folder, folder / "a.md", folder / "b" / ".." / "a.md"]) == ["a.md", "b/one.html", "b/two.txt"]


def test_two_files_of_one_name_are_named_by_their_folders(tmp_path):
    paths = [tmp_path / name / "x.txt" for name in ("2024/fr", "2025/fr", "2025/en")]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_text("words")
    assert ids(paths) == ["2024/fr/x.txt", "2025/fr/x.txt", "en/x.txt"]
    assert ids(paths[1:]) == ["fr/x.txt", "en/x.txt"]


def test_a_file_named_like_standard_input_does_not_take_its_place(tmp_path):
    (tmp_path / "stdin").write_text("words")
    assert ids(["-", tmp_path / "stdin"]) == ["stdin", f"{tmp_path.name}/stdin"]


def test_what_a_folder_holds_besides_is_told_with_the_reason(folder):
    (folder / "call.mp4").write_bytes(b"\x00")
    (folder / "Makefile").write_text("all:")
    (folder / "loop").symlink_to(folder)
    reasons = {os.path.basename(each.source): each.reason for each in rejected([folder])}  # noqa: PTH119
    assert set(reasons) == {"call.mp4", "Makefile", "loop"}
    assert reasons["call.mp4"].startswith("'.mp4' is none of the kinds read in a folder; name the file")
    assert reasons["loop"] == "a link to a folder is not followed"


def test_a_folder_with_nothing_to_read_is_told(tmp_path):
    [skipped] = rejected([tmp_path])
    assert skipped.source == str(tmp_path)
    assert "holds no file that kg reads" in skipped.reason


def test_a_missing_file_is_left_to_read_to_tell_of(tmp_path):
    assert ids([tmp_path / "missing.txt"]) == ["missing.txt"]
    assert len(ids([""])) == 1


def test_a_name_that_is_no_utf8_gets_an_id_that_can_be_stored(tmp_path):
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(raw, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(b"words")
    [source] = find([str(tmp_path)])
    assert source.id == "caf\ufffd.txt"
    assert os.path.exists(source.path)  # noqa: PTH110


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab"), st.sampled_from("xy")), min_size=1, max_size=8))
def test_ids_are_unique_whatever_is_given(parts):
    names = ids(["/".join(["/nowhere", *part]) + ".txt" for part in parts])
    assert len(set(names)) == len(names) == len(set(parts))
