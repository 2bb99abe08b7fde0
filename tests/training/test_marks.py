"""Marked documents are read from folders and from lines; what does not hold is one clear line."""

import json

import pytest

from kg.errors import AnnotationError
from kg.training.marks import hashes, read_marks

from .conftest import PASSAGES, passage, write_lines


def write_gold(folder, record, text_file):
    folder.mkdir(exist_ok=True)
    gold = {name: value for name, value in record.items() if name not in {"id", "text", "date"}}
    gold |= {"schema": "kg-gold/1", "text_file": text_file, "document_date": record["date"]}
    (folder / f"{record['id']}.gold.json").write_text(json.dumps(gold), "utf-8")


def test_lines_and_folders_give_the_same_documents(tmp_path, lines):
    folder = tmp_path / "gold"
    for at, record in enumerate(PASSAGES):
        where = folder if at % 2 else tmp_path
        folder.mkdir(exist_ok=True)
        (where / f"{record['id']}.txt").write_text(record["text"], "utf-8")
        write_gold(folder, record, f"{record['id']}.txt")
    one, two = read_marks([lines]), read_marks([folder])
    assert [(p.text, p.published, p.core_ties) for p in one] == [(p.text, p.published, p.core_ties) for p in two]
    assert len(hashes([folder, lines])) == len(PASSAGES) + 1


def test_a_line_may_hold_whatever_json_allows_in_a_string(tmp_path):
    record = {**passage(0), "text": passage(0)["text"] + "\u2028A line of its own\u0085and another."}
    path = tmp_path / "m.jsonl"
    path.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    assert read_marks([path])[0].text == record["text"]


def test_a_text_that_is_no_utf8_is_named(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    write_gold(tmp_path, passage(0), "a.txt")
    with pytest.raises(AnnotationError, match=r"a\.txt: is no UTF-8 text \(byte 4\)"):
        read_marks([tmp_path])


def without(record, name):
    return {key: value for key, value in record.items() if key != name}


def with_tie(**fields):
    record = passage(0)
    return {**record, "relations": [{**record["relations"][0], **fields}]}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (without(passage(0), "text"), "lacks 'text'"),
        (without(passage(0), "id"), "lacks 'id'"),
        ({**passage(0), "lang": "de"}, "'lang' is \"de\": kg reads en, fr"),
        (with_tie(subject="nobody"), "'nobody' is no entity"),
        (with_tie(quote=None), "lacks 'quote'"),
        (with_tie(tier=None), "lacks 'tier'"),
        (with_tie(tier="Core"), "'tier' is \"Core\": it is one of core, accept"),
        ({**passage(0), "date": "11 March 2025"}, 'the date "11 March 2025" is none'),
        (with_tie(status="perhaps"), "'perhaps' is no status"),
        (with_tie(quote="They met."), 'its quote "They met." is not in the text there'),
        (with_tie(char_start=3), "is not in the text there"),
    ],
)
def test_marks_that_do_not_hold_are_named_by_file_and_line(tmp_path, record, said):
    path = write_lines(tmp_path / "m.jsonl", [passage(1), record])
    with pytest.raises(AnnotationError) as error:
        read_marks([path])
    assert str(error.value).startswith(f"{path}:2")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_no_marks_is_said_in_one_line(tmp_path, lines):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.jsonl").write_text("{", "utf-8")
    (tmp_path / "lost").mkdir()
    write_gold(tmp_path / "lost", passage(0), "nowhere.txt")
    for paths, said in (
        ([tmp_path / "empty"], "holds no marks"),
        ([tmp_path / "no.txt"], "holds no marks"),
        ([tmp_path / "no.jsonl"], "cannot be read: No such file"),
        ([tmp_path / "broken.jsonl"], "is no JSON"),
        ([tmp_path / "lost"], "its text 'nowhere.txt' is neither in"),
        ([lines, lines], "two documents 'deal-00'"),
    ):
        with pytest.raises(AnnotationError, match=said):
            read_marks(paths)
