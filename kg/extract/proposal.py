"""What a reader proposes, and what it is given to read: the one interface of all readers.

Rules, weights and language models read in their own ways and propose the same record. None makes a
claim by itself: `kg.extract.gate` does, where the text bears the proposal out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from kg.extract.filer import is_filer_word
from kg.extract.lexicon import Lexicon
from kg.extract.paragraph.seen import Seen
from kg.extract.sentences import Text
from kg.model import NUMERIC_QUALIFIERS, Document, Modality, Qualifiers
from kg.reasons import Reason

__all__ = ["End", "Parsed", "Proposal", "Reader", "Refusal", "Usage", "without_figures"]

_SUMS = ("amount", "amount_min", "amount_max")


@dataclass(frozen=True, slots=True)
class End:
    """One end of a proposed claim.

    `name` is how the document calls it in full, `kind` a class of the ontology. The words at
    characters `start`–`end` of the document stand for it; where they are no name but a reference
    (« cette dernière », "we"), `antecedent` is the place of the name that they refer to.
    """

    name: str
    kind: str
    start: int
    end: int
    antecedent: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim that a reader proposes; every place is a pair of character offsets into the document.

    `object` is None where the relation is a figure of the company (its amount is in `qualifiers`).
    `evidence` holds the places of the sentences that say it, the telling one first; `printed` tells
    for the qualifiers amount, percent and quantity where the text has them. `why` names the lexicon's
    entry or whatever else made the reader propose it, `method` the reader and its version,
    `confidence` its probability in [0, 1]. `doubts` are the reasons that speak against it, or tell what was
    left out of it, as the reader itself knows them. `trigger` is the first character of the word that states the
    relation, where one does. `led_by` names the holder that leads a list of holders: what is read of it is read of this
    one. `units` tells for figures whose unit stands apart from the number, as in the head of its column, where that is.
    `part` names the end ("subject", "object") that the text lists as a part of the other one, so that they are two,
    though a register may know both names for one: "Zeltan Pty Ltd" of Zeltan. `namesake` tells that another part in
    the list has the same name but for its legal form.
    """

    subject: End
    relation: str
    object: End | None
    modality: Modality
    evidence: tuple[tuple[int, int], ...]
    qualifiers: Qualifiers = field(default_factory=Qualifiers)
    printed: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    why: str = ""
    method: str = ""
    confidence: float = 1.0
    doubts: tuple[Reason, ...] = ()
    trigger: int | None = None
    led_by: str | None = None
    units: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=lambda: MappingProxyType({}))
    part: str = ""
    namesake: bool = False


def without_figures(proposal: Proposal, names: Collection[str]) -> Proposal:
    """Return a proposal that says nothing of some figures, nor of what they alone were said with."""
    left = replace(proposal.qualifiers, **dict.fromkeys(names))
    if not any(getattr(left, name) is not None for name in _SUMS):
        left = replace(left, currency=None)
    if not any(getattr(left, name) is not None for name in NUMERIC_QUALIFIERS):
        left = replace(left, as_printed=None, percent_of=None)
    printed = {name: place for name, place in proposal.printed.items() if name not in names}
    return replace(proposal, qualifiers=left, printed=printed)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A proposal of which no claim can be made, since it points at nothing in the text: what it said, and why.

    `reason` is a code, `detail` says it of this one.
    """

    reason: Reason
    detail: str
    subject: str
    relation: str
    object: str
    quote: str
    start: int
    method: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What reading cost: requests to a language model, tokens sent and received."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Return the sum of two costs."""
        return Usage(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True)
class Parsed:
    """A document with its parsed sentences, the lexicon of its language, and what the paragraph model sees in it."""

    document: Document
    text: Text
    lexicon: Lexicon
    seen: Seen

    @cached_property
    def is_filed(self) -> bool:
        """Whether the text speaks of who files or issues it ("we", "the Company"), named or not."""
        return any(is_filer_word(token, self.lexicon) for sentence in self.text.sentences for token in sentence.span)


class Reader(Protocol):
    """A way to read claims."""

    @property
    def method(self) -> str:
        """The reader's name and version, such as "rules/2"."""

    def propose(self, parsed: Parsed, before: Sequence[Proposal]) -> Iterable["Proposal | Refusal | Usage"]:
        """Propose what a document claims; `before` is what the readers before this one proposed.

        A reader whose own answer points at nothing in the text gives the `Refusal` itself; one that
        costs something gives its `Usage`. Raises `ModelFailed` where it could not read at all.
        """
