"""What an item says of others: owners, parents, subsidiaries, what it owns and makes, a claim a statement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.errors import InvalidRecord
from kg.importers.record_chunks import LeftOut
from kg.importers.wikidata.items import Items
from kg.importers.wikidata.values import Statement, amount, item_id, partial_date, statements
from kg.model import Claim, Document, Entity, Evidence, Modality, Qualifiers

__all__ = ["METHOD", "TIES", "Tie", "Ties", "ends_of"]

METHOD = "register/wikidata"
_HOLDABLE = frozenset({"Company", "Organisation", "PublicBody", "LegalEntity"})


@dataclass(frozen=True, slots=True)
class Tie:
    """What a property is in kg: the relation, whether the item is its subject, the class of an item not in the file."""

    relation: str
    is_subject: bool
    otherwise: str | None


TIES: Mapping[str, Tie] = {
    "P127": Tie("holds-stake", is_subject=False, otherwise="Agent"),  # owned by
    "P1830": Tie("holds-stake", is_subject=True, otherwise=None),  # owner of: houses, brands and clubs too
    "P749": Tie("subsidiary-of", is_subject=True, otherwise="Company"),  # parent organization
    "P355": Tie("subsidiary-of", is_subject=False, otherwise="Company"),  # has subsidiary
    "P1056": Tie("develops", is_subject=True, otherwise="Product"),  # product or material produced
}


def ends_of(tie: Tie, entity: Entity, other: str, items: Items) -> tuple[Entity, Entity] | str:
    """Return subject and object of a tie of an entity to an item, or why there is none."""
    kind = items.find(other)[0] or tie.otherwise
    if kind is None:
        return "with an item of which the file does not tell that it is a company"
    second = items.product(other) if tie.relation == "develops" else items.entity(other, kind)
    if second.id == entity.id:
        return "with the item itself"
    subject, object_ = (entity, second) if tie.is_subject else (second, entity)
    if tie.relation != "develops" and object_.type not in _HOLDABLE:
        return f"with a {object_.type}, of which nothing is held"
    if tie.relation == "subsidiary-of" and subject.type not in _HOLDABLE:
        return f"with a {subject.type}, which is no subsidiary"
    return subject, object_


@dataclass(slots=True)
class Ties:
    """The claims of an item's statements.

    `wrong` takes up property, value and reason of those that do not hold, `left_out` counts what kg does not assert.
    """

    item: Mapping[str, Any]
    entity: Entity
    items: Items
    left_out: LeftOut
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def claims(self, document: Document, places: Mapping[str, tuple[int, int]]) -> Iterator[Claim]:
        """Yield the claims, each with its statement for evidence; `places` are those of statements in the text."""
        for property_, tie in TIES.items():
            found = statements(self.item, property_)
            has_preferred = any(one.rank == "preferred" for one in found)
            for one in found:
                reason = _refused(one, has_preferred=has_preferred)
                if reason is not None:
                    self.left_out.add(f"statements of {property_} {reason}")
                    continue
                place = places.get(f"/claims/{property_}/{one.index}", (0, len(document.text)))
                claim = self._claim(property_, tie, one, document.evidence(*place), document.published)
                if claim is not None:
                    yield claim

    def _claim(
        self, property_: str, tie: Tie, statement: Statement, evidence: Evidence, known_from: str | None
    ) -> Claim | None:
        other = item_id(statement.snak) or ""
        ends = ends_of(tie, self.entity, other, self.items)
        if isinstance(ends, str):
            self.left_out.add(f"statements of {property_} {ends}")
            return None
        try:
            terms = _terms(statement, is_share=tie.relation == "holds-stake")
        except InvalidRecord as error:
            self.wrong.append((property_, other, f"does not hold: {error}"))
            return None
        # "Some value" for an end tells that it is over, and not when.
        modality = Modality.PAST if statement.has_ended and terms.end is None else Modality.ASSERTED
        return Claim(ends[0], tie.relation, ends[1], modality, (evidence,), terms, known_from, method=METHOD)


def _refused(statement: Statement, *, has_preferred: bool) -> str | None:
    """Return why a statement is not asserted; None for one that is."""
    if statement.rank == "deprecated":
        return "of the rank deprecated, which means known to be wrong"
    if item_id(statement.snak) is None:
        return "without an item: Wikidata says that none is known, or that there is none"
    is_dated = statement.has_ended or partial_date(statement.qualifier("P585")) is not None
    if has_preferred and statement.rank != "preferred" and not is_dated:
        return "without an end behind one of the rank preferred"
    return None


def _terms(statement: Statement, *, is_share: bool) -> Qualifiers:
    return Qualifiers(
        percent=amount(statement.qualifier("P1107")) if is_share else None,
        start=partial_date(statement.qualifier("P580")),
        end=partial_date(statement.qualifier("P582")),
        as_of=partial_date(statement.qualifier("P585")),
    )
