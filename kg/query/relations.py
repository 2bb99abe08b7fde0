"""What the sources say of relations, as one readable table: a row for each fact, not each source."""

from collections.abc import Sequence

from kg.errors import QueryError, did_you_mean
from kg.facts import AsOf, Fact, TriState, facts_of
from kg.model import Entity
from kg.ontology import ontology
from kg.query.as_of import or_today
from kg.query.independent_sources import near_duplicates_of
from kg.query.recorded import claims_then, entity_then, recorded_then
from kg.store import NearDuplicates, Store
from kg.tables.table import Table, Value
from kg.wording.dossiers import DOSSIER_WORDING

__all__ = ["relations_table"]

_COLUMNS = ("subject", "relation", "object", "terms", "modality", "known_from", "sources", "documents")


def relations_table(  # noqa: PLR0913 - keywords, each with a default
    store: Store,
    *,
    company: str | None = None,
    relation: str | None = None,
    modality: str | None = None,
    lang: str = "en",
    as_of: AsOf | None = None,
) -> Table:
    """Return relations in words of `lang`: of all entities, or of one; of all relations and modalities, or of one.

    They stand as of some dates, today by default. Facts come first, those that are undecided (the bounds of their
    dates leave open whether they hold) after the others; the title counts both. `sources` counts independent ones:
    near-duplicates of one story are one. Raises `UnknownEntity`, and `OntologyError` or `QueryError` for a relation or
    a modality that there is not, each with the nearest names.
    """
    if relation is not None:
        ontology().relation(relation)
    if modality is not None and modality not in ontology().modalities:
        modalities = ontology().modalities
        hint = did_you_mean(modality, modalities) or f" There are: {', '.join(modalities)}."
        raise QueryError(f"there is no modality '{modality}'.{hint}")
    as_of = or_today(as_of)
    past = recorded_then(store, as_of)
    entity = entity_then(store, company, past).id if company is not None else None
    facts = [
        fact
        for fact in facts_of(claims_then(store, entity, past, as_of.known), as_of)
        if relation in {None, fact.relation} and modality in {None, *fact.modalities}
    ]
    facts.sort(key=lambda fact: (not fact.is_fact, fact.holds is TriState.UNDECIDED))
    near_duplicates = near_duplicates_of(store)
    rows = tuple(_row(fact, near_duplicates, lang) for fact in facts)
    return Table(_COLUMNS, rows, _title(facts, as_of, lang))


def _title(facts: Sequence[Fact], as_of: AsOf, lang: str) -> str:
    wording = DOSSIER_WORDING[lang]
    title = wording.relations if as_of.day is None else wording.on.format(wording.relations, as_of.day)
    count = sum(fact.holds is TriState.UNDECIDED for fact in facts)
    return f"{title} ({wording.count_undecided.format(count)})" if count else title


def _row(fact: Fact, near_duplicates: NearDuplicates | None, lang: str) -> tuple[Value, ...]:
    return (
        fact.subject.name,
        ontology().relation(fact.relation).label[lang],
        fact.object.name if isinstance(fact.object, Entity) else None,
        fact.terms(lang) or None,
        _modality(fact, lang),
        fact.known_from,
        None if near_duplicates is None else len(near_duplicates.sources(fact.documents)),
        ", ".join(fact.documents),
    )


def _modality(fact: Fact, lang: str) -> str:
    label = ontology().modalities[fact.modality].label[lang]
    return f"{label}, {DOSSIER_WORDING[lang].undecided}" if fact.holds is TriState.UNDECIDED else label
