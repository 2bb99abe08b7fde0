"""Where in their files the quotes of claims stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.model import Claim, Evidence
from kg.places import Place
from kg.query.holding import holding
from kg.store import Store, whole_of

__all__ = ["places_on"]

_PLACED = "?evidence oa:hasSelector ?selector . ?selector kg:order ?any"


def places_on(store: Store, claims: Iterable[Claim]) -> Mapping[Evidence, tuple[Place, ...]]:
    """Return where the evidence of claims stands in the files it was read from; evidence without a place is left out.

    Only documents that have places are read: plain texts and pages of the web have none. Evidence of an earlier text of
    a document is left out too: what is known is where the text of now stands.
    """
    by_document: defaultdict[str, list[Evidence]] = defaultdict(list)
    for claim in claims:
        for evidence in claim.evidence:
            by_document[evidence.document].append(evidence)
    found: dict[Evidence, tuple[Place, ...]] = {}
    whole = whole_of(store)
    for id_ in holding(whole, sorted(by_document), _PLACED):
        document = whole.document(id_)
        here = [one for one in by_document[id_] if document.text[one.start : one.end] == one.quote]
        found |= {one: places for one in here if (places := document.places_of(one))}
    return found
