"""A row of own claims on its way to a claim: who says what, and where it is from."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from kg.errors import InvalidRecord
from kg.importers.edges.columns import NAMELESS, Columns
from kg.importers.edges.fields import DEFAULT_RELATION, BadCell, Fields, kind_of, name_of, number_of, word_of
from kg.importers.edges.rows import RawRow
from kg.model import Claim, Entity, Evidence, Figure, Modality, Outcome, Qualifiers, Tier, canonical_decimal
from kg.ontology import Relation, ontology
from kg.resolve import Resolver

__all__ = ["LANG", "Draft", "Origin", "draft_of"]

LANG = "en"
_ID = re.compile(r"[a-z]+/[^\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row is from: rows of one origin make one document."""

    source: str
    author: str
    known_from: str | None
    tier: Tier


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as it is read: its claim without a place, or None with what does not hold."""

    row: RawRow
    origin: Origin
    fields: Fields
    ends: tuple[Entity, Entity | Figure] | None
    relation: str
    modality: Modality
    qualifiers: Qualifiers

    def claim(self, document: str, start: int) -> Claim | None:
        """Return the claim, its evidence the row's text that begins at `start`; None where the row does not hold."""
        if self.ends is None or self.fields.rejected:
            return None
        text = self.row.text
        evidence = Evidence(document, start, start + len(text), text, LANG)
        return Claim(
            *(self.ends[0], self.relation, self.ends[1], self.modality, (evidence,), self.qualifiers),
            known_from=self.origin.known_from,
            method=f"note/{self.origin.author}",
        )


class _OwnFields(Fields):
    """Reads the cells of one row of own claims."""

    def relation(self) -> str:
        """Return the name of the relation, which may be one of a figure."""
        return str(self.read("relation", _relation, DEFAULT_RELATION))

    def qualifiers(self) -> Qualifiers:
        """Return the terms of the row."""
        terms = super().qualifiers()
        texts = {name: self.read(name, _text) for name in ("goods", "as_printed")}
        return replace(terms, **texts, quantity=self.read("quantity", _figure))

    def origin(self, author: str, tier: Tier) -> Origin:
        """Return where the row is from; its own author and tier come before those of the list."""
        return Origin(
            self.read("source", name_of, ""),
            self.read("author", name_of, author),
            self.known_from(),
            Tier(self.read("tier", _tier, tier)),
        )

    def check(self) -> None:
        """Note what of a row tells that it is no claim of a graph."""
        outcome = self.row.values.get("outcome")
        if outcome is not None and outcome != Outcome.ADMITTED:
            self.reject("outcome", outcome, "is of a claim that is in no graph: leave the row out, or empty the cell")
        if (moment := self.row.values.get("retracted_at")) is not None:
            self.reject(
                "retracted_at", moment, "is of a claim that was withdrawn: leave the row out, or empty the cell"
            )
        for name, value in self.row.values.items():
            if name.startswith(NAMELESS):
                self.reject(name, value, "stands in a column without a name: name it, or empty the cell")

    def entity(self, end: str, allowed: frozenset[str], relation: str) -> Entity | None:
        """Return the entity of an end, by its id where the row has it; None where it does not hold."""
        name = self.name(end)
        kind = self.read(f"{end}_type", kind_of)
        if not name:
            return None
        entity = _resolved(name, kind or _kind(name, allowed))
        if entity.type not in allowed:
            can = ", ".join(sorted(allowed))
            self.reject(f"{end}_type", entity.type, f"cannot be the {end} of '{relation}': it can be {can}")
        id_ = self.read(f"{end}_id", _id_of(entity.type))
        return entity if id_ in {None, entity.id} else Entity(id_, name, entity.type, (name,))

    def figure(self, relation: str) -> Figure | None:
        """Return the figure that stands for the object; None where it does not hold."""
        value, unit = self.read("value", _figure), self.read("unit", name_of)
        if self.row.values.get("object") is not None:
            self.reject("object", self.row.values["object"], f"has no place in '{relation}': write value and unit")
        for name in ("value", "unit"):
            if self.row.values.get(name) is None and not self.row.wrong:
                self.reject(name, "", f"is empty, and '{relation}' is a figure: write both, as in 1500000 and USD")
        return Figure(value, unit) if value is not None and unit else None


def draft_of(row: RawRow, columns: Columns, *, percent: bool, author: str, tier: Tier) -> Draft:
    """Return a row of a list with these columns as it is read; with `percent` its shares are percentages."""
    fields = _OwnFields(row, percent=percent)
    fields.check()
    name, modality, terms = fields.relation(), fields.modality(), fields.qualifiers()
    relation, origin = ontology().relation(name), fields.origin(author, tier)
    return Draft(row, origin, fields, _ends(fields, relation, columns), name, modality, terms)


def _ends(fields: _OwnFields, relation: Relation, columns: Columns) -> tuple[Entity, Entity | Figure] | None:
    # A column of holders names the parent, which is the object of the relation.
    turned = relation.name == "subsidiary-of" and columns.is_holder(fields.row.names.get("subject"))
    subject = fields.entity("subject", relation.domain, relation.name)
    if relation.is_figure:
        figure = fields.figure(relation.name)
        return None if subject is None or figure is None else (subject, figure)
    object_ = fields.entity("object", relation.range, relation.name)
    for name in ("value", "unit"):
        if fields.row.values.get(name) is not None:
            fields.reject(name, fields.row.values[name], f"has no place in '{relation.name}': it is of two names")
    if subject is None or object_ is None:
        return None
    if subject.id == object_.id:
        fields.reject("object", object_.name, "is the same as the subject: a claim is of two")
    return (object_, subject) if turned else (subject, object_)


@lru_cache(maxsize=1 << 14)
def _resolved(name: str, kind: str) -> Entity:
    return Resolver().entity(Entity("?", name, kind, (name,)))


def _kind(name: str, allowed: frozenset[str]) -> str:
    """Return the class of a name of which its row tells none: the registry's, else a company if it may be one."""
    known = Resolver().kind(name)
    return next((kind for kind in (known, "Company") if kind in allowed and kind), min(allowed))


def _id_of(kind: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        word = str(value).strip()
        if not _ID.fullmatch(word) or not word.startswith(f"{kind.lower()}/"):
            raise BadCell(f"is no id of a {kind}: write {kind.lower()}/… as exports do, or empty the cell")
        return word

    return read


def _relation(value: object) -> str:
    word = str(value).strip().replace("_", "-").replace(" ", "-")
    return word_of(word, ontology().relations, "relation")


def _tier(value: object) -> str:
    return word_of(str(value).strip().casefold().replace(" ", "-").replace("_", "-"), map(str, Tier), "tier")


def _figure(value: object) -> Decimal:
    try:
        return canonical_decimal(number_of(value))
    except InvalidRecord as error:
        raise BadCell(str(error)) from error


def _text(value: object) -> str:
    """Return a text to the letter: what it says of a figure is compared with its source."""
    name_of(value)
    return str(value)
