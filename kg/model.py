"""The records that run through the whole program: what one source says at one place.

Nothing here reads a file, a clock or a network, and nothing imports a library. Every record is
frozen; a change makes a new record. Each checks its own invariants when it is made and raises
`InvalidRecord`, naming what broke.
"""

import hashlib
import json
import re
from dataclasses import InitVar, dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from kg.dates import is_duration
from kg.errors import InvalidRecord
from kg.places import Place, places_in
from kg.validation import check_date, check_moment, check_text
from kg.xbrl import XbrlFact

__all__ = [
    "BOOLEAN_QUALIFIERS",
    "NUMERIC_QUALIFIERS",
    "Claim",
    "Document",
    "Entity",
    "Evidence",
    "Figure",
    "Modality",
    "Outcome",
    "Qualifiers",
    "Tier",
    "canonical_decimal",
    "claim_order",
]


_CURRENCY = re.compile(r"[A-Z]{3}")
_HUNDRED = Decimal(100)
# Far beyond any sum of money; 1E+999999999 written out would fill the memory.
_MAGNITUDE = 40


class Modality(StrEnum):
    """How the source says it. Only what is `ASSERTED` is a fact, on the days on which it holds (`kg.facts`)."""

    ASSERTED = "asserted"
    ANNOUNCED = "announced"
    PLANNED = "planned"
    CONDITIONAL = "conditional"
    HEDGED = "hedged"
    DENIED = "denied"
    PAST = "past"
    ENDED = "ended"


class Outcome(StrEnum):
    """What the gate decided of a claim; only what is `ADMITTED` enters the graph and its answers."""

    ADMITTED = "admitted"
    TO_REVIEW = "to-review"
    REFUSED = "refused"


class Tier(StrEnum):
    """What kind of source a document is, from what the law requires to what somebody noted himself."""

    REGISTER = "register"
    FILING = "filing"
    COMPANY_RELEASE = "company-release"
    NEWS = "news"
    WEB = "web"
    OWN_NOTE = "own-note"


