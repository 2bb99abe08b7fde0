"""kg identify: one name with its candidates, or the names of a file, with what each prints and where it ends."""

import csv
import sys

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import DocumentError, MissingExtra
from kg.model import Document, Tier
from kg.resolve import RegisterRecord, register_entity
from kg.store import DocumentClaims, open_store

pytest.importorskip("tantivy")
pytest.importorskip("rapidfuzz")
pytest.importorskip("duckdb")


def reading(number, name, country):
    entity = register_entity(name, "Company", "gleif", str(number))
    record = RegisterRecord(entity, "gleif", str(number), country=country)
    document = Document(f"gleif/lei/{number}", f"{name} {number}", "en", tier=Tier.REGISTER)
    return DocumentClaims(document, (), "gleif 1", records=(record,))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_store(tmp_path / "kg-store", write=True) as store:
        store.commit([reading(1, "Dorvane Shipping Ltd", "GB"), reading(2, "Zeltan Media GmbH", "DE")])

    def call(*arguments, code=0):
        done = CliRunner().invoke(cli, ["identify", *arguments])
        assert done.exit_code == code, (done.output, done.exception)
        return done

    return call


def test_a_name_has_its_candidates_with_why(run):
    first, why = run("Zeltan Media", "--country", "DE").stdout.splitlines()
    assert first.endswith("sure Zeltan Media GmbH [company/gleif-2]")
    assert "same words" in why
    assert "(gleif 2)" in why


def test_a_name_that_nobody_has_says_what_to_do(run):
    assert "no company is known by a name like 'Grimmald': import a register" in run("Grimmald").stdout


def test_the_names_of_a_file_are_matched_and_what_came_of_it_is_told(run, tmp_path):
    (tmp_path / "names.csv").write_text("name,country\nZeltan Media,DE\nGrimmald,\n")
    done = run("--file", "names.csv", "-o", "matches.csv")
    assert done.stdout == ""
    told = done.stderr.splitlines()
    assert told[0].startswith("2 names × ")
    assert told[-2].endswith(" pairs to compare, for 1 of the names")
    assert told[-1] == "2 names: 1 same, 0 to review, 1 none"
    with (tmp_path / "matches.csv").open(newline="", encoding="utf-8") as file:
        assert [(row["name"], row["decision"], row["id"]) for row in csv.DictReader(file)] == [
            ("Zeltan Media", "same", "company/gleif-2"),
            ("Grimmald", "none", ""),
        ]


def test_matches_go_to_standard_output_alone(run, tmp_path):
    (tmp_path / "names.csv").write_text("firm\nZeltan Media\n")
    done = run("--file", "names.csv", "--column", "firm", "--limit", "1", "--lang", "fr")
    assert done.stdout.startswith("line,name,country,decision,")
    assert "mêmes mots" in done.stdout


def test_bad_rows_are_named_and_the_end_is_no_success(run, tmp_path):
    (tmp_path / "names.csv").write_text("name\n" + "…\n" * 30 + "Zeltan Media\n")
    done = run("--file", "names.csv", code=1)
    assert "kg: names.csv: line 2 has a name without letters: '…'" in done.stderr
    assert "kg: … and 10 more" in done.stderr
    assert "1 names: 1 same, 0 to review, 0 none, 30 rows left out" in done.stderr
    assert "Zeltan Media GmbH" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give a NAME, or --file"),
        (("Acme", "--file", "names.csv"), "with --file stand only"),
        (("--file", "names.csv", "--country", "FR"), "with --file stand only"),
        (("Acme", "-o", "x.csv"), "go with --file"),
        (("--file", "nothing.csv"), "does not exist"),
    ],
)
def test_what_does_not_go_together_is_told(run, tmp_path, arguments, message):
    (tmp_path / "names.csv").write_text("name\nx\n")
    assert message in run(*arguments, code=2).stderr


def test_a_file_that_is_none_leaves_no_matches_behind(run, tmp_path):
    (tmp_path / "names.csv").write_text("firm\nx\n")
    done = run("--file", "names.csv", "-o", "matches.csv", code=1)
    assert isinstance(done.exception, DocumentError)
    assert sorted(path.name for path in tmp_path.glob("*.csv*")) == ["names.csv"]


def test_without_duckdb_it_is_one_line(run, tmp_path, monkeypatch):
    (tmp_path / "names.csv").write_text("name\nx\n")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert isinstance(run("--file", "names.csv", code=1).exception, MissingExtra)
