"""Questions with a name that SPARQL cannot answer: what they take, and what works the answer out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.facts import AsOf, Dispute
from kg.model import Claim, Entity, Figure, Tier
from kg.query.disputes import disputes
from kg.query.independent_sources import near_duplicates_of, near_duplicates_table
from kg.query.library import NamedQuery
from kg.query.registers import tiers_of
from kg.query.source_summary import source_summary_table
from kg.questions import Parameter
from kg.store import NearDuplicates, Store
from kg.store.iris import IriScheme
from kg.tables.table import Kind, Table, Value
from kg.wording.terms import figure, terms

__all__ = ["COMPUTED", "Computed", "disputes_table"]

_COLUMNS = (
    *("dispute", "differs", "subject", "relation", "object", "terms", "modality", "known_from", "sources"),
    *("tier", "document", "sentence", "claim"),
)
_KINDS = {"known_from": Kind.DATE, "claim": Kind.IRI}


@dataclass(frozen=True, slots=True)
class Computed:
    """A question: its title, parameters and examples as those of a library query, and what answers it."""

    query: NamedQuery
    work: Callable[[Store, Mapping[str, Any]], Table]


def disputes_table(store: Store, entity: str | None = None, *, as_of: AsOf | None = None) -> Table:
    """Return the disputes of a store, or those on the entity of an id (see `kg.query.disputes`), a row a claim.

    `dispute` numbers them, `differs` names what the sources differ in, `sources` counts the independent sources
    of what the row says; it is empty where near-duplicates cannot be told. `tier` is what kind of source the document
    is, as far as it is known. Within a dispute registers stand first, then filings, company releases, news and so on;
    of one tier the newest stands last. They are those as of some dates, today by default.
    """
    near_duplicates, found = near_duplicates_of(store), disputes(store, entity, as_of=as_of)
    tiers = tiers_of(store, (name for dispute in found for fact in dispute.facts for name in fact.documents))
    rows: list[tuple[Value, ...]] = []
    for number, dispute in enumerate(found, start=1):
        rows += _rows(number, dispute, near_duplicates, tiers, IriScheme(store.base))
    return Table(_COLUMNS, rows, base=store.base, kinds=_KINDS)


def _rows(
    number: int, dispute: Dispute, near_duplicates: NearDuplicates | None, tiers: Mapping[str, Tier], iris: IriScheme
) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = []
    for fact in dispute.facts:
        count = None if near_duplicates is None else len(near_duplicates.sources(fact.documents))
        for claim in fact.claims:
            end = claim.object
            what = (claim.subject.name, claim.relation, end.name if isinstance(end, Entity) else None)
            how = (_terms(claim) or None, claim.modality.value, claim.known_from, count)
            tier = tiers.get(claim.document)
            where = (tier and tier.value, claim.document, claim.evidence[0].quote, iris.claim(claim.id).value)
            rows.append((number, ", ".join(dispute.differs), *what, *how, *where))
    return rows


def _terms(claim: Claim) -> str:
    value = figure(claim.object) if isinstance(claim.object, Figure) else ""
    return " ".join(filter(None, (value, terms(claim.qualifiers))))


def _disputes(store: Store, bound: Mapping[str, Any]) -> Table:
    company = bound.get("company")
    return disputes_table(store, None if company is None else IriScheme(store.base).id_of(company))


def _copies(store: Store, _: Mapping[str, Any]) -> Table:
    return near_duplicates_table(store)


def _source_summary(store: Store, _: Mapping[str, Any]) -> Table:
    return source_summary_table(store)


COMPUTED: Mapping[str, Computed] = {
    "copies": Computed(
        NamedQuery(
            name="copies",
            title={
                "en": "Documents that are copies of one story, and count as one source",
                "fr": "Documents qui reprennent un même article, et comptent pour une seule source",
            },
            parameters=(),
            examples=("kg query copies",),
        ),
        _copies,
    ),
    "disputes": Computed(
        NamedQuery(
            name="disputes",
            title={
                "en": "What cannot all be right: other figures or dates, or asserted here and denied there",
                "fr": "Affirmations inconciliables : autres chiffres ou dates, ou affirmé ici et démenti là",
            },
            parameters=(Parameter("company", "entity", "only what touches this one"),),
            examples=("kg query disputes", "kg query disputes CoreWeave"),
        ),
        _disputes,
    ),
    "source-summary": Computed(
        NamedQuery(
            name="source-summary",
            title={
                "en": "The sources that the graph stands on, and how much of each people judged right",
                "fr": "Les sources du graphe, et ce que les relecteurs ont jugé exact de chacune",
            },
            parameters=(),
            examples=("kg query source-summary",),
        ),
        _source_summary,
    ),
}
"""The questions by name."""
