"""What people say of the claims of a store."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.dates import last_day
from kg.facts import NO_CUTOFF, AsOf
from kg.judgements import Opinion, opinions
from kg.model import Claim
from kg.query.holding import holding
from kg.query.recorded import identities_then
from kg.store import Store, reading_now, whole_of

__all__ = ["opinions_on"]

_JUDGED = "?judgement a kg:Judgement"


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
    # The graph of a part has no judgements; the claims that are left have theirs all the same.
    for document in holding(whole_of(store), sorted(by_document), _JUDGED):
        reading = reading_now(store, document, identities)
        words = [word for word in reading.judgements if until is None or dt.date.fromisoformat(word.at[:10]) <= until]
        found |= opinions(reading.document, by_document[document], words)
    return found
