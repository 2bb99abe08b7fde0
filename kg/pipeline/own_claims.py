"""Claims by hand: what a person says a document says, through the gate that readers' proposals pass."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from kg.errors import InvalidRecord
from kg.extract.figures import FigureSpan, figures
from kg.extract.gate import admit
from kg.extract.plain import plain
from kg.extract.proposal import End, Proposal, Refusal
from kg.model import BOOLEAN_QUALIFIERS, NUMERIC_QUALIFIERS, Claim, Document, Entity, Outcome, Qualifiers
from kg.ontology import ontology
from kg.pipeline.notes import check_kinds, modality_of, truth_of
from kg.reasons import MEANINGS, Reason
from kg.resolve import Resolver

__all__ = ["Saying", "corrected", "own_claim"]


@dataclass(frozen=True, slots=True)
class Saying:
    """What a person reads in characters `start`–`end` of a document.

    `subject` and `object` are names as the document has them, there or elsewhere. `terms` are qualifiers by name
    (`kg.model.Qualifiers`), numbers in digits: each must stand in the quote, or in one of the places `beside` that give
    the rest. `kinds` may tell what a name is, where no register knows it and it is no company.
    """

    subject: str
    relation: str
    object: str
    start: int
    end: int
    modality: str = "asserted"
    terms: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[tuple[int, int], ...] = ()

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """The quote, and the places beside it."""
        return (self.start, self.end), *self.beside


def own_claim(document: Document, saying: Saying, author: str) -> Claim:
    """Return the claim that a saying makes; raise `InvalidRecord`, with what is wrong, where the gate refuses it.

    Example:
        >>> text = Document("a", "Nvidia owns 6% of CoreWeave.", "en")
        >>> claim = own_claim(text, Saying("Nvidia", "holds-stake", "CoreWeave", 0, 28, terms={"percent": "6"}), "ada")
        >>> claim.method, claim.qualifiers.as_printed
        ('person/ada', '6%')

    """
    ontology().relation(saying.relation)
    subject, object_ = (_end(name, saying, document) for name in (saying.subject, saying.object))
    terms, printed = _terms(saying, document)
    named = ((end.start, end.end) for end in (subject, object_))
    # Of the places beside the quote only those that give a figure are needed.
    needed = [part for part in saying.beside if any(part[0] <= start < part[1] for start, _ in printed.values())]
    quoted = ((saying.start, saying.end), *needed)
    elsewhere = [place for place in named if not any(start <= place[0] < place[1] <= end for start, end in quoted)]
    proposal = Proposal(
        subject=subject,
        relation=saying.relation,
        object=object_,
        modality=modality_of(saying.modality),
        evidence=(*quoted, *elsewhere),
        qualifiers=terms,
        printed=printed,
        method=f"person/{author}",
    )
    told = admit(proposal, document, Resolver().entity)
    if isinstance(told, Refusal):
        raise InvalidRecord(told.detail)
    against = [reason for reason in told.reasons if MEANINGS[Reason(reason)][0] is Outcome.REFUSED]
    if against:
        raise InvalidRecord("; ".join(MEANINGS[Reason(reason)][1] for reason in against))
    return replace(told, reasons=(), outcome=Outcome.ADMITTED, confidence=1.0)


def corrected(
    claim: Claim, document: Document, author: str, kinds: Mapping[str, str] | None = None, /, **changes: str | None
) -> Claim:
    """Return the claim that stands where another is wrong.

    `changes` are its `subject`, `relation`, `object`, `modality` and terms by name; an empty term is one that the text
    does not give. What is not among them stays. `kinds` tell what a name is, as in `Saying`. Raises `InvalidRecord`
    where the gate refuses it.
    """
    if not isinstance(claim.object, Entity):
        raise InvalidRecord("a claim of a figure can be called right or wrong, and not be put right")
    ends = {name: value for name in ("subject", "relation", "object", "modality") if (value := changes.pop(name, None))}
    unknown = sorted(changes.keys() - Qualifiers.__dataclass_fields__.keys())
    if unknown:
        raise InvalidRecord(f"there is no term {', '.join(unknown)}")
    kept = {name: value for name, value in claim.qualifiers.terms().items() if name not in {"as_printed", "currency"}}
    terms = {name: str(value) for name, value in kept.items()}
    terms |= {name: value or "" for name, value in changes.items()}
    first = claim.evidence[0]
    subject, object_ = (_spelt(entity, first.start, first.end, document) for entity in (claim.subject, claim.object))
    said = {"subject": subject, "relation": claim.relation, "object": object_, "modality": claim.modality.value}
    check_kinds(kinds or {}, ends.get("subject", subject), ends.get("object", object_))
    kinds = {subject: claim.subject.type, object_: claim.object.type, **(kinds or {})}
    return own_claim(
        document,
        Saying(
            **(said | ends),
            start=first.start,
            end=first.end,
            terms={name: value for name, value in terms.items() if value},
            kinds=kinds,
            beside=tuple((one.start, one.end) for one in claim.evidence[1:] if one.document == document.id),
        ),
        author,
    )


def _spelt(entity: Entity, start: int, end: int, document: Document) -> str:
    """How a document calls an entity: in its quote, or elsewhere."""
    spellings = (entity.name, *entity.aliases)
    inside = (name for name in spellings if _place(name, document.text, start, end) is not None)
    anywhere = (name for name in spellings if _place(name, document.text, 0, len(document.text)) is not None)
    return next(iter((*inside, *anywhere)), entity.name)


def _place(name: str, text: str, start: int, end: int) -> int | None:
    """Where a name stands in a part of a text, as whole words; the last place is the nearest to what follows."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text[start:end]) if name.strip() else None
    return None if found is None else start + found.start()


