"""What digests say in their own words, in English and French."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.dates import is_partial_date
from kg.wording.months import MONTHS

__all__ = ["DIGEST_WORDING", "DigestWording", "date_words", "hour_words"]

_BLANK = "\N{NO-BREAK SPACE}"
"""Stands inside French quotation marks and before a colon, so that no line breaks there."""


@dataclass(frozen=True, slots=True)
class DigestWording:
    """The words of a digest; `{0}` stands for a value. Of two texts the first is for one, the second for more.

    `subtitle` has a date, an hour and its minutes. `labelled` puts a word before a statement. `earlier` comes before
    the sentence that a line is held against, by the line's kind.
    """

    title: str
    subtitle: str
    labelled: str
    kinds: Mapping[str, str]
    before: str
    earlier: Mapping[str, str]
    repeats: tuple[str, str]
    more: tuple[str, str]
    others: tuple[str, str]
    source: str
    sources: str
    nothing: str
    quotes: tuple[str, str]


def date_words(date: str, lang: str) -> str:
    """Return a partial date as a page of `lang` writes it: English pages keep ISO 8601, which reads one way only.

    >>> date_words("2026-05-01", "fr"), date_words("2026-05", "fr"), date_words("2026-05-04", "en")
    ('1er mai 2026', 'mai 2026', '2026-05-04')

    """
    if lang != "fr" or "-" not in date or not is_partial_date(date):
        return date
    year, month, *day = date.split("-")
    spoken = [("1er" if each == "01" else each.lstrip("0")) for each in day]
    return " ".join([*spoken, MONTHS[lang][int(month) - 1], year])


def hour_words(hour: str, lang: str) -> str:
    """Return an hour of two digits as a page of `lang` writes it.

    >>> hour_words("07", "fr"), hour_words("00", "fr"), hour_words("07", "en")
    ('7', '0', '07')

    """
    return str(int(hour)) if lang == "fr" else hour


DIGEST_WORDING: Mapping[str, DigestWording] = {
    "en": DigestWording(
        title="News of {0}",
        subtitle="as of {0} {1}:{2} UTC",
        labelled="{0}: {1}",
        kinds={
            "contradicted": "contradicted",
            "new": "new",
            "denied": "denied",
            "changed": "changed",
            "ended": "ended",
            "confirmed": "confirmed",
            "withdrawn": "withdrawn",
            "copy": "copy",
        },
        before="before: {0}",
        earlier={
            "contradicted": "against:",
            "changed": "before:",
            "ended": "before:",
            "confirmed": "first said by:",
            "copy": "copy of:",
        },
        repeats=("repeats {0} statement", "repeats {0} statements"),
        more=("and {0} more", "and {0} more"),
        others=("{0} new statement adds nothing", "{0} new statements add nothing"),
        source="1 source",
        sources="{0} independent sources",
        nothing="nothing yet",
        quotes=("“", "”"),
    ),
    "fr": DigestWording(
        title=f"Actualités{_BLANK}: {{0}}",
        subtitle="Situation au {0} à {1} h {2} (UTC)",
        labelled=f"{{0}}{_BLANK}: {{1}}",
        kinds={
            "contradicted": "contredit",
            "new": "nouveau",
            "denied": "démenti",
            "changed": "modifié",
            "ended": "a pris fin",
            "confirmed": "confirmé",
            "withdrawn": "retiré",
            "copy": "copie",
        },
        before=f"avant{_BLANK}: {{0}}",
        earlier={
            "contradicted": f"à l’inverse de{_BLANK}:",
            "changed": f"avant{_BLANK}:",
            "ended": f"avant{_BLANK}:",
            "confirmed": f"première source{_BLANK}:",
            "copy": f"copie de{_BLANK}:",
        },
        repeats=("reprend {0} affirmation", "reprend {0} affirmations"),
        more=("et {0} autre", "et {0} autres"),
        others=("{0} affirmation sans élément nouveau", "{0} affirmations sans élément nouveau"),
        source="1 source",
        sources="{0} sources indépendantes",
        nothing="rien pour l’instant",
        quotes=(f"«{_BLANK}", f"{_BLANK}»"),
    ),
}
