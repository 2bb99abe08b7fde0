"""The example articles that ship: read as what they are, and in our own words."""

import re
from pathlib import Path

import pytest

from kg.documents import find, read

EXAMPLES = Path(__file__).parents[2] / "kg" / "examples"


@pytest.fixture(scope="module")
def examples():
    return {source.id: read(source) for source in find([str(EXAMPLES)])}


def test_each_is_read_with_its_language_date_and_title(examples):
    assert {name: (d.lang, d.published, d.title) for name, d in examples.items()} == {
        "coreweave-customers.en.txt": ("en", "2025-03-12", "CoreWeave finds a second big customer"),
        "microsoft-openai.fr.txt": ("fr", "2025-03-12", "Microsoft et OpenAI, alliés de plus en plus rivaux"),
        "openai-coreweave.fr.md": ("fr", "2025-03-11", "OpenAI confie ses calculs à CoreWeave"),
        "stargate.en.html": ("en", "2025-03-13", "OpenAI turns to SoftBank and Oracle for Stargate"),
    }


def test_each_is_a_short_news_item(examples):
    assert all(80 <= len(document.text.split()) <= 160 for document in examples.values())


def test_the_page_s_furniture_is_no_part_of_its_text(examples):
    text = examples["stargate.en.html"].text
    assert not re.search("Apple|Read also|contender|Privacy|invented", text)
    assert text.rstrip().endswith("That contract is worth $11.9 billion.")


def test_they_are_in_our_own_words(examples, shared):
    def runs(text):
        words = re.findall(r"[^\W\d_]+", text.casefold())
        return {tuple(words[i : i + 7]) for i in range(len(words) - 6)}

    seed = (shared / "seed" / "seed-fr-openai-coreweave.txt").read_text("utf-8")
    assert not runs(seed) & set().union(*(runs(document.text) for document in examples.values()))
