"""A parsed sentence with the names in it."""

from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from kg.extract.names import Mention
from kg.extract.syntax import main_subject

__all__ = ["Sentence", "quoted"]

_OPEN, _CLOSE = {"«", "“", '"'}, {"»", "”", '"'}


@dataclass(slots=True, frozen=True)
class Sentence:
    """A sentence of the text: it starts at character `offset` + its own first character."""

    span: Span
    offset: int
    kind: str
    mentions: tuple[Mention, ...]
    by_token: dict[int, Mention] = field(repr=False)

    @property
    def start(self) -> int:
        """Its first character in the document's text."""
        return int(self.offset + self.span.start_char)

    @property
    def end(self) -> int:
        """The character after its last one, white space at the end left out."""
        return int(self.start + len(self.span.text.rstrip()))

    def mention(self, token: Token) -> Mention | None:
        """The name that the token belongs to."""
        return self.by_token.get(token.i)

    def subject_mention(self) -> Mention | None:
        """The name that is the subject of the main clause."""
        token = main_subject(self.span)
        return None if token is None else self.by_token.get(token.i)


def quoted(token: Token) -> bool:
    """Whether a token stands inside a quotation: more marks were opened before it than closed."""
    depth = 0
    for before in token.doc[: token.i]:
        if before.text == '"':
            depth = 1 - depth
        else:
            depth += (before.text in _OPEN) - (before.text in _CLOSE)
    return depth > 0
