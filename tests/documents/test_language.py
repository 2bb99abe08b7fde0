"""French and English are told from each other and from the rest, even in a title."""

import pytest

from kg.documents.language import identify, supported
from kg.errors import UnknownLanguage


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Oracle rachète Opower", "fr"),
        ("Total cède Argedis", "fr"),
        ("Nvidia détient 6 % de CoreWeave", "fr"),
        ("NVIDIA INVESTIT DANS COREWEAVE", "fr"),
        ("Oracle buys Opower", "en"),
        ("Apple sues Qualcomm", "en"),
        ("OpenAI signs $11.9bn deal with CoreWeave", "en"),
    ],
)
def test_a_title_is_enough(text, lang):
    assert identify(text, "x.txt") == lang


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Volkswagen übernimmt die Mehrheit an Rivian.", "German (de)"),
        ("Siemens kauft Mentor Graphics", "German (de)"),
        ("Telefónica compra el 5 % de Prisa", "Spanish (es)"),
        ("La empresa suministra chips a Apple.", "Spanish (es)"),
        ("Il gruppo fornisce componenti alla Ferrari.", "Italian (it)"),
        ("Philips verkoopt zijn belang in Signify", "Dutch (nl)"),
        ("株式会社はトヨタの株式を取得した", "Japanese (ja)"),
    ],
)
def test_another_language_is_named_with_the_way_out(text, name):
    with pytest.raises(UnknownLanguage, match=r"^x\.txt: the text reads as .*--lang fr\|en") as caught:
        identify(text, "x.txt")
    assert name in str(caught.value)


@pytest.mark.parametrize("text", ["1 234", "???", "42 %"])
def test_a_text_without_words_does_not_tell(text):
    with pytest.raises(UnknownLanguage, match=r"x\.txt: the text does not tell its language"):
        identify(text, "x.txt")


def test_a_page_s_own_word_counts_only_where_the_text_does_not_tell():
    french = "CoreWeave fournit de la puissance de calcul à OpenAI depuis le mois de mars. " * 3
    assert identify(french, "x.html", hint="en-US") == "fr"
    assert identify("Apple Google", "x.html", hint="fr-FR") == "fr"


def test_tags_of_regions_are_languages_of_ours():
    assert [supported(tag, "x") for tag in ("fr-CA", "EN_us", "fr")] == ["fr", "en", "fr"]


def test_a_tag_of_another_language_is_refused():
    with pytest.raises(UnknownLanguage, match=r"x: kg has no reader for German \(de-AT\); it reads French"):
        supported("de-AT", "x")
