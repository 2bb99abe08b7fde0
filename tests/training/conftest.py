"""Invented documents with their marks, and weights to begin with that do not depend on the shipped confidence."""

import json

import pytest

from kg.ontology import turtle

PAIRS = (
    ("Tarrant Valve", "Ohlsen Controls"), ("Marlow Foods", "Pinecrest Dairy"), ("Halden Steel", "Verdane Mining"),
    ("Corvus Energy", "Lindgren Solar"), ("Ashby Logistics", "Portwell Freight"), ("Keswick Bank", "Dunmore Trust"),
)  # fmt: skip
SAYINGS = {
    "acquires": "{a} has acquired {b} for $40 million.",
    "supplies": "{a} supplies valves to {b}.",
    "competes-with": "{a} competes with {b} in Europe.",
    "lends-to": "{a} has lent $12 million to {b}.",
}


def passage(number):
    """A marked document with one tie, told in its second sentence."""
    (a, b), (relation, saying) = PAIRS[number % 6], list(SAYINGS.items())[number // 6]
    quote = saying.format(a=a, b=b)
    text = f"{a} and {b} gave news on Monday. {quote}\n"
    entities = [{"id": "a", "name": a, "type": "company"}, {"id": "b", "name": b, "type": "company"}]
    tie = {
        "id": "r1", "subject": "a", "predicate": relation, "object": "b", "status": "asserted", "tier": "core",
        "quote": quote, "char_start": text.index(quote),
    }  # fmt: skip
    return {
        "id": f"deal-{number:02}", "lang": "en", "date": "2025-03-11", "text": text,
        "entities": entities, "relations": [tie],
    }  # fmt: skip


PASSAGES = [passage(number) for number in range(24)]


def write_lines(path, passages):
    path.write_text("".join(json.dumps(one) + "\n" for one in passages), "utf-8")
    return path


@pytest.fixture
def lines(tmp_path):
    """The documents, as JSON lines."""
    return write_lines(tmp_path / "marked.jsonl", PASSAGES)


@pytest.fixture(scope="session")
def confidence_file(tmp_path_factory):
    """A folder with weights of confidence alone: all proposals are as sure as their score is high."""
    folder = tmp_path_factory.mktemp("begin")
    told = json.loads(turtle("weights/confidence.json"))
    told |= {"measures": {"rules:odds": 1.0, "paragraph:score": 0.8}, "offset": 0.5, "least": [[0.5, 0.3], [0.8, 0.6]]}
    (folder / "confidence.json").write_text(json.dumps(told), "utf-8")
    return folder


@pytest.fixture
def begin(confidence_file, monkeypatch):
    """These weights are those to begin with."""
    monkeypatch.setenv("KG_WEIGHTS", str(confidence_file))
    return confidence_file
