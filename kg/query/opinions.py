"""What people say of the claims of a store."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.dates import last_day
from kg.facts import NO_CUTOFF, AsOf
from kg.judgements import Opinion, opinions
from kg.model import Claim
from kg.query.recorded import identities_then
from kg.store import Store, reading_now, whole_of
from kg.store.iris import IriScheme

__all__ = ["opinions_on"]

_JUDGED = """
SELECT ?document {{
  VALUES ?document {{ {} }}
  FILTER EXISTS {{ GRAPH ?document {{ ?judgement a kg:Judgement }} }}
}}
"""
"""Which of some documents hold a judgement: one look-up for each, however many judgements there are."""
_TOGETHER = 500


def opinions_on(store: Store, claims: Iterable[Claim], as_of: AsOf = NO_CUTOFF) -> Mapping[str, tuple[Opinion, ...]]:
    """Return what people say of claims by the claim's id, oldest first; claims without any are left out.

    Of `as_of` the recorded clock counts: what was said later is left out. Only documents that hold a judgement are
    read: most hold none.
    """
    by_document: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_document[claim.document].append(claim)
    until = None if as_of.recorded is None else last_day(as_of.recorded)
    found: dict[str, tuple[Opinion, ...]] = {}
    identities = identities_then(store, as_of)
    for document in _judged(store, sorted(by_document)):
        reading = reading_now(store, document, identities)
        words = [word for word in reading.judgements if until is None or dt.date.fromisoformat(word.at[:10]) <= until]
        found |= opinions(reading.document, by_document[document], words)
    return found


def _judged(store: Store, documents: Sequence[str]) -> Iterator[str]:
    """Yield those of some documents that hold a judgement."""
    # The graph of a part has no judgements; the claims that are left have theirs all the same.
    iris, whole = IriScheme(store.base), whole_of(store)
    for start in range(0, len(documents), _TOGETHER):
        nodes = {iris.document(id_): id_ for id_ in documents[start : start + _TOGETHER]}
        for row in whole.query(_JUDGED.format(" ".join(map(str, nodes)))):
            yield nodes[row["document"]]
