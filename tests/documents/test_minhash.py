"""Copies of one story are found, stories of their own are not; all texts are made up here."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents.minhash import Sketcher, overlap, words
from kg.errors import MissingExtra

STORY = (
    "Veridia Cloud will rent computing power to the Ostrava laboratory for six years, both companies said on Tuesday. "
    "The contract is worth 7.4 billion dollars, and the laboratory may stretch it by two years if its models need more "
    "room than its engineers expect today. Veridia runs nineteen data centers along the northern coast and went public "
    "last spring, when its shares lost a tenth of their price on the first day of trading. Its largest customer is "
    "still Halden Systems, which brought in more than half of its revenue last year and has been building halls of "
    "its own since the winter. People close to the laboratory said that it wanted to depend less on one supplier. "
    "Neither company would say how many processors the contract covers, nor when the first of them will be switched on."
)
OTHER = (
    "Halden Systems opened the last of four halls near the port of Bremvik, a year later than it had promised. "
    "The mayor cut a ribbon, two choirs sang, and the chief engineer thanked the fishermen who gave up their sheds. "
    "Power comes from a dam in the hills, cooling water from the fjord, and most of the staff from a ship yard that "
    "closed in the autumn. Residents worry about the noise of the fans, which the company calls softer than rain."
)
FOOTER = (
    "Subscribe to our morning letter and never miss a story about the companies that matter to you and to your "
    "savings. All rights reserved, no part of this page may be copied without the written consent of the publisher."
)


def alike(first, second):
    share = overlap(words(first), words(second))
    assert share == overlap(words(second), words(first))
    return share


def rewritten(text, every):
    """The text with another word in the place of every so many."""
    return " ".join("otherwise" if at % every == every - 1 else word for at, word in enumerate(text.split()))


@pytest.mark.parametrize(
    ("copy", "least"),
    [
        (STORY.upper().replace(",", " –"), 1.0),
        ("BREMVIK, 3 June (Nordwire) – " + STORY, 1.0),
        (STORY + " (Reporting by two of our correspondents; editing by a third)", 1.0),
        (FOOTER + "\n" + STORY, 1.0),
        (" ".join(STORY.split()[:45]) + " … read on with a subscription", 0.8),
        (rewritten(STORY, 15), 0.6),
        (rewritten(STORY, 11), 0.5),
        ("A title of its own\n" + OTHER.split(".", maxsplit=1)[0] + ".\n" + STORY, 0.9),
    ],
    ids=["case and marks", "lead-in", "credits", "head matter", "cut short", "rewritten", "more rewritten", "own lead"],
)
def test_a_copy_is_found_however_it_was_changed(copy, least):
    assert alike(STORY, copy) >= least


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (STORY, OTHER),
        (STORY, ""),
        ("…", "—"),
        (STORY + FOOTER, OTHER + FOOTER),
        # Two flashes that are shorter than what closes them.
        (STORY[:150] + "\n" + FOOTER, OTHER[:150] + "\n" + FOOTER),
        ("Veridia Cloud will rent computing power.", STORY),
        ("Halden bought a tenth of Veridia.", "Halden bought a tenth of Veridia on Monday."),
        (rewritten(STORY, 4), STORY),
    ],
    ids=["other story", "nothing", "no words", "same closing", "short, same closing", "phrase", "flashes", "retold"],
)
def test_a_story_of_its_own_is_no_copy(first, second):
    assert alike(first, second) is None


def test_who_gathers_stories_on_a_page_has_copied_only_the_one_that_opens_it():
    fillers = [" ".join(f"w{number}x{at}" for at in range(200)) for number in range(4)]
    assert alike(STORY, "\n".join([STORY, *fillers])) == 1
    assert alike(STORY, "\n".join([*fillers, STORY])) is None


def test_short_texts_are_copies_when_their_words_are_the_same_or_nearly_all_of_many():
    flash = "Halden Systems bought a tenth of Veridia Cloud for 300 million dollars on Monday, both companies said."
    assert alike("Halden owns it.", "HALDEN owns it") == 1
    assert alike(flash, "(Nordwire) " + flash) == 1
    assert alike(flash, flash.replace("tenth", "third").replace("Monday", "Friday")) is None


VOCABULARY = [f"w{number}" for number in range(3000)]


def test_sketches_meet_where_texts_are_copies_and_hardly_elsewhere():
    chance = random.Random(7)  # noqa: S311 - the same texts every time
    stories = [chance.choices(VOCABULARY, k=chance.randint(30, 400)) for _ in range(60)]
    copies = [
        [chance.choice(VOCABULARY) if chance.random() < 0.07 else word for word in story]
        if at % 2
        else story[: len(story) // 2]
        for at, story in enumerate(stories)
    ]
    sketcher = Sketcher()
    texts = {
        f"{kind}{at:02}".encode(): text
        for kind, all_ in (("a", stories), ("b", copies))
        for at, text in enumerate(all_)
    }
    met = sketcher.candidates({key: sketcher.sketch(text) for key, text in texts.items()}, {})
    wanted = {(f"a{at:02}".encode(), f"b{at:02}".encode()) for at in range(60)}
    assert wanted <= met
    assert len(met) < len(wanted) + 5


@given(st.lists(st.sampled_from(VOCABULARY[:40]), max_size=60), st.lists(st.sampled_from(VOCABULARY[:40]), max_size=60))
def test_likeness_has_no_side_and_no_text_is_unlike_itself(first, second):
    share = overlap(first, second)
    assert share == overlap(second, first)
    assert share is None or 0.5 <= share <= 1
    assert overlap(first, list(first)) == (1 if first else None)


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "datasketch", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[read\]'"):
        Sketcher()
