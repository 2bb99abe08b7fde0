"""Many names of a file against the registers: decisions and reasons, what does not hold by line, hostile cells."""

import csv
import gzip
import io
import sys

import pytest

from kg.errors import DocumentError, MissingExtra
from kg.model import Document, Tier
from kg.query import name_blocks
from kg.query.batch_identification import COLUMNS, NameFile, identify_file
from kg.query.name_blocks import Blocks, Name, block_keys
from kg.resolve import DatedName, RegisterRecord, register_entity
from kg.resolve.names import AUTO_MERGE, normalise
from kg.store import DocumentClaims, open_store

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
pytest.importorskip("rapidfuzz")

NAMES = (
    ("Zeltan Korba Industries SA", "FR"),
    ("Zeltan Media GmbH", "DE"),
    ("Dorvane Shipping Ltd", "GB"),
    ("Dorvane Shipping SA", "FR"),
    ("Halden Orvic Cells Inc", "US"),
    ("Ostvik", "NO"),
)


def reading(number, name, country=None, former=()):
    entity = register_entity(name, "Company", "gleif", str(number))
    record = RegisterRecord(entity, "gleif", str(number), country=country, former_names=tuple(former))
    document = Document(f"gleif/lei/{number}", f"{name} {number}", "en", tier=Tier.REGISTER)
    return DocumentClaims(document, (), "gleif 1", records=(record,))


@pytest.fixture
def store():
    with open_store(None, write=True) as store:
        store.commit([reading(number, *one) for number, one in enumerate(NAMES)])
        store.commit([reading(50, "Orvane SA", "FR", [DatedName("Tessaly Works SA", end="2016")])])
        yield store


@pytest.fixture
def matched(store, tmp_path):
    """What is written for a file, its report, and what was told of its rows."""

    def call(content, *, name="names.csv", columns=(), **more):
        path, out, told = tmp_path / name, io.StringIO(), []
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        report = identify_file(store, NameFile(path, *columns), out, on_reject=told.append, **more)
        return list(csv.DictReader(io.StringIO(out.getvalue()))), report, told

    return call


def test_each_name_has_a_decision_in_the_order_of_the_file(matched):
    rows, report, rejected = matched(
        "name,country\nZeltan Media,DE\nNobody At All,\nDorvane Shipping,\nHalden Orvci Cells,US\nTessaly Works SA,FR\n"
    )
    assert [(row["line"], row["decision"], row["company"]) for row in rows] == [
        ("2", "same", "Zeltan Media GmbH"),
        ("3", "none", ""),
        ("4", "review", "Dorvane Shipping Ltd"),
        ("4", "review", "Dorvane Shipping SA"),
        ("5", "same", "Halden Orvic Cells Inc"),
        ("6", "same", "Orvane SA"),
    ]
    assert (report.names, report.same, report.review, report.none, report.bad_rows, rejected) == (5, 3, 1, 1, 0, [])
    assert tuple(rows[0]) == COLUMNS
    assert float(rows[0]["probability"]) >= AUTO_MERGE
    told = [rows[0][column] for column in ("name", "country", "id", "name_told", "register", "key")]
    assert told == ["Zeltan Media", "DE", "company/gleif-1", "Zeltan Media GmbH", "gleif", "1"]
    assert "same words" in rows[0]["why"]
    assert "2016" in rows[-1]["why"]


def test_the_same_file_has_the_same_matches(matched, store):
    store.commit(
        [reading(100 + number, f"Korba {word} Works") for number, word in enumerate("abcdefghijklmnopqrstuvw")]
    )
    content = "name\nKorba Works\nZeltan\nDorvane Shipping\n"
    assert matched(content) == matched(content)


def test_the_number_of_pairs_is_told_before_they_are_compared(matched):
    told = []
    _, report, _ = matched("name\nZeltan Media\nOstvik\n", progress=told.append)
    assert told[0].startswith("2 names × ")
    assert "at most" in told[0]
    assert told[-1] == f"{report.pairs:,} pairs to compare, for 2 of the names"


def test_rows_that_do_not_hold_are_named_by_their_lines_and_the_others_are_matched(matched):
    rows, report, told = matched(
        'name,country\n,FR\n"two\nlines",\nOstvik\n…,FR\nOstvik,Norway\nOstvik,no\n"Ost\0vik",NO\n'
    )
    assert [line.split(" has")[0] for line in told][:1] == ["line 2"]
    assert {line.split(" ", 2)[1] for line in told} == {"2", "5", "6", "7"}
    assert report.bad_rows == len(told) == 4
    assert {row["line"]: row["decision"] for row in rows}["8"] == "same"


def test_hostile_cells_are_written_so_that_no_spreadsheet_runs_them(matched, store):
    store.commit([reading(60, "=HYPERLINK(1) Grimmald", "US")])
    rows, *_ = matched("name\n=HYPERLINK(1) Grimmald\n+cmd|' /C calc'!A0\n'); DROP TABLE listed; --\n")
    assert rows[0]["name"].startswith("'=")
    assert rows[0]["company"].startswith("'=")
    assert rows[1]["name"].startswith("'+")
    assert [row["decision"] for row in rows[1:]] == ["none", "none"]


def test_names_in_other_letters_are_matched(matched, store):
    store.commit([reading(60, "ООО «Грималд Туризм»", "RU"), reading(61, "Müller Söhne Grimmald AG", "DE")])
    rows, *_ = matched("\ufeffname\nGrimald Turizm LLC\nMUELLER SOEHNE GRIMMALD\n株式会社\n")
    assert [row["key"] for row in rows[:2]] == ["60", "61"]


