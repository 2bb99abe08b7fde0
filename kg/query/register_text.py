"""What registers say, in words: of an entity itself, and of a relationship beside what others say of it."""

from collections.abc import Iterator, Sequence

from kg.facts import TierSaying
from kg.model import Figure, Modality
from kg.ontology import ontology
from kg.query.registers import RegisterFact
from kg.resolve import DatedName
from kg.wording.dossiers import DOSSIER_WORDING
from kg.wording.terms import figure, terms

__all__ = ["identifier_in_words", "more_words", "record_words", "register_lines", "saying_in_words"]


def identifier_in_words(kind: str, value: str, lang: str) -> str:
    """Say an identifier by the name of its kind, without whose it is, which the ontology tells: "CIK 1045810"."""
    return f"{ontology().identifiers[kind].label[lang].partition(' (')[0]} {value}"


def register_lines(facts: Sequence[RegisterFact], lang: str) -> Iterator[tuple[str, int, str]]:
    """Yield lines of text on what registers say of an entity, each with how far it stands in and its style.

    A record is a line: who says it, the name, the identifiers, the country, the legal form, the status, the day and
    the document. What else it says stands beneath it.
    """
    if facts:
        yield "", 0, ""
        yield DOSSIER_WORDING[lang].registers, 0, "bold green"
    for fact in facts:
        yield " · ".join((*record_words(fact, lang), fact.document)), 1, ""
        for line in more_words(fact, lang):
            yield line, 2, "dim"


def record_words(fact: RegisterFact, lang: str) -> tuple[str, ...]:
    """Return what a record says of its entity, a part each: the name, the identifiers, the country, the legal form."""
    wording, record = DOSSIER_WORDING[lang], fact.record
    entity = record.read or record.entity
    told = ontology().identifiers_of(entity.id, entity.identifiers)
    status = {None: None, True: wording.active, False: wording.inactive}[record.is_active]
    words = (
        f"{record.register}: {entity.name}",
        *(identifier_in_words(kind, value, lang) for kind, value in told),
        record.country,
        record.legal_form and wording.legal_form.format(record.legal_form),
        status,
        record.start and wording.since.format(record.start),
        record.end and wording.until.format(record.end),
        fact.published and wording.as_of.format(fact.published),
    )
    return tuple(filter(None, words))


def more_words(fact: RegisterFact, lang: str) -> Iterator[str]:
    """Yield what a record says besides, a line each: addresses, former names, topics, sectors."""
    wording, record = DOSSIER_WORDING[lang], fact.record
    for address in record.addresses:
        yield wording.address.format(address)
    if record.former_names:
        yield wording.formerly.format(", ".join(_former(name, lang) for name in record.former_names))
    if record.topics:
        yield wording.topics.format(", ".join(record.topics))
    if record.sectors:
        yield wording.sectors.format(", ".join(record.sectors))


def _former(name: DatedName, lang: str) -> str:
    wording = DOSSIER_WORDING[lang]
    if name.start and name.end:
        return f"{name.name} ({name.start} – {name.end})"
    days = (name.start and wording.since.format(name.start)) or (name.end and wording.until.format(name.end))
    return f"{name.name} ({days})" if days else name.name


def saying_in_words(saying: TierSaying, lang: str) -> str:
    """Return what a tier says of a relationship, with its day: "register 6.2 % of capital (2026-01-01)"."""
    claim = saying.claim
    worded = figure(claim.object, lang) if isinstance(claim.object, Figure) else ""
    modality = "" if claim.modality is Modality.ASSERTED else ontology().modalities[claim.modality].label[lang]
    words = (
        ontology().tiers[saying.tier].label[lang],
        modality,
        " ".join(filter(None, (worded, terms(claim.qualifiers, lang)))) or ("" if modality else "–"),
        f"({claim.known_from})" if claim.known_from else "",
    )
    return " ".join(filter(None, words))
