"""The lists of questions, and what the answer to each is held against."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from kg.asking.choice import Choice, choose
from kg.asking.reading import Failure, read_question

TODAY = "2025-06-15"
FIRST = ("open", "frozen")
PARTS = (*FIRST, "later")
_KEYS = {"only": "relation", "who": "subject", "whom": "object", "status": "modality", "on": "as_of"}
"""What the lists call parameters of the questions about one relation."""


@dataclass(frozen=True)
class Asked:
    """A question of a list; a trap has no `name`."""

    lang: str
    text: str
    kind: str = "trap"
    name: str = ""
    values: dict = field(default_factory=dict)
    rows: list | None = None
    verdict: str | None = None
    shape: str = ""


def part(name):
    raw = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))
    return [Asked(**entry) for entry in raw["question"]], [Asked(**entry) for entry in raw["trap"]]


def told(asked, names):
    """What is understood: the question's name with its values, as the lists have them; None where nothing is."""
    intent = read_question(asked.text, names, TODAY)
    choice = intent if isinstance(intent, Failure) else choose(intent)
    if not isinstance(choice, Choice):
        return None
    own = choice.name in {"evidence", "revenue-shares"}
    values = {
        key if own else _KEYS.get(key, key): names.by_id[value].name if value in names.by_id else value
        for key, value in choice.values.items()
    }
    return choice.name, values | ({"today": choice.today} if choice.today else {})


def is_right(asked, found):
    return found == (asked.name, asked.values)
