"""Company names: what counts of a name, and how likely two names are one company's.

A name is prepared once and compared often. The comparison knows names alone: what else is known of two companies
(identifiers, sector, neighbours) is for who resolves to weigh.

>>> score("Société Générale S.A.", "SOCIETE GENERALE").probability > AUTO_MERGE
True
>>> score(normalise("Bank of the West"), normalise("Bank of the East")).probability < REVIEW
True
"""

from kg.resolve.names.form import NameForm, normalise
from kg.resolve.names.reasons import NameReason, ReasonCode
from kg.resolve.names.scoring import AUTO_MERGE, REVIEW, NameScore, score

__all__ = ["AUTO_MERGE", "REVIEW", "NameForm", "NameReason", "NameScore", "ReasonCode", "normalise", "score"]
