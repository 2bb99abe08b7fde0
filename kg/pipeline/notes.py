"""Claims without a text: a note that a person signs is the document, and says where it is from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from kg.errors import InvalidRecord, did_you_mean
from kg.model import BOOLEAN_QUALIFIERS, NUMERIC_QUALIFIERS, Claim, Document, Entity, Modality, Qualifiers, Tier
from kg.ontology import ontology
from kg.resolve import Resolver
from kg.store import DocumentClaims
from kg.wording.terms import terms

__all__ = ["Note", "check_kinds", "modality_of", "reading_of", "truth_of"]


@dataclass(frozen=True, slots=True)
class Note:
    """What a person knows: who is tied to whom, on what terms, since when, and from where.

    `terms` are qualifiers by name (`kg.model.Qualifiers`), numbers in digits; `kinds` tell what a name is where it is
    no company. `source` says where it is from (an address, a book, a talk), `date` when that was said.
    """

    subject: str
    relation: str
    object: str
    author: str
    source: str
    date: str | None = None
    modality: str = "asserted"
    terms: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


def reading_of(note: Note) -> DocumentClaims:
    """Return a note as a document with its claim; the same note makes the same document.

    Raises `InvalidRecord` where a term is none or an end is of a kind that the relation does not take, `OntologyError`
    where there is no such relation.

    Example:
        >>> reading = reading_of(Note("Nvidia", "holds-stake", "CoreWeave", "ada", "a talk", terms={"percent": "6"}))
        >>> reading.document.text
        'Nvidia holds a stake in CoreWeave: 6 %. Source: a talk. Noted by ada.'

    """
    subject, object_ = _ends(note)
    said = _qualifiers(note.terms)
    told = terms(said)
    relation = ontology().relation(note.relation).label["en"]
    sentence = f"{note.subject} {relation} {note.object}{f': {told}' if told else ''}."
    text = f"{sentence} Source: {note.source}. Noted by {note.author}."
    digest = hashlib.sha256(f"{text}{note.date}{note.modality}".encode()).hexdigest()[:12]
    url = note.source if note.source.startswith(("http://", "https://")) else None
    document = Document(f"note-{digest}", text, "en", note.date, sentence, url, tier=Tier.OWN_NOTE)
    claim = Claim(
        subject,
        note.relation,
        object_,
        modality_of(note.modality),
        (document.evidence(0, len(sentence)),),
        said,
        known_from=note.date,
        method=f"note/{note.author}",
    )
    return DocumentClaims(document, (claim,), f"note/{note.author}")


def _ends(note: Note) -> tuple[Entity, Entity]:
    """The two ends of a note, if the relation takes them."""
    relation = ontology().relation(note.relation)
    if relation.is_figure:
        raise InvalidRecord(f"{note.relation} takes a figure, and a note is of two names")
    for what in ("subject", "object", "author", "source"):
        if not getattr(note, what).strip():
            raise InvalidRecord(f"a note needs its {what}")
    subject, object_ = (_entity(name, note) for name in (note.subject, note.object))
    if subject.id == object_.id:
        raise InvalidRecord(f"both ends are one and the same: '{subject.name}'")
    for entity, kinds in ((subject, relation.domain), (object_, relation.range)):
        if entity.type not in kinds:
            raise InvalidRecord(
                f"'{entity.name}' is a {entity.type}, and {note.relation} takes {', '.join(sorted(kinds))}"
            )
    return subject, object_


def _entity(name: str, note: Note) -> Entity:
    kind = Resolver().kind(name) or note.kinds.get(name) or "Company"
    return Resolver().entity(Entity("?", name, kind, (name,)))


def _qualifiers(told: Mapping[str, str]) -> Qualifiers:
    said: dict[str, object] = {}
    for name, value in told.items():
        if name not in Qualifiers.__dataclass_fields__:
            raise InvalidRecord(f"there is no term '{name}'")
        if not value.strip():
            raise InvalidRecord(f"the term {name} is empty")
        if name in BOOLEAN_QUALIFIERS:
            said[name] = truth_of(name, value)
            continue
        try:
            said[name] = Decimal(value.replace(",", ".")) if name in NUMERIC_QUALIFIERS else value
        except InvalidOperation as error:
            raise InvalidRecord(f"{name} '{value}' is no number: write it in digits") from error
    if any(name.startswith("amount") for name in said) != ("currency" in said):
        raise InvalidRecord("an amount and its currency go together: amount=2000000 and currency=USD")
    return Qualifiers(**said)  # type: ignore[arg-type]


def check_kinds(kinds: Mapping[str, str], subject: str, object_: str) -> None:
    """Raise `InvalidRecord` where what is told of the kinds of names is of no end, or no class of the ontology."""
    for name, kind in kinds.items():
        if name not in {subject, object_}:
            raise InvalidRecord(f"'{name}' is no end of the claim: its kind can be told of '{subject}' and '{object_}'")
        if kind not in ontology().classes:
            hint = did_you_mean(kind, ontology().classes) or f" There are: {', '.join(ontology().classes)}."
            raise InvalidRecord(f"'{name}' can be no '{kind}'.{hint}")


def modality_of(name: str) -> Modality:
    """Return the modality of a name; raise `InvalidRecord` with those that there are."""
    try:
        return Modality(name)
    except ValueError as error:
        raise InvalidRecord(f"there is no modality '{name}'; there are {', '.join(Modality)}") from error


def truth_of(name: str, word: str) -> bool:
    """Return what "true" or "false" says of a term; raise `InvalidRecord` for any other word."""
    if word.lower() not in {"true", "false"}:
        raise InvalidRecord(f"{name} is true or false, not '{word}'")
    return word.lower() == "true"
