"""Why two names are likely one company's or not, in English and French; {0} and {1} are words of the two names."""

from collections.abc import Mapping

__all__ = ["NAMING"]

NAMING: Mapping[str, Mapping[str, str]] = {
    "en": {
        "identical": "the names are identical",
        "same_words": "same words",
        "other_order": "same words in another order",
        "other_spaces": "written together or apart: {0} / {1}",
        "other_spelling": "another spelling: {0} / {1}",
        "typing_error": "typing error: {0} / {1}",
        "shortened": "shortened: {0} / {1}",
        "acronym": "acronym: {0} / {1}",
        "group_words": "words for a group: {0} / {1}",
        "missing_words": "words that one name lacks: {0} / {1}",
        "other_words": "other words: {0} / {1}",
        "numbers_differ": "numbers differ: {0} / {1}",
        "number_missing": "a number that one name lacks: {0} / {1}",
        "places_differ": "places differ: {0} / {1}",
        "place_missing": "a place that one name lacks: {0} / {1}",
        "legal_forms_differ": "legal forms differ: {0} / {1}",
        "common_words": "common words only, which other companies share",
        "country_same": "country equal: {0}",
        "countries_differ": "countries differ: {0} / {1}",
        "no_words": "a name without words",
        "separator": "; ",
    },
    "fr": {
        "identical": "les noms sont identiques",
        "same_words": "les mêmes mots",
        "other_order": "les mêmes mots dans un autre ordre",
        "other_spaces": "écrit en un mot ou en plusieurs : {0} / {1}",
        "other_spelling": "une autre orthographe : {0} / {1}",
        "typing_error": "faute de frappe : {0} / {1}",
        "shortened": "abrégé : {0} / {1}",
        "acronym": "sigle : {0} / {1}",
        "group_words": "mots qui désignent un groupe : {0} / {1}",
        "missing_words": "mots absents de l’un des noms : {0} / {1}",
        "other_words": "d’autres mots : {0} / {1}",
        "numbers_differ": "numéros différents : {0} / {1}",
        "number_missing": "un numéro absent de l’un des noms : {0} / {1}",
        "places_differ": "lieux différents : {0} / {1}",
        "place_missing": "un lieu absent de l’un des noms : {0} / {1}",
        "legal_forms_differ": "formes juridiques différentes : {0} / {1}",
        "common_words": "seulement des mots courants, que d’autres sociétés portent aussi",
        "country_same": "même pays : {0}",
        "countries_differ": "pays différents : {0} / {1}",
        "no_words": "un nom sans mot",
        "separator": " ; ",
    },
}
