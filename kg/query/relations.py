"""What the sources say of relations, as one readable table: a line for each saying, not each source."""

import pyoxigraph as ox

from kg.errors import QueryError, did_you_mean
from kg.facts import Fact, facts_of
from kg.model import Entity
from kg.ontology import PREFIXES, ontology
from kg.query.entity_lookup import find_entity
from kg.query.independent_sources import near_duplicates_of
from kg.query.table import Table
from kg.store import NearDuplicates, Store

__all__ = ["relations_table"]

_COLUMNS = ("subject", "relation", "object", "terms", "modality", "known_from", "sources", "documents")


def relations_table(
    store: Store,
    *,
    company: str | None = None,
    relation: str | None = None,
    modality: str | None = None,
    lang: str = "en",
) -> Table:
    """Return relations in words of `lang`: of all entities, or of one; of all relations and modalities, or of one.

    Facts come first. `sources` counts independent ones: copies of one story are one. Raises
    `UnknownEntity`, and `OntologyError` or `QueryError` for a relation or a modality that there is
    not, each with the nearest names.
    """
    if relation is not None:
        ontology().relation(relation)
    if modality is not None and modality not in ontology().modalities:
        known = ontology().modalities
        hint = did_you_mean(modality, known) or f" There are: {', '.join(known)}."
        raise QueryError(f"there is no modality '{modality}'.{hint}")
    entity = find_entity(store, company).id if company is not None else None
    lines = [
        line
        for line in facts_of(store.claims(entity=entity))
        if relation in {None, line.relation} and modality in {None, *line.modalities}
    ]
    facts_first = sorted(lines, key=lambda line: not line.is_fact)
    copies = near_duplicates_of(store)
    return Table(_COLUMNS, tuple(_row(line, copies, lang) for line in facts_first), PREFIXES)


def _row(line: Fact, copies: NearDuplicates | None, lang: str) -> tuple[ox.Literal | None, ...]:
    words = (
        line.subject.name,
        ontology().relation(line.relation).label[lang],
        line.object.name if isinstance(line.object, Entity) else None,
        line.terms(lang) or None,
        ontology().modalities[line.modality].label[lang],
        line.known_from,
        None if copies is None else len(copies.sources(line.documents)),
        ", ".join(line.documents),
    )
    return tuple(None if word is None else ox.Literal(word) for word in words)
