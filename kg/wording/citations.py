"""What citations say in their own words, in English and French: quotation marks, months, "n.d."."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import QueryError, did_you_mean
from kg.wording.months import MONTHS

__all__ = ["CITATION_WORDING", "CitationWording", "citation_wording"]

_BLANK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class CitationWording:
    """The words of citations; `{0}` stands for a value. `inner` are quotation marks within others.

    `first` is how the first day of a month is written.
    """

    note: str
    entry: str
    undated: str
    accessed: str
    marks: tuple[str, str]
    inner: tuple[str, str]
    day: str
    first: str
    months: tuple[str, ...]
    mark_inside: bool

    def quoted_title(self, title: str, mark: str) -> str:
        """Return a title in quotation marks, with the mark that follows: inside in English, outside in French."""
        text, is_open = "", False
        for char in title:
            if char == '"':
                is_open = not is_open
            text += {'"': self.inner[not is_open], "“": self.inner[0], "”": self.inner[1]}.get(char, char)
        opening, closing = self.marks
        stopped = mark == "." and text.endswith(("?", "!", "."))
        if self.mark_inside:
            return f"{opening}{text}{'' if stopped else mark}{closing}"
        return f"{opening}{text}{closing}{mark}"

    def closed(self, mark: str) -> str:
        """Return what a quoted title ends with."""
        return f"{mark}{self.marks[1]}" if self.mark_inside else f"{self.marks[1]}{mark}"

    def date(self, date: str) -> str:
        """Return a partial date in words.

        >>> CITATION_WORDING["en"].date("2025-03-11"), CITATION_WORDING["fr"].date("2025-03-01")
        ('March 11, 2025', '1er mars 2025')
        """
        year, *rest = date.split("-")
        if not rest:
            return year
        month = self.months[int(rest[0]) - 1]
        if len(rest) == 1:
            return f"{month} {year}"
        day = int(rest[1])
        return self.day.format(self.first if day == 1 else day, month, year)


CITATION_WORDING: Mapping[str, CitationWording] = {
    "en": CitationWording(
        note="Note: ",
        entry="Bibliography: ",
        undated="n.d.",
        accessed="accessed {0}",
        marks=("“", "”"),
        inner=("‘", "’"),
        day="{1} {0}, {2}",
        first="1",
        months=MONTHS["en"],
        mark_inside=True,
    ),
    "fr": CitationWording(
        note=f"Note{_BLANK}: ",
        entry=f"Bibliographie{_BLANK}: ",
        undated=f"s.{_BLANK}d.",
        accessed="consulté le {0}",
        marks=(f"«{_BLANK}", f"{_BLANK}»"),
        inner=("“", "”"),
        day="{0} {1} {2}",
        first="1er",
        months=MONTHS["fr"],
        mark_inside=False,
    ),
}  # fmt: skip


def citation_wording(lang: str) -> CitationWording:
    """Return the words of a language; raise `QueryError` for one that there is not."""
    if lang not in CITATION_WORDING:
        hint = did_you_mean(lang, CITATION_WORDING)
        raise QueryError(f"citations are not written in '{lang}': choose one of {', '.join(CITATION_WORDING)}.{hint}")
    return CITATION_WORDING[lang]
