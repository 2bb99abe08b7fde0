"""A hundred and twenty questions, a third of them never tuned on: most are understood, next to none is mistaken."""

import pytest

from kg.asking.summing import asked_column
from kg.errors import NotUnderstood

from .lists import FIRST, PARTS, Asked, is_right, part, told

RIGHT, WRONG = 0.85, 0.02


def test_the_lists_hold_what_they_say():
    questions = {name: part(name) for name in FIRST}
    asked = [one for of_part, _ in questions.values() for one in of_part]
    traps = [one for _, of_part in questions.values() for one in of_part]
    assert (len(asked), len(traps), len(questions["frozen"][0])) == (120, 30, 40)
    assert sum(one.lang == "fr" for one in asked) == 60
    assert len({one.text for one in (*asked, *traps)}) == 150


def test_no_question_stands_in_two_parts():
    texts = [one.text for name in PARTS for of_part in part(name) for one in of_part]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_questions_are_understood(name, lang, market_names):
    asked = [one for one in part(name)[0] if one.lang == lang]
    right = [one for one in asked if is_right(one, told(one, market_names))]
    assert len(right) >= RIGHT * len(asked)


@pytest.mark.parametrize("name", PARTS)
def test_next_to_none_is_taken_for_another(name, market_names):
    asked = part(name)[0]
    found = [(one, told(one, market_names)) for one in asked]
    wrong = [one.text for one, what in found if what is not None and not is_right(one, what)]
    assert len(wrong) <= WRONG * len(asked), wrong


@pytest.mark.parametrize("name", PARTS)
def test_what_cannot_be_answered_is_refused_with_the_reason(name, reply_to, market_names):
    for trap in part(name)[1]:
        with pytest.raises(NotUnderstood) as refused:
            reply_to(trap.text)
        assert refused.value.nearest, trap.text
        assert all(told(Asked(trap.lang, one), market_names) for one in refused.value.nearest), trap.text
        assert "\n" not in str(refused.value), trap.text


@pytest.mark.parametrize("name", PARTS)
def test_answers_are_those_of_the_graph(name, reply_to, market_names):
    for asked in part(name)[0]:
        if not is_right(asked, told(asked, market_names)):
            continue
        reply = reply_to(asked.text)
        assert (reply.verdict, reply.understood.intent.shape) == (asked.verdict, asked.shape), asked.text
        if asked.rows is not None:
            column = asked_column(reply.understood.choice, reply.understood.intent, reply.result.columns)
            at = reply.result.columns.index(column)
            assert sorted({row[at] for row in reply.result.rows}) == asked.rows, asked.text
