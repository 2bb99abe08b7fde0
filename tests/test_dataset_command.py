"""The commands for datasets."""

import pytest

from kg.cli import cli

pytest.importorskip("deltalake")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def kg(example_store, tmp_path, monkeypatch):
    """A function that runs a command on the example graph, in a folder of its own."""
    from click.testing import CliRunner

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KG_STORE", str(example_store))

    def run(*arguments):
        return CliRunner().invoke(cli, arguments)

    return run


def test_a_graph_is_pushed_asked_and_opened(kg, tmp_path):
    first = kg("dataset", "push", "deals")
    assert first.exit_code == 0, first.output
    written, total = (int(word) for word in first.output.split() if word.isdecimal())
    assert written == total > 0
    assert kg("dataset", "push", "deals").output == f"wrote 0 of {total} commits to deals\n"
    counted = kg("dataset", "ask", "deals", "relations", "--format", "csv").output.splitlines()
    assert counted[0] == "relation,modality,claims,documents"
    assert kg("export", "--format", "jsonl", "--store", "deals", "-o", "claims.jsonl").exit_code == 0
    claims = (tmp_path / "claims.jsonl").read_text("utf-8").splitlines()
    assert sum(int(line.split(",")[2]) for line in counted[1:]) == len(claims)
    ties = kg("dataset", "ask", "deals", "ties", "company=company/openai", "day=2025-04-01").output
    assert "company/coreweave" in ties
    assert kg("dataset", "ask", "deals", "relations", "--to", "rows.parquet").output == ""
    table = pq.read_table("rows.parquet")
    assert [",".join(map(str, row.values())) for row in table.to_pylist()] == counted[1:]
    assert sorted(path.name for path in tmp_path.glob("rows*")) == ["rows.parquet"]
    refused = kg("dataset", "ask", "deals", "relations", "--to", "nowhere/rows.parquet")
    assert "nowhere/rows.parquet cannot be written" in str(refused.exception)
    assert kg("dataset", "ask", "deals", "relations", "--to", "-").exit_code == 2
    both = kg("dataset", "ask", "deals", "relations", "--to", "both.parquet", "--format", "csv")
    assert both.exit_code == 2
    assert "without --to" in both.output
    assert not (tmp_path / "both.parquet").exists()
    compacted = kg("dataset", "compact", "deals")
    assert compacted.output.startswith("journal: ")
    assert kg("dataset", "ask", "deals", "relations", "--format", "csv").output.splitlines() == counted


def test_without_a_question_they_are_listed(kg):
    listed = kg("dataset", "ask", "deals").output
    assert "ties company=… day=…" in listed
    assert "What ties a company to others on a day" in listed


def test_memory_that_is_none_is_told_in_one_line(kg):
    assert kg("dataset", "push", "deals").exit_code == 0
    done = kg("dataset", "ask", "deals", "relations", "--memory", "lots")
    assert "write 4GB or 500MB" in str(done.exception)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("dataset", "ask", "nowhere", "relations"), "there is no dataset at nowhere"),
        (("dataset", "compact", "nowhere"), "there is no dataset at nowhere"),
        (("dataset", "push", "deals", "--store", "nowhere"), "there is no store at nowhere"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(kg, arguments, said):
    done = kg(*arguments)
    assert done.exit_code != 0
    assert said in str(done.exception)
    assert "\n" not in str(done.exception)
