"""What a page of a digest shows, in words, whatever its form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.watch.config import Interest, NewsKind
from kg.watch.digest import Citation, DigestLine
from kg.watch.state import InterestState
from kg.wording.digests import DIGEST_WORDING, DigestWording

__all__ = ["DigestPage"]


@dataclass(frozen=True, slots=True)
class DigestPage:
    """The digests of an interest: `state` has the lines, `shown` is how many of them stand on a page."""

    interest: Interest
    state: InterestState
    lang: str
    shown: int

    @property
    def wording(self) -> DigestWording:
        """The words of its language."""
        return DIGEST_WORDING[self.lang]

    @property
    def title(self) -> str:
        """Of what it is."""
        return self.wording.title.format(self.interest.name)

    @property
    def at(self) -> str:
        """When the newest digest was told, "" where none was."""
        lines = self.state.lines
        return lines[-1].at if lines else ""

    @property
    def subtitle(self) -> str:
        """As of when it is: day and time, UTC."""
        return self.wording.subtitle.format(f"{self.at[:10]} {self.at[11:16]} UTC") if self.at else self.wording.nothing

    @property
    def lines(self) -> Sequence[DigestLine]:
        """The lines of the newest digest that stand on a page."""
        return self.state.digest[: self.shown]

    def footers(self) -> Iterator[str]:
        """Yield what stands below the lines: how many more there are, and what added nothing."""
        more = self.state.total - len(self.lines)
        if more:
            yield self.counted(self.wording.more, more)
        if self.state.others and self.at:
            yield self.counted(self.wording.others, self.state.others)

    @staticmethod
    def counted(texts: tuple[str, str], count: int) -> str:
        """Return a text for one or for more."""
        return texts[count != 1].format(count)

    def details(self, line: DigestLine) -> str:
        """Return what stands behind the statement: terms, what they were, modality, how many say so."""
        words = self.wording
        sources = (
            "" if line.sources is None else words.source if line.sources == 1 else words.sources.format(line.sources)
        )
        parts = (
            "" if line.kind == NewsKind.ENDED else line.modality,
            line.terms,
            words.before.format(line.before) if line.before else "",
            self.counted(words.repeats, line.repeated) if line.repeated else "",
            sources if (line.sources or 0) > 1 or line.documents > 1 else "",
        )
        return " · ".join(filter(None, parts))

    def quoted(self, citation: Citation) -> str:
        """Return the sentence in the quotation marks of the language."""
        opening, closing = self.wording.quotes
        return f"{opening}{citation.quote}{closing}"

    @staticmethod
    def where(citation: Citation) -> str:
        """Return where a sentence stands: the title, else the document; the page or cell; the date."""
        return ", ".join(filter(None, (citation.title or citation.document, citation.place, citation.published)))

    def earlier(self, line: DigestLine) -> str:
        """Return what the earlier sentence of a line is to it, with a colon."""
        return self.wording.earlier.get(line.kind, "")
