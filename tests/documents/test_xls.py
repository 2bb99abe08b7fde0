"""An old Excel workbook becomes the tables that its sheets show, and no cell is laid out before it is counted."""

import random
import re
from struct import pack

import pytest

from kg.documents.xls import read_xls
from kg.errors import DocumentError

NONE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def record(kind, body=b""):
    return pack("<HH", kind, len(body)) + body


def text(value):
    return pack("<HB", len(value), 1) + value.encode("utf-16-le")


def label(row, column, value):
    return record(0x204, pack("<HHH", row, column, 0) + text(value))


def number(row, column, value, style=0):
    return record(0x203, pack("<HHHd", row, column, style, value))


def workbook(sheets, formats=(), start=b"", *, shared=False):
    """Return a workbook of sheets, by their names the records of each; style n + 1 has the n-th format.

    `shared` lets all sheets begin where the last does.
    """

    def begin(kind):
        return record(0x809, pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))

    head = (
        begin(5) + start + b"".join(record(0x41E, pack("<H", 164 + at) + text(code)) for at, code in enumerate(formats))
    )
    head += b"".join(record(0xE0, pack("<HH", 0, at) + bytes(16)) for at in (0, *range(164, 164 + len(formats))))

    def tail(positions):
        names = (pack("<BB", len(name), 1) + name.encode("utf-16-le") for name in sheets)
        each = zip(positions, names, strict=True)
        return b"".join(record(0x85, pack("<IBB", at, 0, 0) + name) for at, name in each) + record(0x0A)

    at, positions, bodies = len(head) + len(tail([0] * len(sheets))), [], b""
    for records in sheets.values():
        positions.append(at + len(bodies))
        bodies += begin(16) + b"".join(records) + record(0x0A)
    return compound(head + tail([positions[-1]] * len(positions) if shared else positions) + bodies)


def compound(stream):
    """Return a compound file with one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    count = len(stream) // 512
    tables = next(n for n in range(1, 100) if n * 128 >= n + 1 + count)
    table = [FAT] * tables + [END, *range(tables + 2, tables + 1 + count), END]
    table += [NONE] * (tables * 128 - len(table))
    directory = entry("Root Entry", 5, END, 0, child=1) + entry("Workbook", 2, tables + 1, len(stream))
    head = HEAD + bytes(16) + pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += pack("<9I", 0, tables, tables, 0, 4096, END, 0, END, 0)
    head += pack("<109I", *range(tables), *[NONE] * (109 - tables))
    return head + pack(f"<{len(table)}I", *table) + directory.ljust(512, b"\0") + stream


def entry(name, kind, start, length, child=NONE):
    encoded = name.encode("utf-16-le") + b"\0\0"
    links = pack("<HBBIII", len(encoded), kind, 1, NONE, NONE, child)
    return encoded.ljust(64, b"\0") + links + bytes(36) + pack("<IQ", start, length)


DEALS = (
    label(0, 0, "Deals of 2025"),
    label(2, 1, "Buyer"),
    label(2, 2, "Share"),
    label(2, 3, "Closed"),
    label(3, 1, "Zeltan | Société"),
    number(3, 2, 0.125, 1),
    number(3, 3, 45727, 2),
    record(0xBD, pack("<HHHIHIH", 4, 1, 0, (7 << 2) | 2, 3, (1200 << 2) | 2, 2)),
    record(0x205, pack("<HHHBB", 4, 3, 0, 1, 0)),
)
FORMATS = ("0.0%", "dd/mm/yyyy", '#,##0 "M€"')


def test_sheets_are_read_as_they_are_shown():
    page = read_xls(workbook({"Deals": DEALS, "Autre": [label(5, 2, "seul")]}, FORMATS), "x.xls")
    assert page.text == (
        "Deals\n\nDeals of 2025\n\n| Buyer | Share | Closed |\n| --- | --- | --- |\n"
        "| Zeltan ¦ Société | 12.5% | 2025-03-11 |\n| 7 | 1200 M€ | TRUE |\n\nAutre\n\n| seul |\n"
    )
    held = {place.name: page.text[place.start : place.end] for place in page.places}
    assert (held["Deals!A1"], held["Deals!C4"], held["Deals!C5"], held["Autre!C6"]) == (
        "Deals of 2025",
        "12.5%",
        "1200 M€",
        "seul",
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (workbook({"S": [number(0, 0, 1), number(65_535, 255, 1)]}), "its sheets stretch over too many cells"),
        (
            workbook({"S": [record(0x200, pack("<IIHHH", 0, NONE, 0, 255, 0))]}),
            "its sheets stretch over too many cells",
        ),
        (workbook({"S": [number(at, 0, at) for at in range(50_001)]}), "holds more than 50,000 cells"),
        (workbook({"S": DEALS}, start=record(0x2F, bytes(6))), "is encrypted: open it with its password"),
        (workbook({"S": DEALS})[:3000], "is no Excel workbook that can be read"),
        (compound(record(0x809, pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))), "is no Excel workbook that can be read"),
        (HEAD, "is no Excel workbook that can be read"),
    ],
)
def test_what_is_too_large_encrypted_or_damaged_ends_in_one_line(data, says):
    with pytest.raises(DocumentError, match=rf"^x\.xls: {says}[^\n]*$"):
        read_xls(data, "x.xls")


def test_many_sheets_that_begin_at_one_place_count_as_often():
    sheets = {f"S{at}": [] for at in range(100)} | {"T": [number(at, 0, at) for at in range(1000)]}
    assert "1000" not in read_xls(workbook(sheets), "x.xls").text
    data = workbook(sheets, shared=True)
    with pytest.raises(DocumentError, match="holds more than 50,000 cells"):
        read_xls(data, "x.xls")


def test_sectors_in_a_circle_end():
    data = bytearray(workbook({"S": DEALS}, FORMATS))
    data[512 + 4 * 3 : 512 + 4 * 4] = pack("<I", 2)
    with pytest.raises(DocumentError, match="is no Excel workbook that can be read"):
        read_xls(bytes(data), "x.xls")


def test_a_damaged_workbook_is_read_or_refused_in_one_line():
    refused: list[str] = []
    whole, rng = workbook({"Deals": DEALS}, FORMATS), random.Random(7)  # noqa: S311 - the same damage every time
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 5)):
            data[rng.randrange(8, 2600)] = rng.choice([0, 1, 255, rng.randrange(256)])
        try:
            read_xls(bytes(data), "x.xls")
        except DocumentError as error:
            refused.append(str(error))
    assert 50 < len(refused) < 250
    assert all(re.fullmatch(r"x\.xls: [^\n]+", line) for line in refused)
