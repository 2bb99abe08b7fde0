"""Claims one by one, whatever the gate decided of them: what is to be reviewed, what was refused and why."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kg.errors import QueryError, did_you_mean
from kg.model import Claim, Entity, Outcome, claim_order
from kg.ontology import ontology
from kg.query.entity_lookup import find_named
from kg.store import Store
from kg.tables.table import Table, Value
from kg.wording.terms import figure, terms

__all__ = ["ClaimFilter", "claims_table", "find_claims", "outcomes_of", "reason_counts"]

_ALL = "all"
_COLUMNS = (
    *("subject", "relation", "object", "modality", "terms", "confidence", "outcome", "reasons"),
    *("quote", "places", "method", "claim"),
)


def outcomes_of(outcome: str) -> frozenset[Outcome]:
    """Return the outcomes that a word asks for: "admitted", "to-review", "refused" or "all".

    >>> sorted(outcomes_of("all"))
    [<Outcome.ADMITTED: 'admitted'>, <Outcome.REFUSED: 'refused'>, <Outcome.TO_REVIEW: 'to-review'>]
    """
    words = [_ALL, *Outcome]
    if outcome not in words:
        hint = did_you_mean(outcome, words) or f" There are: {', '.join(words)}."
        raise QueryError(f"there is no outcome '{outcome}'.{hint}")
    return frozenset(Outcome) if outcome == _ALL else frozenset({Outcome(outcome)})


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are asked for; None is any.

    `company` is found by id, name or spelling, `relation` is a relation's name, `reason` a code
    (``docs/reference/reasons.md``), `text` words that all stand in the names or quotes, in any spelling.
    """

    company: str | None = None
    relation: str | None = None
    reason: str | None = None
    text: str | None = None
    document: str | None = None

    def takes(self, claim: Claim) -> bool:
        """Whether a claim has the relation, the reason and the words."""
        if self.relation not in {None, claim.relation} or (self.reason and self.reason not in claim.reasons):
            return False
        words = [_folded(word) for word in (self.text or "").split()]
        names = (entity.name for entity in claim.entities)
        said = _folded(" ".join((*names, *(evidence.quote for evidence in claim.evidence)))) if words else ""
        return all(word in said for word in words)


def _folded(text: str) -> str:
    """Return what stays of a text without case, accents, spaces and marks."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if char.isalnum())


def find_claims(store: Store, outcomes: Collection[Outcome], wanted: ClaimFilter = ClaimFilter()) -> Iterator[Claim]:
    """Yield the claims of some outcomes that a filter takes, admitted ones first, each document's by place.

    Raises `UnknownEntity`, `UnknownDocument`, `OntologyError` or `QueryError` with the nearest names.
    """
    if wanted.relation is not None:
        ontology().relation(wanted.relation)
    others = frozenset(outcomes) - {Outcome.ADMITTED}
    entity = None if wanted.company is None else find_named(store, wanted.company, candidates=bool(others)).id
    admitted = store.claims(document=wanted.document, entity=entity) if Outcome.ADMITTED in outcomes else ()
    yield from filter(wanted.takes, admitted)
    if others:
        yield from filter(wanted.takes, store.candidates(document=wanted.document, entity=entity, outcomes=others))


def claims_table(claims: Iterable[Claim], lang: str = "en") -> Table:
    """Return claims as a table, a row each, in words of `lang`: the newest last, all quotes with their places."""
    rows = [_row(claim, lang) for claim in sorted(claims, key=claim_order)]
    return Table(_COLUMNS, rows, "Claims")


def _row(claim: Claim, lang: str) -> tuple[Value, ...]:
    object_ = claim.object.name if isinstance(claim.object, Entity) else figure(claim.object, lang)
    return (
        claim.subject.name,
        ontology().relation(claim.relation).label[lang],
        object_,
        ontology().modalities[claim.modality].label[lang],
        terms(claim.qualifiers, lang) or None,
        claim.confidence,
        claim.outcome.value,
        " ".join(claim.reasons) or None,
        claim.quote,
        ", ".join(f"{evidence.document} {evidence.start}–{evidence.end}" for evidence in claim.evidence),
        claim.method,
        claim.id,
    )


def reason_counts(claims: Iterable[Claim]) -> Counter[str]:
    """Count the reasons of claims, each claim by its gravest one alone."""
    return Counter(claim.reasons[0] for claim in claims if claim.reasons)
