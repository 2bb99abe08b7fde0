"""What a build may spend on a model: counted over processes, and a stop that loses nothing."""

from concurrent.futures import ProcessPoolExecutor

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import BudgetSpent
from kg.extract.llm import Budget
from kg.extract.proposal import Usage
from kg.store import open_store

pytest.importorskip("pydantic_ai")


@pytest.fixture
def counted(tmp_path):
    def budget(**limits):
        path = tmp_path / "count"
        path.touch()
        return Budget(str(path), **limits)

    return budget


def asked(budget):
    """How many of ten requests a budget takes; at the top level, so that another process can ask."""
    taken = 0
    for _ in range(10):
        try:
            reserved = budget.reserve("x" * 299)
        except BudgetSpent:
            return taken
        budget.settle(reserved, Usage(1, 100, 1000))
        taken += 1
    return taken


def test_a_request_is_counted_by_estimate_and_then_as_it_was(counted):
    budget = counted(tokens=1500)
    estimate = budget.reserve("x" * 299)
    assert estimate == Usage(1, 100, 1000)
    budget.settle(estimate, Usage(1, 100, 20))
    budget.settle(budget.reserve("x" * 299), Usage(1, 100, 400))
    with pytest.raises(BudgetSpent, match="the budget of 1500 tokens is spent"):
        budget.reserve("")


def test_a_request_waits_for_those_under_way(counted, monkeypatch):
    budget = counted(tokens=1500)
    first = budget.reserve("x" * 299)
    monkeypatch.setattr("kg.extract.llm.budget.time.sleep", lambda _: budget.settle(first, Usage(1, 100, 20)))
    assert budget.reserve("x" * 299) == first


def test_what_a_killed_process_had_under_way_is_waited_for_no_longer_than_patience(counted, monkeypatch):
    budget = counted(tokens=1500)
    budget.reserve("x" * 299)
    monkeypatch.setattr("kg.extract.llm.budget._PATIENCE", 0.0)
    with pytest.raises(BudgetSpent):
        budget.reserve("x" * 299)


def test_what_an_endpoint_does_not_tell_is_counted_by_estimate(counted):
    budget = counted(tokens=1500)
    budget.settle(budget.reserve("x" * 299), Usage(1))
    with pytest.raises(BudgetSpent):
        budget.reserve("x" * 299)


def test_a_budget_that_has_refused_stays_shut(counted):
    budget = counted(tokens=1500)
    with pytest.raises(BudgetSpent):
        budget.reserve("x" * 3000)
    with pytest.raises(BudgetSpent):
        budget.reserve("x")


def test_money_goes_by_the_price(counted):
    budget = counted(cost=0.01, price=(1.0, 4.0))
    assert asked(budget) == 2
    assert "0.01" in str(budget)


def test_all_processes_spend_one_budget(counted):
    budget = counted(tokens=11_000)
    with ProcessPoolExecutor(2) as pool:
        assert sum(pool.map(asked, [budget, budget])) == 10


ARTICLES = {
    "a.txt": "Nvidia détient 6 % du capital de CoreWeave, a annoncé la société hier soir à Paris.",
    "b.txt": "Nvidia détient 7 % du capital de CoreWeave, a annoncé la société lundi soir à Paris.",
    "c.txt": "Nvidia détient 8 % du capital de CoreWeave, a annoncé la société mardi soir à Paris.",
}


def claim(share):
    words = f"Nvidia détient {share} % du capital de CoreWeave"
    return {
        "subject": "Nvidia", "relation": "holds-stake", "object": "CoreWeave", "modality": "asserted",
        "quote": words, "percent": f"{share} %",
    }  # fmt: skip


@pytest.fixture
def build(endpoint, tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")

    def run(*options):
        asked = ["build", str(folder), "--llm", "m", "--llm-url", endpoint.url, "--store", str(tmp_path / "store")]
        return CliRunner().invoke(cli, [*asked, "--jobs", "0", "--verify", "none", *map(str, options)])

    return run


def test_a_budget_stops_the_build_in_one_line_and_the_next_one_goes_on(build, endpoint, tmp_path):
    endpoint.answers.extend([[claim(6)], [claim(7)], [claim(8)]])
    first = build("--reader", "llm", "--max-tokens", 3000)
    assert first.exit_code == 1
    (line,) = (line for line in first.output.splitlines() if line.startswith("kg: left"))
    assert "c.txt" in line or "more" in line
    assert "the budget of 3000 tokens is spent" in line
    asked = len(endpoint.requests)
    assert 0 < asked < 3
    second = build("--reader", "llm")
    assert second.exit_code == 0
    assert len(endpoint.requests) == 3
    with open_store(str(tmp_path / "store")) as store:
        assert sorted(str(one.qualifiers.percent) for one in store.claims()) == ["6", "7", "8"]


def test_the_rules_claims_are_there_where_the_budget_is_spent(build):
    done = build("--reader", "both", "--max-cost", "0.000001", "--llm-price", "1,1")
    assert done.exit_code == 1
    assert "3 claims admitted" in done.output
    assert "read in part" in done.output
    assert "and 2 more: the budget of 1e-06 is spent" in done.output


def test_what_a_build_cost_is_told(build, endpoint):
    endpoint.answers.append([])
    done = build("--llm-price", "1,4")
    assert "3 requests (300 tokens sent, 60 received, 0.0005 paid) in " in done.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--reader", "rules"], "the rules ask no model"),
        (["--max-cost", "1"], "give --llm-price too"),
        (["--llm-price", "cheap"], "write IN,OUT"),
        (["--llm-price", "nan,1"], "write IN,OUT"),
    ],
)
def test_options_that_contradict_each_other_are_named(build, options, message):
    done = build(*options)
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())


def test_a_reader_without_its_model_is_named(tmp_path):
    done = CliRunner().invoke(cli, ["build", str(tmp_path), "--reader", "llm"])
    assert done.exit_code == 2
    assert "give --llm MODEL" in " ".join(done.output.split())
