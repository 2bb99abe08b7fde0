"""Why a company is taken for the one that a name means, in English and French."""

from collections.abc import Mapping

__all__ = ["IDENTIFICATION", "because"]

IDENTIFICATION: Mapping[str, Mapping[str, str]] = {
    "en": {
        "identifier_equal": "{0} equal: {1}",
        "identifiers_differ": "another {0}",
        "former_name": "called {0} from {1} to {2}",
        "not_active": "no longer active, since {0}",
        "common_neighbours": "ties to the same: {0}",
        "legal_name": "the full legal name: {0}",
        "only_one": "no other company of the registers is called so",
        "several": "several companies are called so: {0}",
        "bare_name": "a short name alone, which other companies may have",
        "long_form": "this document calls it {0}",
    },
    "fr": {
        "identifier_equal": "{0} égal : {1}",
        "identifiers_differ": "un autre {0}",
        "former_name": "appelée {0} de {1} à {2}",
        "not_active": "n’est plus en activité, depuis {0}",
        "common_neighbours": "liens avec les mêmes : {0}",
        "legal_name": "le nom légal complet : {0}",
        "only_one": "aucune autre société des registres ne s’appelle ainsi",
        "several": "plusieurs sociétés s’appellent ainsi : {0}",
        "bare_name": "un nom court seul, que d’autres sociétés peuvent porter",
        "long_form": "ce document l’appelle {0}",
    },
}


def because(code: str, lang: str, *values: str) -> str:
    """Say a reason.

    >>> because("identifier_equal", "en", "lei", "969500T3MBS4SQAMHJ45")
    'lei equal: 969500T3MBS4SQAMHJ45'

    """
    return IDENTIFICATION[lang][code].format(*values)