def canonical_decimal(value: Decimal) -> Decimal:
    """Return the one spelling of a number that every store keeps: no exponent, no idle zeros.

    >>> canonical_decimal(Decimal("6.00")), canonical_decimal(Decimal("1.2E+3"))
    (Decimal('6'), Decimal('1200'))
    """
    if not value.is_finite():
        raise InvalidRecord(f"{value} is not a finite number")
    if not value:
        return Decimal(0)
    if abs(value.adjusted()) > _MAGNITUDE:
        raise InvalidRecord(f"{value:.3e} is no figure: write one from 1e-{_MAGNITUDE} to 1e{_MAGNITUDE}")
    # Not value.normalize(), which rounds to the 28 digits of the context.
    written = format(value, "f")
    return Decimal(written.rstrip("0").rstrip(".") if "." in written else written)


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, or another thing of the ontology's classes, that claims speak of.

    `id` is ``type/slug``, unique in a store and stable across builds ("company/nvidia").
    `type` is the local name of a class of the ontology ("Company"). `aliases` are the spellings
    that the sources use, `identifiers` what the sources identify it by: kinds of the ontology ("cik", "lei") with
    values, sorted. Both take no part in equality.
    """

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = field(default=(), compare=False)
    identifiers: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Check that nothing is empty."""
        check_text("an entity", self.id, self.name, self.type, *self.aliases, *(v for _, v in self.identifiers))
        if not self.id or not self.name or not self.name.strip() or not self.type:
            raise InvalidRecord(f"an entity needs an id, a name and a type: {self.id!r}, {self.name!r}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stands where an entity would: a company's revenue, its debt.

    `unit` is an ISO 4217 currency code, or a word for what is counted.
    """

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        """Bring the number to its one spelling."""
        object.__setattr__(self, "value", canonical_decimal(self.value))
        if not self.unit:
            raise InvalidRecord(f"a figure needs a unit: {self.value}")
        check_text("a unit", self.unit)


NUMERIC_QUALIFIERS = ("amount", "amount_min", "amount_max", "percent", "percent_min", "percent_max", "quantity")
"""The qualifiers that are numbers."""
BOOLEAN_QUALIFIERS = ("exclusive", "indirect")
"""The qualifiers that are true or false."""


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """The terms of a claim; what the source does not say is None.

    `amount` and `quantity` are in single units (never millions); `amount`, or its bounds `amount_min` and
    `amount_max` ("more than", "up to"), go with `currency` (ISO 4217). Percentages lie in 0–100. `percent_of` is one
    of capital, votes, revenue, cost. `indirect` is True for what goes through others, False for what does not.
    `start`, `end`, `as_of` are partial ISO dates; `duration` is an xsd:duration of years, months and days.
    `as_printed` is the figure's text as the source has it.
    """

    amount: Decimal | None = None
    amount_min: Decimal | None = None
    amount_max: Decimal | None = None
    currency: str | None = None
    percent: Decimal | None = None
    percent_min: Decimal | None = None
    percent_max: Decimal | None = None
    percent_of: str | None = None
    quantity: Decimal | None = None
    goods: str | None = None
    exclusive: bool | None = None
    indirect: bool | None = None
    start: str | None = None
    end: str | None = None
    as_of: str | None = None
    duration: str | None = None
    as_printed: str | None = None

    def __post_init__(self) -> None:
        """Check ranges and bring numbers to their one spelling."""
        for name in NUMERIC_QUALIFIERS:
            value = getattr(self, name)
            if value is None:
                continue
            object.__setattr__(self, name, canonical_decimal(value))
            if name.startswith("percent") and not 0 <= value <= _HUNDRED:
                raise InvalidRecord(f"{name} {value} lies outside 0–100")
        for name in BOOLEAN_QUALIFIERS:
            if getattr(self, name) not in {None, True, False}:
                raise InvalidRecord(f"{name} {getattr(self, name)!r} is neither true nor false")
        if self.currency is not None and not _CURRENCY.fullmatch(self.currency):
            raise InvalidRecord(f"{self.currency!r} is no ISO 4217 code: write three capitals, as in USD")
        if self.duration is not None and not is_duration(self.duration):
            raise InvalidRecord(f"{self.duration!r} is no duration: write P5Y, P18M or P30D")
        for name in ("start", "end", "as_of"):
            check_date(name, getattr(self, name))
        check_text("a qualifier", self.percent_of, self.goods, self.as_printed)

    def terms(self) -> dict[str, Decimal | str | bool]:
        """Return the terms that the source gives, by name, in the order of the fields."""
        return {name: value for name in _TERMS if (value := getattr(self, name)) is not None}


_TERMS = tuple(f.name for f in fields(Qualifiers))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The place that says it: characters `start` up to `end` (half-open) of a document's text.

    `quote` is that text to the letter. `lang` is the text's language (BCP 47).
    """

    document: str
    start: int
    end: int
    quote: str
    lang: str

    def __post_init__(self) -> None:
        """Check that the span has the quote's length."""
        if self.start < 0 or self.end - self.start != len(self.quote) or not self.quote:
            raise InvalidRecord(
                f"evidence {self.start}–{self.end} of {self.document!r} does not span its quote "
                f"of {len(self.quote)} characters"
            )
        check_text("a quote", self.document, self.quote, self.lang)


@dataclass(frozen=True, slots=True)
class Document:
    """A source and its text; the offsets of all evidence refer to `text`.

    `id` names it in the store (a file's path below the folder that was read, or its file name).
    `source` is where it was read from (a path, an address, "-"). `published` is a partial date. `tier` says what
    kind of source it is; None where nobody has said. `places` tell where its parts stand in the file, sorted by
    `start`; none where the file is the text. `facts` are those that a filing marks up in its text: what reads claims
    uses them, no store keeps them.
    """

    id: str
    text: str
    lang: str
    published: str | None = None
    title: str | None = None
    url: str | None = None
    source: str = ""
    tier: Tier | None = None
    places: tuple[Place, ...] = ()
    facts: tuple[XbrlFact, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check the name, the date and the places."""
        if not self.id:
            raise InvalidRecord("a document needs an id")
        check_date("published", self.published)
        check_text("a document", self.id, self.text, self.lang, self.title, self.url, self.source)
        if any(one.start > other.start for one, other in pairwise(self.places)):
            raise InvalidRecord(f"the places of document '{self.id}' are not in the order of its text")

    @property
    def sha256(self) -> str:
        """The hash of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def places_of(self, evidence: Evidence) -> tuple[Place, ...]:
        """Return the places in the file where some evidence stands."""
        return places_in(self.places, evidence.start, evidence.end)

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the evidence that `text[start:end]` is."""
        return Evidence(self.id, start, end, self.text[start:end], self.lang)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says at one place: subject, relation, object, on which terms, how surely.

    `relation` is the name of a relation of the ontology ("holds-stake"). `evidence` is never
    empty; its first span says who, further ones add terms. `known_from` is the source's
    publication date, `recorded_at` when the store took it in, `retracted_at` when it was
    withdrawn (UTC, to the second). `confidence` is a probability, rounded to four places. `outcome` is
    what the gate decided and `reasons` are its codes (``docs/reference/reasons.md``), the gravest first.

    `id` says which claim it is. It covers the two ends (an entity by its id, a figure by value and
    unit), the relation, the modality, the terms, and the first span: document, start, end, quote. It
    leaves out the method, the confidence and the outcome, further spans, `known_from` and the language, which are
    the document's, and the record times. So another reader, a second quote or a corrected publication
    date changes no id, and what people say of a claim stays with it. It is worked out when the claim is
    made; `stored_id` spares that where a store that guards its bytes has kept it.
    """

    subject: Entity
    relation: str
    object: Entity | Figure
    modality: Modality
    evidence: tuple[Evidence, ...]
    qualifiers: Qualifiers = Qualifiers()
    known_from: str | None = None
    recorded_at: str | None = None
    retracted_at: str | None = None
    method: str = "unknown"
    confidence: float = 1.0
    outcome: Outcome = Outcome.ADMITTED
    reasons: tuple[str, ...] = ()
    id: str = field(init=False)
    stored_id: InitVar[str | None] = None

    def __post_init__(self, stored_id: str | None) -> None:
        """Check the invariants and compute the identity."""
        if not self.evidence:
            raise InvalidRecord(f"a claim needs evidence: {self.subject.name!r} {self.relation}")
        if not 0 <= self.confidence <= 1:
            raise InvalidRecord(f"confidence {self.confidence} lies outside 0–1")
        object.__setattr__(self, "confidence", round(float(self.confidence), 4))
        check_date("known_from", self.known_from)
        check_text("a method", self.method)
        check_text("a relation", self.relation)
        check_text("a reason", *self.reasons)
        check_moment("recorded_at", self.recorded_at)
        check_moment("retracted_at", self.retracted_at)
        object.__setattr__(self, "id", stored_id or self._identity())

    def _identity(self) -> str:
        ends = [
            [end.id] if isinstance(end, Entity) else [str(end.value), end.unit] for end in (self.subject, self.object)
        ]
        terms = [[name, str(value)] for name, value in self.qualifiers.terms().items()]
        first = self.evidence[0]
        span = [first.document, first.start, first.end, first.quote]
        # JSON, so that no two claims run together into one text.
        whole = json.dumps([ends, self.relation, self.modality.value, terms, span])
        return hashlib.sha256(whole.encode()).hexdigest()[:32]

    def recorded(self, at: str | None) -> "Claim":
        """Return the claim as taken in at a moment, and not withdrawn; its identity is the same, and not worked out."""
        check_moment("recorded_at", at)
        copy = object.__new__(Claim)
        for name in _CLAIM:
            object.__setattr__(copy, name, getattr(self, name))
        object.__setattr__(copy, "recorded_at", at)
        object.__setattr__(copy, "retracted_at", None)
        return copy

    @property
    def document(self) -> str:
        """The document that says it."""
        return self.evidence[0].document

    @property
    def quote(self) -> str:
        """Its quotes, the telling one first, in one text."""
        return " … ".join(evidence.quote for evidence in self.evidence)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The ends that are entities: the subject, and the object where it is no figure."""
        return (self.subject, self.object) if isinstance(self.object, Entity) else (self.subject,)


def claim_order(claim: Claim) -> tuple[str, str, int, str]:
    """Return what sorts claims by the date from which they are known, then by their place."""
    return claim.known_from or "9999", claim.document, claim.evidence[0].start, claim.id


_CLAIM = tuple(f.name for f in fields(Claim))
