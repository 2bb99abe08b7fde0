"""kg analyse and kg diff as a user meets them, and the same in a notebook."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

import kg
from kg.analysis.registry import ANALYSES
from kg.cli import cli
from kg.cli.analyse import analyse
from kg.errors import EdgeListError, KgError

LIST = "holder,issuer,share\nA,B,60%\nB,C,0.6\n"
BAD = "holder,issuer,share\nA,B,0.6\nB,C,-1\nC,C,nan\n"
RING = "holder,issuer,share\nA,B,0.2\nA,B,0.4\n"


@pytest.fixture
def store(example_store):
    return str(example_store)


def run(*arguments, given=None, code=0):
    done = CliRunner().invoke(cli, [*map(str, arguments)], input=given)
    if code == 0:
        assert done.exception is None, (done.exception, done.output)
    assert done.exit_code == code, done.output
    return done


def refused(*arguments, given=None):
    """What a command fails with, in one line."""
    done = run(*arguments, given=given, code=1)
    assert isinstance(done.exception, KgError), done.exception
    assert "\n" not in str(done.exception)
    return str(done.exception)


def test_every_analysis_is_a_command_with_help_for_all_that_it_takes():
    assert list(analyse.commands) == list(ANALYSES)
    for name, command in analyse.commands.items():
        assert command.help.startswith(ANALYSES[name].title["en"])
        assert all(option.help for option in command.params if option.param_type_name == "option"), name
    shown = run("analyse").output
    assert all(f"  {name} " in shown for name in ANALYSES)
    listed = run("analyse", "--list").output
    assert all(analysis.usage in listed for analysis in ANALYSES.values())


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
def test_every_example_runs_in_every_form(analysis, form, store):
    for example in analysis.examples:
        done = run(*example.split()[1:], "--store", store, "--format", form)
        if form == "json":
            json.loads(done.stdout)
        elif form == "jsonl":
            assert all(json.loads(line)["claims"] for line in done.stdout.splitlines())


def test_a_loop_is_found_with_its_sentences(store):
    shown = run("analyse", "circular", "Nvidia", "--store", store).stdout
    assert "Nvidia → CoreWeave → Nvidia" in shown
    assert "Nvidia détient 6 % du capital de CoreWeave" in shown


def test_the_language_of_a_table_may_be_french(store):
    shown = run("analyse", "frenemies", "OpenAI", "--lang", "fr", "--store", store).stdout
    assert "affirmé" in shown


def test_the_clocks_turn_the_answer_back(store):
    assert "nothing found" not in run("analyse", "customers", "--store", store).stdout
    for clock in ("--known", "--recorded"):
        assert "nothing found" in run("analyse", "customers", clock, "2020", "--store", store).stdout
    assert "nothing found" in run("analyse", "customers", "--valid", "2020", "--store", store).stdout


def test_a_list_of_edges_stands_in_for_a_store(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(LIST)
    for source, given in ((path, None), ("-", LIST), ("-", "\ufeff" + LIST.replace(",", ";"))):
        done = run("analyse", "control", "C", "--edges", source, "--format", "csv", given=given)
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        assert [(row["controller"], row["company"], row["control"]) for row in rows] == [
            ("A", "C", "yes"),
            ("B", "C", "yes"),
        ]
        assert rows[0]["document"] == ("stdin" if given else "register.csv")
    percent = run("analyse", "owners", "B", "--edges", "-", "--unit", "percent", given="holder,issuer,share\nA,B,60\n")
    assert "60 %" in percent.stdout


def test_shares_at_odds_are_a_range_and_the_answer_undecided():
    assert "20–40 %" in run("analyse", "owners", "B", "--edges", "-", given=RING).stdout
    assert "undecided" in run("analyse", "control", "--threshold", "30%", "--edges", "-", given=RING).stdout


def test_bad_rows_are_named_each_in_a_line_and_nothing_is_analysed():
    done = run("analyse", "control", "--edges", "-", given=BAD, code=1)
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "kg: row 2 (line 3): share '-1' is negative; write 0 to 1",
        "kg: row 3 (line 4): share 'nan' is not a number: leave the cell empty where nothing is known",
        "kg: row 3 (line 4): issuer 'C' is the holder itself: leave out what a company holds of itself",
    ]
    assert isinstance(done.exception, EdgeListError)
    assert str(done.exception).startswith("2 of 3 rows of stdin do not hold, and nothing was analysed")


def test_of_many_bad_rows_twenty_are_named_and_the_rest_counted():
    many = "holder,issuer,share\n" + "A,B,2\n" * 30
    lines = run("analyse", "control", "--edges", "-", given=many, code=1).stderr.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "kg: … and 10 more"


def test_bad_rows_may_be_left_out_and_are_counted():
    done = run("analyse", "control", "--edges", "-", "--skip-bad", given=BAD)
    assert "kg: note: 2 of 3 rows of stdin do not hold, and were left out" in done.stderr
    assert "A" in done.stdout


def test_what_a_list_cannot_tell_is_said():
    undated = run("analyse", "control", "--edges", "-", "--known", "2025", given=LIST)
    assert "2 rows say not from when they were known" in undated.stderr
    assert "leave --recorded out" in refused("analyse", "control", "--edges", "-", "--recorded", "2025", given=LIST)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("owners", "Nvidea"), "Did you mean 'Nvidia'?"),
        (("customers", "--threshold", "120%"), "threshold '120%' lies outside 0–1"),
        (("customers", "--threshold", "much"), "is no number"),
        (("customers", "--valid", "2024-02-30"), "'2024-02-30': write YYYY"),
        (("customers", "--format", "cvs"), "Did you mean 'csv'?"),
        (("circular", "--max-length", "1"), "max_length"),
        (("concentration", "--basis", "revenu"), "Did you mean 'revenue'?"),
        (("control", "--edges", "no.csv"), "no.csv cannot be read"),
    ],
)
def test_what_goes_wrong_is_one_line(arguments, said, store):
    assert said in refused("analyse", *arguments, "--store", store)


def test_an_analysis_that_there_is_not_and_a_missing_company_are_wrong_usage(store):
    run("analyse", "contrl", "--store", store, code=2)
    run("analyse", "owners", "--store", store, code=2)
    run("diff", "--from", "2025", "--store", store, code=2)


def test_diff_tells_what_came_and_which_sentence_says_so(store):
    done = run("diff", "--from", "2025-01", "--to", "2025-03", "Nvidia", "--store", store, "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows
    assert {"Nvidia"} <= {name for row in rows for name in (row["subject"], row["object"])}
    assert any(row["sentence"] == "Nvidia détient 6 % du capital de CoreWeave." for row in rows)
    assert "nothing found" in run("diff", "--from", "2019", "--to", "2020", "--store", store).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2025-03", "--to", "2025-01"), "2025-03 lies after 2025-01"),
        (("--from", "2025-13", "--to", "2026"), "2025-13"),
        (("--from", "2025", "--to", "2026", "--clock", "knwn"), "Did you mean 'known'?"),
        (("--from", "2025", "--to", "2026", "Nvidea"), "Did you mean 'Nvidia'?"),
    ],
)
def test_diff_refuses_in_one_line(arguments, said, store):
    assert said in refused("diff", *arguments, "--store", store)


def test_a_notebook_asks_the_same(store):
    with kg.open(store) as graph:
        found = graph.analyse("customers", "CoreWeave", threshold="10%")
        assert [(row.customer.name, row.share.low) for row in found] == [("Microsoft", 0.62)]
        assert found.table()["share_low"].tolist() == [0.62]
        assert "62 %" in found._repr_html_()
        assert len(graph.analyse("customers", as_of=kg.AsOf(known="2020"))) == 0
        assert len(graph.analyse("customers", as_of=kg.AsOf(recorded="2020"))) == 0
        assert len(graph.diff("2025-01", "2025-03", company="Nvidia")) > 0
        assert len(graph.diff("2019", "2020", clock="recorded")) == 0


def test_a_list_is_asked_as_of_today_unless_a_date_is_given(tmp_path):
    (tmp_path / "list.csv").write_text("holder,issuer,percent,start,end\nA,B,80,2001,2005\nC,B,80,2005,\n")
    asked = ("analyse", "control", "--edges", str(tmp_path / "list.csv"), "--format", "jsonl")
    assert [json.loads(line)["controller"] for line in run(*asked).stdout.splitlines()] == ["C"]
    assert [json.loads(line)["controller"] for line in run(*asked, "--valid", "2004").stdout.splitlines()] == ["A"]
