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
        (LAUGHS, "has a document type"),
        (OUTSIDE, "has a document type"),
        (WHOLE[:-40], "is no whole XML"),
        (WHOLE[: len(WHOLE) // 2], "is no whole XML: no element found"),
        (WHOLE.replace(b"</lei:LEI>", b"</lei:LIE>", 1), "is no whole XML: mismatched tag"),
        (WHOLE.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'), "convert it to UTF-8"),
        (WHOLE.replace(b"Helvane", b"Helv\xe9ne"), "is no whole XML: not well-formed"),
        (b"<LEIData><LEIRecord>" + b"<x>" * 100_000, "elements deep"),
        (b"<LEIData><LEIRecord><LEI>" + b"x" * (9 << 20), "a record of more than 8 MB"),
        (b"[" + b"[" * 200_000, "nests too deep"),
        (b'[{"LEI": ' + b'{"a": ' * 200_000, "nests too deep"),
        (plain_json([entity()])[:-20], "is no whole JSON"),
        (b'[{"LEI": "x"} {"LEI": "y"}]', "is no whole JSON: '{' stands where ',' should"),
        (b'[{"LEI": "x"}', "is no whole JSON: the end stands where ',' should"),
        (b'{"records": [{"LEI": "x"}]', "is no whole JSON: the end stands where '}' should"),
        (b'[{"LEI": "x"}] {"LEI"', "goes on behind its end"),
        (b'[{"LEI": "' + b"x" * (10 << 20), "is no whole JSON"),
        (b'[{"LEI": "\xe9"}]', "is not in UTF-8"),
        (CSV + f"{HELVANE},Helv\xe9ne\n".encode("latin-1"), "is not in UTF-8 (line 2)"),
        (CSV + b"x" * (2 << 20), "a line of more than 1 MB"),
        (b"LEI;Entity.LegalName\n", "is no CSV of GLEIF"),
        (b"", "is no CSV of GLEIF"),
        (b"@prefix a: <https://www.gleif.org/ontology/L1/> . a:x a a:LegalEntity", "is no whole Turtle"),
        (gzip.compress(WHOLE)[:-30], "cannot be read"),
        (gzip.compress(WHOLE)[:40] + b"\0" * 60, "cannot be read"),
        (zipped(WHOLE, "one.xml", "two.xml"), "holds 2 files: unpack it, and give one of them"),
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


def test_a_bomb_is_given_up_before_it_fills_the_memory(written):
    bombs = {
        "xml": gzip.compress(b"<LEIData><LEIRecord><LEI>" + b"x" * (200 << 20), 1),
        "csv": gzip.compress(CSV + b"x" * (200 << 20), 1),
        "json": zipped(b'[{"LEI": "' + b"x" * (200 << 20)),
    }
    for name, data in bombs.items():
        path = written(data, name)
        tracemalloc.start()
        with pytest.raises(DocumentError):
            list(register("gleif", path).chunks())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 80 << 20, name


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
    ],
)
def test_a_row_that_is_none_is_named_and_the_others_taken(written, row, line):
    bad, good = read(written, CSV + f"{row}\n{ORBICOR},Orbicor\n".encode())
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