def _end(name: str, saying: Saying, document: Document) -> End:
    """Where a name stands: in the quote, or before it, or behind it."""
    text = document.text
    parts = ((saying.start, saying.end), (0, saying.start), (saying.end, len(text)))
    start = next((at for part in parts if (at := _place(name, text, *part)) is not None), None)
    if start is None:
        raise InvalidRecord(f"'{document.id}' does not name '{name}'")
    kind = Resolver().kind(name) or saying.kinds.get(name) or "Company"
    return End(name, kind, start, start + len(name))


def _terms(saying: Saying, document: Document) -> tuple[Qualifiers, Mapping[str, tuple[int, int]]]:
    """The terms, and where in the document each number is printed."""
    said: dict[str, object] = {name: value for name, value in saying.terms.items() if name not in NUMERIC_QUALIFIERS}
    _check_words(saying, document)
    said |= {name: truth_of(name, str(said[name])) for name in BOOLEAN_QUALIFIERS if name in said}
    printed: dict[str, tuple[int, int]] = {}
    for name in (name for name in saying.terms if name in NUMERIC_QUALIFIERS):
        start, figure = _figure(name, saying, document)
        printed[name] = (start + figure.start, start + figure.end)
        said[name] = figure.value
        said.setdefault("as_printed", document.text[slice(*printed[name])].strip())
        if figure.kind == "amount":
            said["currency"] = figure.unit
    try:
        return Qualifiers(**said), printed  # type: ignore[arg-type]
    except TypeError as error:
        raise InvalidRecord(f"a term is unknown: {error}") from error


def _check_words(saying: Saying, document: Document) -> None:
    """Refuse terms in words that the quote does not bear out; dates may be worked out from it, and are believed."""
    if "as_printed" in saying.terms or ("currency" in saying.terms and "amount" not in saying.terms):
        raise InvalidRecord("as_printed and currency follow from the figure: give amount or percent")
    goods = saying.terms.get("goods")
    if goods is not None and goods.casefold() not in document.text[saying.start : saying.end].casefold():
        raise InvalidRecord(f"the quote does not speak of '{goods}'")


def _figure(name: str, saying: Saying, document: Document) -> tuple[int, FigureSpan]:
    """The figure that has a value, and where the quote or the place beside it begins that gives it.

    Raises `InvalidRecord` with those that are there.
    """
    try:
        value = Decimal(saying.terms[name].replace(",", "."))
    except InvalidOperation as error:
        raise InvalidRecord(f"{name} {saying.terms[name]!r} is no number: write it in digits") from error
    if not value.is_finite():
        raise InvalidRecord(f"{name} {saying.terms[name]!r} is no number: write it in digits")
    found = list(_figures(name.partition("_")[0], saying, document))
    given = next(((start, figure) for start, figure in found if figure.value == value), None)
    if given is None:
        has = ", ".join(f"{figure.value:f}" for _, figure in found) or "none"
        raise InvalidRecord(f"the quote gives no {name} of {value:f}; of that kind it has {has}")
    return given


def _figures(kind: str, saying: Saying, document: Document) -> Iterator[tuple[int, FigureSpan]]:
    for start, end in saying.parts:
        found = figures(plain(document.text[start:end]), document.lang)
        yield from ((start, figure) for figure in found if figure.kind == kind)
