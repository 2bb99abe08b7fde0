"""Where the claims of a graph are from: for each source what was admitted, is to review, and was judged right."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from kg.judgements import Judgement, standing
from kg.judgements.estimate import measured, share_of
from kg.model import Document, Outcome
from kg.ontology import ontology
from kg.query.judged import judged_documents
from kg.reasons import Reason
from kg.store import Store, whole_of
from kg.store.text_entries import source_of
from kg.tables.table import Kind, Table, Value

__all__ = ["source_summary_table"]

_DOCUMENTS = """
SELECT ?id ?url ?tier ?published (COUNT(?claim) AS ?claims) {
  GRAPH ?document {
    ?document schema:identifier ?id .
    OPTIONAL { ?document schema:url ?url }
    OPTIONAL { ?document kg:tier ?tier }
    OPTIONAL { ?document schema:datePublished ?published }
    OPTIONAL { ?claim kg:modality ?modality }
  }
} GROUP BY ?id ?url ?tier ?published
"""
_COLUMNS = (
    *("source", "tier", "documents", "admitted", "to_review", "rejected"),
    *("judged", "right", "share", "low", "high", "last"),
)
_PART, _FIRST = re.compile(r"/\d{6}$"), "/000001"
"""How the documents of a list's parts end (`kg.importers.claims`), and its first: the list is the source."""


@dataclass(slots=True)
class _Source:
    counts: Counter[str] = field(default_factory=Counter)
    judgements: list[Judgement] = field(default_factory=list)
    last: str | None = None

    def row(self, name: str, tier: str) -> tuple[Value, ...]:
        share = share_of(measured(standing(self.judgements)))
        told: tuple[Value, ...] = (None, None, None)
        if share.judged:
            told = tuple(round(Decimal(value), 2) for value in (share.right / share.judged, *share.interval))
        counts = (self.counts[name] for name in ("documents", "admitted", "to_review", "rejected"))
        return name, tier or None, *counts, share.judged, share.right, *told, self.last


def source_summary_table(store: Store) -> Table:
    """Return the sources of a store, those with most claims first: a row for each site, list or text without address.

    `tier` is what kind of source its documents are. `to_review` claims wait for a person, `rejected` ones were refused
    by one. Of the claims that were drawn at random from the whole graph and `judged`, `right` are right: that `share`,
    which lies between `low` and `high` in 95 of 100 cases. `last` is the day of the newest document.
    """
    sources: defaultdict[tuple[str, str], _Source] = defaultdict(_Source)
    of_document = _documents(store, sources)
    for claim in whole_of(store).candidates():
        source = of_document.get(claim.document)
        if source is None:
            continue
        if claim.outcome is Outcome.TO_REVIEW:
            source.counts["to_review"] += 1
        elif Reason.REJECTED in claim.reasons:
            source.counts["rejected"] += 1
    now = store.identities.judgement
    for id_ in judged_documents(whole_of(store)):
        if id_ in of_document:
            of_document[id_].judgements.extend(map(now, store.reading(id_).judgements))
    rows = [source.row(name, tier) for (name, tier), source in sources.items()]
    rows.sort(key=lambda row: (-int(row[_COLUMNS.index("admitted")] or 0), str(row[0]), str(row[1])))
    return Table(_COLUMNS, rows, base=store.base, kinds={"last": Kind.DATE})


def _documents(store: Store, sources: defaultdict[tuple[str, str], _Source]) -> dict[str, _Source]:
    """Count documents and their claims; return the source of each document by its id."""
    tiers = {term.iri: str(name) for name, term in ontology().tiers.items()}
    of_document: dict[str, _Source] = {}
    # The graph of a part lacks the documents whose claims are all left out, and with them what was judged wrong there.
    whole = whole_of(store)
    left = None if whole is store else Counter(claim.document for claim in store.claims())
    rows = list(whole.query(_DOCUMENTS))
    # A list has a first part; files that are called by six digits, as of a month, are documents of their own.
    lists = {id_.removesuffix(_FIRST) for row in rows if (id_ := row["id"].value).endswith(_FIRST)}
    for row in rows:
        id_, url, tier, published, claims = (row[name] for name in ("id", "url", "tier", "published", "claims"))
        if not store.holds(id_.value):
            continue
        stem = _PART.sub("", id_.value)
        name = stem if stem in lists else id_.value
        document = Document(name, "", "en", url=None if url is None else url.value)
        source = sources[source_of(document), "" if tier is None else tiers.get(tier.value, "")]
        source.counts.update(documents=1, admitted=int(claims.value) if left is None else left[id_.value])
        if published is not None:
            source.last = max(source.last or "", published.value)
        of_document[id_.value] = source
    return of_document
