import pytest

from kg.resolve.names import NameReason, ReasonCode, normalise, score
from kg.wording.naming import NAMING


@pytest.mark.parametrize(
    ("first", "second", "reasons"),
    [
        ("Zeltan SA", "Zeltan SA", "the names are identical"),
        ("Zeltan SA", "ZELTAN GmbH", "same words; legal forms differ: SA / GMBH"),
        ("Acme Trading SA", "Trading Acme SA", "same words in another order"),
        ("Delata Electronics", "Delta Electronics", "typing error: delata / delta"),
        ("Delta Electronics", "Delata Electronics", "typing error: delta / delata"),
        ("Zeltan", "Zeltan Holding", "words for a group: – / holding"),
        ("Zeltan Energy", "Zeltan", "words that one name lacks: energy / –"),
        ("Zeltan Energy", "Zeltan Rubber", "other words: energy / rubber"),
        ("Open AI", "OpenAI", "written together or apart: open ai / openai"),
        ("ООО Яндекс", "Yandex", "another spelling: yandeks / yandex"),
        ("SG", "Société Générale", "acronym: sg / societe generale"),
        ("Zeltan Fund I", "Zeltan Fund II", "same words; numbers differ: 1 / 2"),
        ("Zeltan Fund", "Zeltan Fund II", "same words; a number that one name lacks: – / 2"),
        ("Bank of the West", "Bank of the East", "same words; places differ: west / east"),
        ("Zeltan Schweiz", "Zeltan", "same words; a place that one name lacks: schweiz / –"),
    ],
)
def test_a_score_says_what_was_noticed(first, second, reasons):
    assert score(first, second).text().removesuffix("; common words only, which other companies share") == reasons


def test_common_words_are_told_of():
    codes = [reason.code for reason in score("Management Company", "The Management Company").reasons]
    assert ReasonCode.COMMON_WORDS in codes


def test_reasons_are_told_in_french_too():
    assert score("Zeltan SA", "ZELTAN GmbH").text("fr") == "les mêmes mots ; formes juridiques différentes : SA / GMBH"


def test_each_code_has_words_in_both_languages():
    for words in NAMING.values():
        assert {code.value for code in ReasonCode} == words.keys() - {"separator"}


def test_a_reason_is_a_record():
    reason = NameReason(ReasonCode.MISSING_WORDS, "", "energy")
    assert (str(reason), reason.text("fr")) == (
        "words that one name lacks: – / energy",
        "mots absents de l’un des noms : – / energy",
    )


def test_a_prepared_name_scores_as_its_text_does():
    first, second = "Zeltan Energy SA", "Zeltan Enregy"
    assert score(normalise(first), normalise(second)).probability == score(first, second).probability
