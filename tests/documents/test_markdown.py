"""Markdown becomes text, line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents.markdown import read_markdown
from kg.documents.metadata import Metadata


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# Title\n\nOne **bold** [link](http://x.y/)\nsentence.\n", "Title\n\nOne bold link sentence.\n"),
        ("Read also:\n\n- One\n- *Two*\n\nEnd.\n", "Read also:\n\n- One\n- Two\n\nEnd.\n"),
        ("1. One\n2. Two\n", "1. One\n2. Two\n"),
        ("- a\n  - b\n", "- a\n- b\n"),
        ("> Quoted `code` &amp; more.\n", "Quoted code & more.\n"),
        ("| A | B |\n|---|---|\n| 6 % | Nvidia |\n", "| A | B |\n| --- | --- |\n| 6 % | Nvidia |\n"),
        ("![a picture](x.png)\n\nText.  \nNext\\\nlast", "\n\nText.\nNext\nlast\n".lstrip()),
        ("<div>\n<!-- no -->Kept <b>words</b>\n</div>\n\nEnd <br> it.\n", "Kept words\nEnd  it.\n"),
        ("```\nas it is\n```\n", "as it is\n"),
        ("Nvidia détient 6 % de CoreWeave\r\naujourd’hui.\r\n", "Nvidia détient 6 % de CoreWeave aujourd’hui.\n"),
        ("", ""),
    ],
)
def test_markup_goes_and_words_stay(source, text):
    assert read_markdown(source).text == text


def test_front_matter_says_what_it_says():
    page = read_markdown('---\ntitle: "A: b"\ndate: 2025-03\nlang: fr\ntags:\n  - x\nurl: http://x/y\n---\nText.\n')
    assert page.declared == Metadata("A: b", "2025-03", "fr", "http://x/y")
    assert page.text == "Text.\n"


def test_a_rule_is_no_front_matter():
    page = read_markdown("---\n\nText.\n")
    assert page.declared == Metadata()
    assert page.text == "Text.\n"


def test_the_first_heading_is_the_title():
    assert read_markdown("Intro.\n\n# The *deal*\n\n# Other\n").detected.title == "The deal"


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll"]), min_size=1), min_size=1))
def test_words_come_through_in_order(words):
    assert read_markdown(" ".join(words)).text == " ".join(words) + "\n"