@pytest.mark.parametrize("content", ["name,country\n", "name\n\n\n"])
def test_a_file_without_names_has_no_matches(matched, content):
    rows, report, _ = matched(content)
    assert (rows, report.names, report.pairs) == ([], 0, 0)


def test_a_register_without_names_matches_nothing_but_what_kg_knows(tmp_path):
    path, out = tmp_path / "names.csv", io.StringIO()
    path.write_text("name\nMicrosoft Corp.\nZeltan Media\n")
    with open_store(None, write=True) as store:
        report = identify_file(store, NameFile(path), out)
    assert (report.same, report.none) == (1, 1)


def test_columns_are_chosen_and_a_packed_file_is_read(matched):
    rows, *_ = matched(
        gzip.compress("Société,Pays\nOstvik,NO\n".encode(), mtime=0),
        name="names.csv.gz",
        columns=("Société", "Pays"),
    )
    assert (rows[0]["decision"], rows[0]["country"]) == ("same", "NO")


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        ("", (), "is empty"),
        ("firm\nOstvik\n", (), "no column 'name': it has firm"),
        ("name\nOstvik\n", ("name", "land"), "no column 'land'"),
        (b"\x1f\x8b\x08broken", (), "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_one_line(matched, content, columns, message):
    with pytest.raises(DocumentError, match=message):
        matched(content, columns=columns)


def test_without_duckdb_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtra, match=r"kg\[columns\]"):
        Blocks(tmp_path)


def test_a_block_that_very_many_share_is_left_out_but_not_equal_names(tmp_path):
    listed = [Name(normalise(f"Korba Word{chr(97 + n // 26)}{chr(97 + n % 26)}x"), told=n) for n in range(300)]
    same = [Name(normalise("Korba"), told=1000 + n) for n in range(250)]
    blocks = Blocks(tmp_path)
    blocks.take_asked([Name(normalise("Korba"), told="asked")])
    blocks.take_listed([*listed, *same])
    _, left_out = blocks.find()
    assert left_out >= 1
    blocks.join()
    [(asked, found)] = blocks.pairs()
    assert asked.told == "asked"
    assert found
    assert {name.told >= 1000 for name in found} == {True}
    blocks.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zeltan Media", "ZELTAN MEDIA GmbH"),
        ("Zletan", "Zeltan SA"),
        ("Dorvane Shippnig", "Dorvane Shipping"),
        ("SG", "Société Générale"),
        ("Banque Nationale Korba", "BNK"),
        ("Mueller Grimmald", "Müller Grimmald"),
    ],
)
def test_names_that_may_be_one_share_a_block(one, other):
    asked, listed = block_keys(normalise(one), is_asked=True), block_keys(normalise(other), is_asked=False)
    assert {*asked} & {*listed}


def _paired(folder, asked, listed):
    """What each name is paired with, and what is told of the blocks."""
    folder.mkdir()
    blocks = Blocks(folder)
    blocks.take_asked([Name(normalise(name), told=name) for name in asked])
    blocks.take_listed([Name(normalise(name), told=name) for name in listed])
    blocks.find()
    counts = blocks.join()
    found = {one.told: [other.told for other in those] for one, those in blocks.pairs()}
    blocks.close()
    return found, counts


def test_names_paired_in_parts_are_paired_as_all_at_once(tmp_path, monkeypatch):
    words = ("Zeltan", "Korba", "Dorvane", "Ostvik", "Halden", "Orvic", "Tessaly")
    listed = [f"{one} {other} Works" for one in words for other in words if one != other]
    asked = [*listed[::3], "Zetlan Korba Works", "Nobody"]
    whole = _paired(tmp_path / "whole", asked, listed)
    monkeypatch.setattr(name_blocks, "_AT_ONCE", 1)
    assert _paired(tmp_path / "parts", asked, listed) == whole
    assert all(name in whole[0][name] for name in listed[::3])
    assert "Zeltan Korba Works" in whole[0]["Zetlan Korba Works"]


def test_of_a_name_that_shares_blocks_with_very_many_the_rarest_are_looked_at_and_the_rest_counted(
    tmp_path, monkeypatch
):
    listed = ["Zeltan Korba", *(f"Zeltan {chr(97 + n // 26)}{chr(97 + n % 26)}vorn" for n in range(60))]
    _, (pairs, _, beyond) = _paired(tmp_path / "all", ["Zeltan Korba"], listed)
    assert beyond == 0
    monkeypatch.setattr(name_blocks, "LOOKED_AT", 20)
    found, (fewer, paired, beyond) = _paired(tmp_path / "few", ["Zeltan Korba"], listed)
    assert found["Zeltan Korba"][0] == "Zeltan Korba"
    assert beyond >= 1
    assert paired == 1
    assert fewer <= pairs


def test_what_is_left_out_is_told(matched, monkeypatch, store):
    store.commit([reading(100 + n, f"Korba {chr(97 + n // 26)}{chr(97 + n % 26)}vorn Works") for n in range(40)])
    monkeypatch.setattr(name_blocks, "LOOKED_AT", 1)
    told = []
    matched("name\nKorba aavorn Works\n", progress=told.append)
    assert any("commoner block is left out" in line for line in told)


def test_initials_alone_bring_no_two_long_names_together():
    asked = block_keys(normalise("Grimmald Ostvik Tessaly"), is_asked=True)
    listed = block_keys(normalise("Green Orange Table"), is_asked=False)
    assert not {*asked} & {*listed}
