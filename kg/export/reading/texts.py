"""The text of a document of which the quotes alone are known: each at its place, blanks between them.

No export holds the text of a document, but for what claims quote. A claim is known by its quotes and where they stand;
so it is the same claim in such a text.
"""

from kg.errors import InvalidRecord
from kg.model import Claim, Evidence

__all__ = ["QuotedText"]

_LONGEST = 20_000_000
"""Characters: no document that is read has so many."""
# In no text: half of a pair.
_UNKNOWN = "\ud800".encode("utf-32-le", "surrogatepass")
_WIDTH = len(_UNKNOWN)


class QuotedText:
    """A text that grows by what is quoted of it.

    >>> text = QuotedText()
    >>> text.add(Evidence("a.txt", 4, 10, "Nvidia", "en"))
    >>> text.text
    '    Nvidia'

    """

    def __init__(self) -> None:
        self._bytes = bytearray()

    @property
    def text(self) -> str:
        """The text, blank where nothing is known of it."""
        return self._bytes.decode("utf-32-le", "surrogatepass").replace("\ud800", " ")

    def quote(self, claim: Claim) -> None:
        """Write the quotes of a claim that its document has; raise `InvalidRecord` where one does not fit."""
        for evidence in claim.evidence:
            if evidence.document == claim.document:
                self.add(evidence)

    def add(self, evidence: Evidence) -> None:
        """Write a quote in its place; raise `InvalidRecord` where another one says otherwise, or beyond all texts."""
        if evidence.end > _LONGEST:
            raise InvalidRecord(f"its quote at {evidence.start}–{evidence.end} lies beyond {_LONGEST:,} characters")
        start, end = evidence.start * _WIDTH, evidence.end * _WIDTH
        quote, here = evidence.quote.encode("utf-32-le"), bytes(self._bytes[start:end])
        for at in range(0, len(here), _WIDTH):
            if here[at : at + _WIDTH] not in {quote[at : at + _WIDTH], _UNKNOWN}:
                raise InvalidRecord(f"its quote at {evidence.start}–{evidence.end} is not what another claim quotes")
        self._bytes += _UNKNOWN * (evidence.end - len(self._bytes) // _WIDTH)
        self._bytes[start:end] = quote
