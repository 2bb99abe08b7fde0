"""A row of a list of edges on its way to a claim: what its cells mean first, its entities once all names are known."""

from dataclasses import dataclass

from kg.importers.edges.columns import EDGE_COLUMNS
from kg.importers.edges.fields import Fields, kind_of
from kg.importers.edges.names import Names
from kg.importers.edges.rows import RawRow
from kg.model import Claim, Entity, Evidence, Modality, Qualifiers
from kg.ontology import ontology

__all__ = ["LANG", "METHOD", "Draft", "claim_of", "draft_of"]

METHOD = "edges/1"
"""The method of the claims; its number changes where the same row becomes another claim."""
LANG = "en"


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as it is read, whose names have no entities yet: that takes all names of the list."""

    fields: Fields
    names: tuple[str, str]
    kinds: tuple[str | None, str | None]
    relation: str
    qualifiers: Qualifiers
    modality: Modality
    known_from: str | None

    def add_names(self, names: Names) -> None:
        """Add the names of its ends to those of the list."""
        for name, kind in zip(self.names, self.kinds, strict=True):
            names.add(name, kind)


def draft_of(row: RawRow, *, percent: bool) -> Draft:
    """Return a row as it is read; with `percent` its shares are percentages."""
    fields = Fields(row, percent=percent)
    kinds = fields.read("subject_type", kind_of), fields.read("object_type", kind_of)
    names = fields.name("subject"), fields.name("object")
    qualifiers, modality, known_from = fields.qualifiers(), fields.modality(), fields.known_from()
    return Draft(fields, names, kinds, fields.relation(), qualifiers, modality, known_from)


def claim_of(draft: Draft, document: str, names: Names) -> Claim | None:
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
    evidence = Evidence(document, row.start, row.start + len(row.text), row.text, LANG)
    if draft.relation == "subsidiary-of" and EDGE_COLUMNS.is_holder(row.names.get("subject")):
        # A column of holders names the parent, which is the object of the relation.
        ends.reverse()
    return Claim(
        *(ends[0], draft.relation, ends[1], draft.modality, (evidence,), draft.qualifiers, draft.known_from),
        method=METHOD,
    )
