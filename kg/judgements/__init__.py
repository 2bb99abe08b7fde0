"""What people say of claims: right, wrong, unsure, corrected; and what that makes of a document's reading.

A judgement never overwrites what a machine said. It is kept beside the document's reading, and claims and candidates
follow from both: the same reading with the same judgements gives the same claims, whatever the order of events. So a
tie that a person rejected stays out when another reader, with other weights, finds it again, and one that a person
confirmed or corrected stays in when no reader does. What people say of who is whom is such a judgement too: claims are
between the entities that it makes of those that were read.
"""

from kg.judgements.closing import (
    ClosedDocument,
    Closing,
    ClosingState,
    closed_document,
    closing_in_force,
    closing_states,
    rejected,
)
from kg.judgements.drawing import DrawKey, DrawnItem, draw_key, item_of, ordered
from kg.judgements.effect import Judged, judged, unjudged
from kg.judgements.estimate import Share, shares
from kg.judgements.identities import NO_IDENTITIES, Identities, affected
from kg.judgements.identity import RESOLVER, IdentityJudgement, IdentityVerdict
from kg.judgements.judgement import Draw, Judgement, Part, Verdict, current_moment, in_force, moment, standing
from kg.judgements.matching import meant
from kg.judgements.opinions import Opinion, author_of, opinions
from kg.judgements.stratum import WHOLE, Stratum

__all__ = [
    "NO_IDENTITIES",
    "RESOLVER",
    "WHOLE",
    "ClosedDocument",
    "Closing",
    "ClosingState",
    "Draw",
    "DrawKey",
    "DrawnItem",
    "Identities",
    "IdentityJudgement",
    "IdentityVerdict",
    "Judged",
    "Judgement",
    "Opinion",
    "Part",
    "Share",
    "Stratum",
    "Verdict",
    "affected",
    "author_of",
    "closed_document",
    "closing_in_force",
    "closing_states",
    "current_moment",
    "draw_key",
    "in_force",
    "item_of",
    "judged",
    "meant",
    "moment",
    "opinions",
    "ordered",
    "rejected",
    "shares",
    "standing",
    "unjudged",
]
