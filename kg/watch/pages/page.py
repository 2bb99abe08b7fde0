"""What a page of a digest shows, in words, whatever its form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.model import Modality
from kg.ontology import ontology
from kg.watch.config import Interest, NewsKind
from kg.watch.digest import Citation, DigestLine
from kg.watch.state import InterestState
from kg.wording.digests import DIGEST_WORDING, DigestWording, date_words, hour_words

__all__ = ["DigestPage"]

_SAID_BY_KIND = {NewsKind.DENIED.value: Modality.DENIED, NewsKind.ENDED.value: Modality.ENDED}
"""The modalities that a kind tells, so that a page need not say them twice."""


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
        if not self.at:
            return self.wording.nothing
        hour, minute = self.at[11:13], self.at[14:16]
        return self.wording.subtitle.format(date_words(self.at[:10], self.lang), hour_words(hour, self.lang), minute)

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

    def headline(self, line: DigestLine) -> tuple[str, str]:
        """Return the kind of a line in words, and its statement without a modality that the kind says already."""
        statement, modality = line.statement, _SAID_BY_KIND.get(line.kind)
        if modality is not None:
            label = ontology().modalities[modality].label[self.lang]
            statement = statement.removeprefix(self.wording.labelled.format(label, ""))
        return self.wording.kinds[line.kind], statement

    def details(self, line: DigestLine) -> str:
        """Return what stands behind the statement: terms, what they were, how many say so."""
        words = self.wording
        sources = (
            "" if line.sources is None else words.source if line.sources == 1 else words.sources.format(line.sources)
        )
        parts = (
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

    def where(self, citation: Citation) -> str:
        """Return where a sentence stands: the title, else the document; the page or cell; the date."""
        published = date_words(citation.published, self.lang)
        return ", ".join(filter(None, (citation.title or citation.document, citation.place, published)))

    def earlier(self, line: DigestLine) -> str:
        """Return what the earlier sentence of a line is to it, with a colon."""
        return self.wording.earlier.get(line.kind, "")
