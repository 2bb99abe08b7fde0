"""Why two names are likely one company's, or not: stable codes with the words that they are about."""

from dataclasses import dataclass
from enum import StrEnum

from kg.wording.naming import NAMING

__all__ = ["NameReason", "ReasonCode"]


class ReasonCode(StrEnum):
    """What was noticed when two names were compared; ``kg.wording.naming`` says each in English and French."""

    IDENTICAL = "identical"
    SAME_WORDS = "same_words"
    OTHER_ORDER = "other_order"
    OTHER_SPACES = "other_spaces"
    OTHER_SPELLING = "other_spelling"
    TYPING_ERROR = "typing_error"
    SHORTENED = "shortened"
    ACRONYM = "acronym"
    GROUP_WORDS = "group_words"
    MISSING_WORDS = "missing_words"
    OTHER_WORDS = "other_words"
    NUMBERS_DIFFER = "numbers_differ"
    NUMBER_MISSING = "number_missing"
    PLACES_DIFFER = "places_differ"
    PLACE_MISSING = "place_missing"
    LEGAL_FORMS_DIFFER = "legal_forms_differ"
    COMMON_WORDS = "common_words"
    COUNTRY_SAME = "country_same"
    COUNTRIES_DIFFER = "countries_differ"
    NO_WORDS = "no_words"


@dataclass(frozen=True, slots=True)
class NameReason:
    """One thing noticed, with what it is about in the first name and in the second.

    >>> NameReason(ReasonCode.TYPING_ERROR, "delata", "delta").text()
    'typing error: delata / delta'
    >>> NameReason(ReasonCode.OTHER_ORDER).text("fr")
    'les mêmes mots dans un autre ordre'

    """

    code: ReasonCode
    first: str = ""
    second: str = ""

    def text(self, lang: str = "en") -> str:
        """Say it in English ("en") or French ("fr")."""
        return NAMING[lang][self.code].format(self.first or "–", self.second or "–")

    def __str__(self) -> str:
        return self.text()
