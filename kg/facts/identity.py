"""What a fact is called, so that it can be cited: an id of what is said, whoever says it.

The id is a hash of the relation, the ends, how firmly it is said at best (announced for what is planned) and the terms
that count in agreement. So it stays when

* another source says the same, in a figure that is no finer, or one of the sources is withdrawn;
* a document is read again, by another reader, or the claims come in another order;
* an entity is called otherwise, or a date passes: a fact that is over is called as it was.

It changes when what is said does: a source gives a finer figure or date than all others, a plan is carried out, people
say that an end is another company. The id of a claim (`kg.model.Claim`) stays as long as its sentence does.
"""

import hashlib
import json

from kg.dates import canonical_duration
from kg.facts.fact import Fact
from kg.facts.periods import relationship_key
from kg.model import Figure, Modality

__all__ = ["fact_id"]

_UNCOUNTED = frozenset({"as_printed", "goods"})
_BY_FIRMNESS = tuple(Modality)


def fact_id(fact: Fact) -> str:
    """Return the id of a fact, of 32 hexadecimal digits: see the module for how stable it is."""
    said = min((claim.modality for claim in fact.claims), key=_BY_FIRMNESS.index)
    modality = Modality.ANNOUNCED if said is Modality.PLANNED else said
    terms = {name: str(value) for name, value in fact.qualifiers.terms().items() if name not in _UNCOUNTED}
    if fact.qualifiers.duration is not None:
        terms["duration"] = canonical_duration(fact.qualifiers.duration)
    if isinstance(fact.object, Figure):
        terms["figure"] = str(fact.object.value)
    whole = json.dumps([*map(str, relationship_key(fact.claims[0])), modality.value, sorted(terms.items())])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]
