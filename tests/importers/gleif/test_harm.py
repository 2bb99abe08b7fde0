"""Files that would do harm, and files that are damaged: one line, or the record left out and named."""

import gzip
import json
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DocumentError, KgError
from kg.importers import json_elements, packed, xml_elements
from kg.importers.registers import register
from tests.importers.gleif.files import FORMATS, HELVANE, ORBICOR, entity, plain_json, xml, zipped

WHOLE = xml([entity(), entity(ORBICOR, "Orbicor")])
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE LEIData [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><LEIData><LEIRecord><LEI>&c;</LEI></LEIRecord></LEIData>'
)
OUTSIDE = b'<!DOCTYPE L [<!ENTITY x SYSTEM "file:///etc/hostname">]><LEIData><LEIRecord>&x;</LEIRecord></LEIData>'
CSV = b"LEI,Entity.LegalName\n"


def read(written, data, name="file"):
    return list(register("gleif", written(data, name)).chunks())


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (LAUGHS, "declares an entity"),
        (OUTSIDE, "declares an entity"),
        (WHOLE[:-40], "is no well-formed XML"),
        (WHOLE[: len(WHOLE) // 2], "is no well-formed XML: no element found"),
        (WHOLE.replace(b"</lei:LEI>", b"</lei:LIE>", 1), "is no well-formed XML: mismatched tag"),
        (WHOLE.replace(b'encoding="UTF-8"', b'encoding="windows-1252"'), "is in windows-1252: give it in UTF-8"),
        (WHOLE.replace(b"Helvane", b"Helv\xe9ne"), "is no well-formed XML: not well-formed"),
        (b"<LEIData><LEIRecord>" + b"<x>" * 100_000, "nests deeper than 64 elements"),
        (b"[" + b"[" * 200_000, "nests too deeply"),
        (b'[{"LEI": ' + b'{"a": ' * 200_000, "nests too deeply"),
        (plain_json([entity()])[:-20], "is no JSON"),
        (b'[{"LEI": "x"} {"LEI": "y"}]', "is no JSON: ',' or ']' is missing"),
        (b'[{"LEI": "x"}', "is cut off"),
        (b'{"records": [{"LEI": "x"}', "is cut off"),
        (b'[{"LEI": "x"}] {"LEI"', "goes on behind its end"),
        (b'[{"LEI": "\xe9"}]', "is not in UTF-8"),
        (b'{"LEI": "\xe9"}', "is not in UTF-8"),
        (b"LEI;Entity.LegalName\n", "is no file of GLEIF"),
        (b"", "is no file of GLEIF"),
        (b"\0\1\2", "is no file of GLEIF"),
        (b"@prefix a: <https://www.gleif.org/ontology/L1/> . a:x a a:LegalEntity", "is no whole Turtle"),
        (gzip.compress(WHOLE, mtime=0)[:-30], "cannot be read"),
        (gzip.compress(WHOLE, mtime=0)[:40] + b"\0" * 60, "cannot be read"),
        (zipped(WHOLE, "one.xml", "two.xml"), "holds 2 files: give an archive of one, or unpack it"),
        (zipped(WHOLE)[:-30], "cannot be read"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_file_that_is_damaged_or_would_do_harm_is_one_line(written, data, line):
    with pytest.raises(DocumentError, match=r"^[^\n]+$") as error:
        read(written, data)
    assert line in str(error.value)


def test_an_archive_under_a_password_is_one_line(written):
    data = bytearray(zipped(WHOLE))
    # The bit "encrypted" of the local header and of the central one (APPNOTE 4.4.4).
    data[6] |= 1
    at = data.index(b"PK\x01\x02") + 8
    data[at] |= 1
    assert struct.unpack("<H", data[6:8])[0] & 1
    assert zipfile.is_zipfile(written(bytes(data)))
    with pytest.raises(DocumentError, match="cannot be read"):
        read(written, bytes(data))


def test_a_bomb_is_given_up_before_it_fills_the_memory(written, monkeypatch):
    for module, limit in ((xml_elements, "_RECORD"), (json_elements, "_VALUE"), (packed, "LINE")):
        monkeypatch.setattr(module, limit, 1 << 21)
    bombs = {
        "xml": gzip.compress(b"<LEIData><LEIRecord><LEI>" + b"x" * (64 << 20), 1),
        "csv": gzip.compress(CSV + b"x" * (64 << 20), 1),
        "json": zipped(b'[{"LEI": "' + b"x" * (64 << 20)),
        "jsonl": zipped(b'{"LEI": "' + b"x" * (64 << 20)),
    }
    for name, data in bombs.items():
        path = written(data, name)
        tracemalloc.start()
        with pytest.raises(DocumentError):
            list(register("gleif", path).chunks())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 16 << 20, name


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ("[]", "is no object"),
        ("7", "is no object"),
        ("null", "is no object"),
        ("NaN", "is no object"),
        ("{}", "LEI '' is no LEI"),
        ('{"LEI": null}', "LEI '' is no LEI"),
        ('{"LEI": {"a": 1}}', "LEI '' is no LEI"),
        ('{"LEI": ["a", "b"]}', "LEI '' is no LEI"),
        (f'{{"LEI": {"9" * 9999}}}', "is no LEI"),
        (f'{{"LEI": "{HELVANE}", "Entity": []}}', "LegalName '' is empty"),
        (
            f'{{"LEI": "{HELVANE}", "Entity": {{"LegalName": 5e999999999, "LegalJurisdiction": 1}}}}',
            "'1' is no country",
        ),
        (f'{{"LEI": "{HELVANE}", "Entity": {{"LegalName": "\\ud800"}}}}', "half of a surrogate pair"),
        ('{"Relationship": []}', "StartNode.NodeID '' is no LEI"),
        ('{"Relationship": {"StartNode": "x"}}', "StartNode.NodeID '' is no LEI"),
        ('{"LEI": "x", "ExceptionCategory": {}}', "LEI 'x' is no LEI"),
        (f'{{"LEI": "{HELVANE}", "ExceptionCategory": [1, 2]}}', "ExceptionCategory '' is no category"),
        ('{"LEI": "\\u001b[31m\\n"}', "is no LEI"),
    ],
)
def test_a_record_of_wrong_types_is_named_and_the_others_taken(written, record, line):
    good = json.dumps(entity(ORBICOR, "Orbicor"))
    bad, other = read(written, f"[{record},\n{good}]".encode())
    told = str(bad.rejected[0])
    assert line in told
    assert told.isprintable()
    assert other.records[0].entity.name == "Orbicor"


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (HELVANE, "has 1 cells, and the header 2 columns"),
        (f"{HELVANE},a,b", "has 3 cells, and the header 2 columns"),
        (f'{HELVANE},"a"b"c"', "is no CSV"),
        (f'{HELVANE},"a" b', "is no CSV"),
        (f"{HELVANE},Helv\udce9ne", "is not in UTF-8"),
    ],
)
def test_a_row_that_is_none_is_named_and_the_others_taken(written, row, line):
    bad, good = read(written, CSV + f"{row}\n{ORBICOR},Orbicor\n".encode(errors="surrogateescape"))
    assert line in str(bad.rejected[0])
    assert str(bad.rejected[0]).startswith("record 1 (line 2)")
    assert good.records[0].entity.name == "Orbicor"


def test_a_quote_that_is_never_closed_is_named_with_its_line(written):
    [*_, last] = read(written, CSV + f'{ORBICOR},Orbicor\n{HELVANE},"Helvane\n'.encode())
    assert "record 2 (line 3): record" in str(last.rejected[0])


def outcome(path):
    """What became of a file: its chunks, or the line that says why there are none."""
    try:
        return list(register("gleif", path).chunks())
    except KgError as error:
        return str(error)


@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_whatever_is_cut_or_changed_is_read_or_refused_in_one_line(tmp_path_factory, form, data):
    whole = bytearray(FORMATS[form]([entity(), entity(ORBICOR, "Orbicor")]))
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    harmed = bytes(whole[:at]) if cut else bytes(whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + 1 :])
    path = tmp_path_factory.mktemp("harm") / "file"
    path.write_bytes(harmed)
    came = outcome(path)
    if isinstance(came, str):
        assert came
        assert "\n" not in came
    else:
        assert all(chunk.rejected or chunk.document is not None for chunk in came)
