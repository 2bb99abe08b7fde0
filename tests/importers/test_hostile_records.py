"""Hostile and broken files of BODS and FollowTheMoney: rejects, or one line; never a traceback, never much memory."""

import gzip
import json
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import DocumentError
from kg.importers import bods, ftm

GOOD = {
    bods: {"statementId": "s", "recordId": "a", "recordType": "entity", "statementDate": "2024",
           "recordDetails": {"entityType": {"type": "registeredEntity"}, "name": "Acme"}},
    ftm: {"id": "a", "schema": "Company", "properties": {"name": ["Acme"]}},
}  # fmt: skip
KINDS = pytest.mark.parametrize("kind", [bods, ftm], ids=["bods", "ftm"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read(kind, path, text, encoding="utf-8"):
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    chunks = list(kind.reader(path).chunks())
    good = [record.entity.name for chunk in chunks for record in chunk.records]
    return good, [str(reject) for chunk in chunks for reject in chunk.rejected]


@KINDS
@pytest.mark.parametrize(
    "line",
    [
        b"[" * 5000 + b"]" * 5000,
        b'{"a": ' * 5000 + b"1" + b"}" * 5000,
        b"NaN",
        b'{"id": NaN, "schema": NaN, "recordType": NaN}',
        b"1e999999999999999999999",
        b"9" * 10_000,
        b"not json",
        b'{"id": "\xff\xfe"}',
        b"null",
        b'"text"',
        b'{"id": ["a"], "schema": {"b": 1}, "properties": [], "recordType": ["entity"]}',
    ],
    ids=lambda line: line[:12].decode("latin-1"),
)
def test_a_line_that_is_no_record_is_a_reject_and_the_others_are_read(tmp_path, kind, line):
    good = json.dumps(GOOD[kind]).encode()
    names, rejects = read(
        kind, tmp_path / "x.json", good + b"\n" + line + b"\n" + good.replace(b"Acme", b"Beta") + b"\n"
    )
    assert len(rejects) == 1
    assert rejects[0].startswith("record 2 (line 2): ")
    assert len(rejects[0]) < 300
    assert names == ["Beta"] if kind is bods else names == ["Acme"]


@KINDS
@pytest.mark.parametrize("text", [b'[{"a": 1', b"[1, 2", b"[" * 100_000, b'["' + b"a" * 1000, b"[,]", b"[nan]"])
def test_an_array_that_is_broken_is_refused_in_one_line(tmp_path, kind, text):
    with pytest.raises(DocumentError) as error:
        read(kind, tmp_path / "x.json", text)
    assert "\n" not in str(error.value)


@KINDS
def test_packed_files_that_are_cut_off_are_refused(tmp_path, kind):
    packed = gzip.compress(b"".join(json.dumps({**GOOD[kind], "n": n}).encode() + b"\n" for n in range(999)))
    with pytest.raises(DocumentError):
        read(kind, tmp_path / "x.json.gz", packed[: len(packed) // 2])


@KINDS
def test_what_unpacks_without_end_does_not_fill_the_memory(tmp_path, kind):
    path = tmp_path / "bomb.json.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b'{"id": "')
        for _ in range(64):
            file.write(b"a" * (1 << 20))
    tracemalloc.start()
    with pytest.raises(DocumentError):
        list(kind.reader(path).chunks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 << 20


@KINDS
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_fields_of_any_kind_are_read_or_rejected(tmp_path, kind, data):
    record = json.loads(json.dumps(GOOD[kind]))
    parts = [record, record.get("recordDetails", record.get("properties"))]
    of_bods = ["interests", "interestedParty", "subject", "share", "names", "identifiers", "publicListing"]
    of_ftm = ["datasets", "owner", "asset", "percentage", "startDate", "entity", "jurisdiction"]
    names = [*of_bods, *of_ftm, "alternateNames", *record]
    if kind is bods:
        record["recordType"] = data.draw(st.sampled_from(["entity", "person", "relationship"]))
    else:
        record["schema"] = data.draw(st.sampled_from(["Company", "Ownership", "Sanction", "UnknownLink", "Person"]))
    for _ in range(data.draw(st.integers(1, 4))):
        part = data.draw(st.sampled_from(parts))
        part[data.draw(st.sampled_from(names))] = data.draw(VALUES)
    names, rejects = read(kind, tmp_path / "x.json", json.dumps([record]))
    assert len(rejects) <= 1
