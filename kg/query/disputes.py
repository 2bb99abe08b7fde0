"""The disputes of a store: what sources say of one relationship that cannot all be right (see `kg.facts.disputes`)."""

from collections.abc import Iterator

from kg.facts import AsOf, Dispute, disputes_by_tier, disputes_of, facts_of
from kg.model import Claim
from kg.ontology import ontology
from kg.query.as_of import or_today
from kg.query.recorded import claims_then, recorded_then
from kg.query.registers import tiers_of
from kg.query.scans import columns_of, rows_of
from kg.store import Store
from kg.store.iris import IriScheme

__all__ = ["disputes"]

# Only what is said more than once can be disputed; a count costs a tenth of reading all claims. The last counts
# symmetric relations from both their ends.
_SAID_AGAIN = (
    """SELECT ?s ?o { GRAPH ?g { ?claim rdf:subject ?s ; rdf:object ?o } }
    GROUP BY ?s ?o HAVING (COUNT(?claim) > 1)""",
    """SELECT ?s ?o { ?p a owl:SymmetricProperty .
    GRAPH ?g { { ?claim rdf:predicate ?p ; rdf:subject ?s ; rdf:object ?o }
    UNION { ?claim rdf:predicate ?p ; rdf:subject ?o ; rdf:object ?s } } }
    GROUP BY ?s ?o HAVING (COUNT(?claim) > 1)""",
)
_FIGURES_SAID_AGAIN = """SELECT ?s ?p ?unit { GRAPH ?g { ?claim kg:unit ?unit ; rdf:subject ?s ; rdf:predicate ?p } }
    GROUP BY ?s ?p ?unit HAVING (COUNT(?claim) > 1)"""
_OF_PAIR = "SELECT ?claim ?s ?o { GRAPH ?g { ?claim rdf:subject ?s ; rdf:object ?o } }"
_OF_FIGURE = """SELECT ?claim ?s ?p ?unit {
    GRAPH ?g { ?claim rdf:subject ?s ; kg:unit ?unit ; rdf:predicate ?p } }"""

_SAID_AGAIN_SQL = """
SELECT claim FROM claims
QUALIFY count(*) OVER (
  PARTITION BY relation, unit,
    CASE WHEN list_contains($symmetric, relation) THEN least(subject_id, object_id) ELSE subject_id END,
    CASE WHEN list_contains($symmetric, relation) THEN greatest(subject_id, object_id) ELSE object_id END
) > 1
"""


def disputes(store: Store, entity: str | None = None, *, as_of: AsOf | None = None) -> tuple[Dispute, ...]:
    """Return the disputes of a store, all or those on the entity of an id, in the order of relations.

    They are those among the facts as they stand as of some dates, today by default. Within a dispute what registers
    say stands first, then filings, and so on by the tiers of sources; of one tier the newest stands last.
    """
    as_of = or_today(as_of)
    past = recorded_then(store, as_of)
    is_now = past is None and as_of.known is None
    claims = _repeated(store) if entity is None and is_now else claims_then(store, entity, past, as_of.known)
    found = disputes_of(facts_of(claims, as_of))
    documents = {document for dispute in found for fact in dispute.facts for document in fact.documents}
    return disputes_by_tier(found, tiers_of(store, documents))


def _repeated(store: Store) -> Iterator[Claim]:
    """Return the claims on what more than one claim speaks of."""
    columns = columns_of(store)
    if columns is not None:
        symmetric = [relation.name for relation in ontology().relations.values() if relation.symmetric]
        _, rows = rows_of(columns, _SAID_AGAIN_SQL, {"symmetric": symmetric})
        return store.claims(ids=[claim for (claim,) in rows])
    iris, ids = IriScheme(store.base), set()
    for counted, of_one in ((_SAID_AGAIN[0], _OF_PAIR), (_SAID_AGAIN[1], _OF_PAIR), (_FIGURES_SAID_AGAIN, _OF_FIGURE)):
        solutions = store.query(counted)
        variables = [variable.value for variable in solutions.variables]
        for solution in list(solutions):
            claims = store.query(of_one, {name: solution[name] for name in variables})
            ids |= {iris.id_of(claim["claim"], "claim/") for claim in claims}
    return store.claims(ids=ids)
