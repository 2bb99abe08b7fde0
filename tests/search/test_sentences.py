"""Sentences by their marks: each place is exact, none is lost, none overlaps."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.sentences import sentences


def cut(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It grew. It fell!", ["It grew.", "It fell!"]),
        (
            "Oracle Corp. and J. Dorvan Inc. grew. Mr. Korba left.",
            ["Oracle Corp. and J. Dorvan Inc. grew.", "Mr. Korba left."],
        ),
        ("« Oui. » Il part. “No.” He left.", ["« Oui. »", "Il part.", "“No.”", "He left."]),
        ("It costs 3.5 million. v. 2", ["It costs 3.5 million. v.", "2"]),
        ("A heading\r\n\r\n  A line  \n", ["A heading", "A line"]),
        ("", []),
        ("\n \n", []),
    ],
)
def test_a_text_is_cut(text, wanted):
    assert cut(text) == wanted


def test_what_has_no_full_stop_is_cut_at_a_space():
    pieces = cut("word " * 1000)
    assert max(map(len, pieces)) <= 2000
    assert " ".join(pieces).split() == ["word"] * 1000


@given(st.text(alphabet='aB. !?…”«»"\n\r\t\u00a0é1', max_size=60))
def test_nothing_is_lost_and_nothing_overlaps(text):
    spans = list(sentences(text))
    assert all(start < end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
