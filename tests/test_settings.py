"""The environment is read in one place, out of one table; one day is today everywhere."""

import datetime as dt
import re
from pathlib import Path

import click
import pytest

from kg.cli import cli
from kg.errors import InvalidRecord
from kg.settings import SETTINGS, changed_environment, day_of, setting, today

ROOT = Path(__file__).parents[1] / "kg"
SOURCES = {path: path.read_text("utf-8") for path in ROOT.rglob("*.py")}


def test_nobody_else_touches_the_environment():
    touching = {str(path.relative_to(ROOT)) for path, text in SOURCES.items() if re.search(r"environ\b|getenv", text)}
    assert touching == {"settings.py"}


def test_every_variable_that_is_named_is_declared():
    named = {name for text in SOURCES.values() for name in re.findall(r"\bKG_[A-Z]+(?:_[A-Z]+)*\b", text)}
    assert named <= set(SETTINGS)
    assert all(one.help for one in SETTINGS.values())
    with pytest.raises(KeyError):
        setting("KG_TYPO")


def _options(command):
    yield from command.params
    for each in getattr(command, "commands", {}).values():
        yield from _options(each)


def test_the_options_that_have_a_variable_are_those_of_the_table():
    options = [option for option in _options(cli) if isinstance(option, click.Option) and option.envvar]
    assert {option.envvar: option.opts[-1] for option in options} == {
        name: one.option for name, one in SETTINGS.items() if one.option
    }


def test_today_may_be_set_and_a_partial_date_stands_for_its_last_day():
    assert today({}) == dt.datetime.now(dt.UTC).date()
    assert today({"KG_TODAY": "2024-02"}) == dt.date(2024, 2, 29)
    with pytest.raises(InvalidRecord, match="KG_TODAY '2024-02-30' is no date: write YYYY"):
        today({"KG_TODAY": "2024-02-30"})
    with pytest.raises(InvalidRecord, match="--today 'soon' is no date"):
        day_of("soon", "--today")


def test_what_is_changed_in_the_environment_is_put_back(monkeypatch):
    monkeypatch.setenv("KG_TODAY", "2020")
    monkeypatch.delenv("KG_DEBUG", raising=False)
    with changed_environment({"KG_TODAY": "2021", "KG_DEBUG": "1"}):
        assert (today(), setting("KG_DEBUG")) == (dt.date(2021, 12, 31), "1")
    assert (today(), setting("KG_DEBUG")) == (dt.date(2020, 12, 31), None)


ANSWERING = ("relations", "query", "show", "between", "view", "export", "serve", "check")


def test_every_command_that_answers_takes_a_day():
    commands = [*(cli.commands[name] for name in ANSWERING), *cli.commands["analyse"].commands.values()]
    for command in commands:
        assert "--today" in {name for option in command.params for name in option.opts}, command.name
