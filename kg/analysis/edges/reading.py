"""Lists of edges as claims: holder, issuer, share, and whatever else is known, each row with its own text for evidence.

So a register or a worked example goes through the same functions as what is read in articles. A list is a document,
and a row a claim of it. Rows that do not hold are named, each with its column, and none is mended in silence.

>>> [claim.qualifiers.percent for claim in claims_of_edges([("Alice", "Beta", 0.6), ("Beta", "Gamma", "25%")])]
[Decimal('60'), Decimal('25')]
>>> print(read_edges([("Alice", "Beta", -0.2)]).rejected[0])
row 1: share '-0.2' is negative; write 0 to 1
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from kg.analysis.edges.fields import Fields, kind_of
from kg.analysis.edges.rows import COLUMNS, ListText, RejectedRow, Source, rows_of
from kg.errors import EdgeListError
from kg.model import Claim, Document, Entity, Evidence, Modality, Qualifiers
from kg.ontology import ontology
from kg.resolve import Resolver

__all__ = ["COLUMNS", "Edges", "RejectedRow", "Source", "Unit", "claims_of_edges", "read_edges"]

Unit = Literal["fraction", "percent"]
_HOLDERS = frozenset({"holder", "owner", "parent"})
_METHOD = "edges/1"
_LANG = "en"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Edges:
    """A list as claims, what of it does not hold, and its text, in which the claims have their places.

    `count` is the number of rows. `alike` are names that an article would use for one company ("Alpha", "Alpha
    Holding") and that are several here: what a list spells in two ways it means to keep apart.
    """

    claims: tuple[Claim, ...]
    rejected: tuple[RejectedRow, ...]
    document: Document
    count: int
    alike: tuple[tuple[str, ...], ...] = ()

    @property
    def bad_rows(self) -> int:
        """The number of rows that do not hold."""
        return len({each.row for each in self.rejected})

    def notes(self) -> Iterator[str]:
        """Yield what was assumed, a sentence each."""
        for names in self.alike:
            yield f"{', '.join(names)} are taken for {len(names)} companies: spell a name alike where one is meant"


def read_edges(source: Source, *, name: str | None = None, unit: Unit = "fraction") -> Edges:
    """Return a list of edges as claims, and what of it does not hold.

    `source` is the path of a CSV file or an open one (a header; comma, semicolon or tab), tuples (holder, issuer,
    share), mappings by column, or a pandas DataFrame; `COLUMNS` are the columns. Where no relation is named, a row is
    a stake that is held. A share is a fraction of 0–1, with ``unit="percent"`` a percentage; one that bears a percent
    sign is a percentage always. An empty cell is nothing said: a stake without a share is a stake of unknown size.
    Pairs may stand more than once: what their rows say side by side is what sources at odds would say. `name` is that
    of the document, by default the file's, or "edges.csv".

    Raises `EdgeListError` where the header does not hold, and `DocumentError` for a file that cannot be read.
    """
    if unit not in {"fraction", "percent"}:
        raise EdgeListError(f"no unit '{unit}': shares are a 'fraction' (0 to 1) or a 'percent' (0 to 100)")
    name = name or (Path(source).name if isinstance(source, str | Path) else "") or "edges.csv"
    lines = ListText()
    drafts = [_draft(Fields(row, percent=unit == "percent")) for row in rows_of(source, name, lines)]
    names = _Names(drafts)
    claims = [claim for draft in drafts if (claim := _claim(draft, name, names)) is not None]
    rejected = [each for draft in drafts for each in draft.fields.rejected]
    document = Document(name, str(lines).encode("utf-8", "replace").decode(), _LANG)
    return Edges(tuple(claims), tuple(rejected), document, len(drafts), names.alike())


def claims_of_edges(source: Source, *, name: str | None = None, unit: Unit = "fraction") -> tuple[Claim, ...]:
    """Return a list of edges as claims (see `read_edges`); raise `EdgeListError` with all rows that do not hold."""
    edges = read_edges(source, name=name, unit=unit)
    if edges.rejected:
        first = "; ".join(map(str, edges.rejected[:_SHOWN]))
        more = len(edges.rejected) - _SHOWN
        raise EdgeListError(
            f"{edges.bad_rows} of {edges.count} rows of {edges.document.id} do not hold: {first}"
            + (f"; and {more} more" if more > 0 else ""),
            edges.rejected,
        )
    return edges.claims


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row as it is read, whose names have no entities yet: that takes all names of the list."""

    fields: Fields
    names: tuple[str, str]
    kinds: tuple[str | None, str | None]
    relation: str
    qualifiers: Qualifiers
    modality: Modality
    known_from: str | None


def _draft(fields: Fields) -> _Draft:
    kinds = fields.read("subject_type", kind_of), fields.read("object_type", kind_of)
    names = fields.name("subject"), fields.name("object")
    qualifiers, modality, known_from = fields.qualifiers(), fields.modality(), fields.known_from()
    return _Draft(fields, names, kinds, fields.relation(), qualifiers, modality, known_from)


def _claim(draft: _Draft, document: str, names: "_Names") -> Claim | None:
    """Return the claim that a row is; None where something in it does not hold, which is then noted."""
    fields, known = draft.fields, ontology().relation(draft.relation)
    ends: list[Entity] = []
    for end, name, kind, allowed in zip(
        ("subject", "object"), draft.names, draft.kinds, (known.domain, known.range), strict=True
    ):
        if kind is not None and kind not in allowed:
            can = ", ".join(sorted(allowed))
            fields.reject(f"{end}_type", kind, f"cannot be the {end} of '{draft.relation}': it can be {can}")
        elif name:
            ends.append(names.entity(name, names.kind(name, kind, allowed)))
    if len({entity.id for entity in ends}) == 1 < len(ends):
        fields.reject("object", ends[1].name, "is the holder itself: leave out what a company holds of itself")
    if fields.rejected:
        return None
    row = fields.row
    evidence = Evidence(document, row.start, row.start + len(row.text), row.text, _LANG)
    if draft.relation == "subsidiary-of" and fields.row.names.get("subject") in _HOLDERS:
        # A column of holders names the parent, which is the object of the relation.
        ends.reverse()
    return Claim(
        *(ends[0], draft.relation, ends[1], draft.modality, (evidence,), draft.qualifiers, draft.known_from),
        method=_METHOD,
    )


class _Names:
    """Gives the names of a list their entities, with the ids that articles give them.

    In a list two spellings are two names: where both would be one entity, as "Alpha" and "Alpha Holding", the one
    that is most the entity's own has its id, and the others ids of their own. Case, accents and spaces do not count.
    """

    def __init__(self, drafts: Sequence[_Draft]) -> None:
        self._resolver = Resolver()
        self._known: dict[tuple[str, str], Entity] = {}
        given: defaultdict[str, set[str]] = defaultdict(set)
        shown: dict[str, str] = {}
        for name, kind in ((n, k) for draft in drafts for n, k in zip(draft.names, draft.kinds, strict=True) if n):
            shown[_plain(name)] = min(name, shown.get(_plain(name), name))
            if kind is not None:
                given[_plain(name)].add(kind)
        self._shown = shown
        self._given = {name: next(iter(kinds)) for name, kinds in given.items() if len(kinds) == 1}
        self._registered = {plain: self._resolver.kind(name) for plain, name in shown.items()}
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for plain in sorted(shown):
            groups[self._found(shown[plain], self._registered[plain] or "Company").id].append(plain)
        self._alike = [sorted(group, key=self._distance) for group in groups.values() if len(group) > 1]
        self._apart = frozenset(plain for group in self._alike for plain in group[1:])

    def _found(self, name: str, kind: str) -> Entity:
        return self._resolver.entity(Entity(f"{kind.lower()}/", name, kind, (name,)))

    def _distance(self, plain: str) -> tuple[bool, int, str]:
        """Return how far a name is from being an entity's own."""
        name = self._shown[plain]
        own = self._found(name, self._registered[plain] or "Company").name
        return plain != _plain(own), len(plain), plain

    def kind(self, name: str, given: str | None, allowed: frozenset[str]) -> str:
        """Return the class of an end: as given in its row, in another, by the registry, else a company if it may be."""
        plain = _plain(name)
        guesses = (given, self._given.get(plain), self._registered[plain], "Company")
        return next((kind for kind in guesses if kind in allowed and kind), min(allowed))

    def entity(self, name: str, kind: str) -> Entity:
        """Return the entity of a name and a class."""
        plain = _plain(name)
        if (plain, kind) not in self._known:
            found = self._found(self._shown[plain], kind)
            if plain in self._apart:
                own = hashlib.sha256(plain.encode()).hexdigest()[:8]
                found = replace(found, id=f"{found.id}-{own}", name=self._shown[plain])
            self._known[plain, kind] = found
        return self._known[plain, kind]

    def alike(self) -> tuple[tuple[str, ...], ...]:
        """Return the names that articles would take for one, and this list for several."""
        return tuple(tuple(self._shown[plain] for plain in group) for group in self._alike)


def _plain(name: str) -> str:
    """Return what counts of a name within a list."""
    folded = name.casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
