"""What a proposal's confidence is worked out from, as numbers: its signs weighed, and what the paragraph model saw."""

import math
from collections.abc import Iterator

from kg.extract.confidence import log_odds
from kg.extract.paragraph.network import RELATIONS
from kg.extract.paragraph.seen import Seen
from kg.extract.proposal import End, Parsed, Proposal
from kg.ontology import ontology

__all__ = ["measures"]

_SCORES = (-6.0, 8.0)
_ODDS = 6.0
_UNLIKELY = 1e-3


def measures(proposal: Proposal, parsed: Parsed, signs: set[str], business: float) -> dict[str, float]:
    """Return the measures of a proposal by name.

    `signs` are its signs (`kg.extract.signs`), `business` is the probability that the text is about business
    (`kg.extract.doubts.topic`).
    """
    method = proposal.method.partition("/")[0]
    odds = max(-_ODDS, min(_ODDS, log_odds(signs)))
    told = {method: 1.0, f"{method}:{proposal.relation}": 1.0, f"lang={parsed.document.lang}": 1.0}
    told[f"{method}:odds"] = odds
    told[f"{method}:business"] = math.log(max(business, _UNLIKELY))
    if proposal.object is not None and proposal.relation in RELATIONS:
        told |= dict(_seen(proposal, proposal.object, parsed.seen, method))
    if f"{method}:score" in told:
        # The surer a reader is by its own signs, the less a low score of the paragraph takes from it.
        told[f"{method}:both"] = max(odds, 0.0) * min(told[f"{method}:score"], 0.0) / 2
    return told


def _seen(proposal: Proposal, object_: End, seen: Seen, method: str) -> Iterator[tuple[str, float]]:
    subject, relation = proposal.subject.name, proposal.relation
    there, back = seen.scores.get((subject, object_.name)), seen.scores.get((object_.name, subject))
    if there is None or back is None:
        yield f"{method}:apart", 1.0
        return
    at = RELATIONS.index(relation)
    symmetric = ontology().relation(relation).symmetric
    score = max(float(there[at]), float(back[at])) if symmetric else float(there[at])
    rivals = [float(row[kind]) for row in (there, back) for kind in range(len(RELATIONS)) if kind != at]
    rivals += [] if symmetric else [float(back[at])]
    yield f"{method}:score", _within(score)
    yield f"{method}:rival", _within(max(rivals))
    sides = ontology().relation(relation)
    for role, end, kinds in (("subject", proposal.subject, sides.domain), ("object", object_, sides.range)):
        able = sum(p for kind, p in seen.kinds.get(end.name, {}).items() if kind in kinds)
        yield f"{role}:able", math.log(max(able, _UNLIKELY))
    yield f"{method}:quotes", float(len(proposal.evidence) - 1)
    tie = seen.ties.get((subject, relation, object_.name))
    if tie is None and symmetric:
        tie = seen.ties.get((object_.name, relation, subject))
    if tie is not None:
        yield f"{method}:share", tie.where[0][1] if tie.where else 0.0
        yield f"{method}:modality", math.log(max(tie.sure, _UNLIKELY))


def _within(score: float) -> float:
    return max(_SCORES[0], min(_SCORES[1], score))
