"""Proofs that the server itself drew a claim at random, and out of what part of the graph, for whom.

Only random draws measure, and each measures the part that it was made of. So nobody's word is taken for one: a card
that was drawn at random carries a proof, which comes back with the judgement. It is an authentication code over the
author, the claim and the part, under a key that ends with the process, as sessions do.
"""

import hashlib
import hmac
import json
import secrets

from kg.judgements import Stratum

__all__ = ["DrawProofs"]


class DrawProofs:
    """Makes and checks proofs.

    >>> proofs, part = DrawProofs(), Stratum(relation="supplies")
    >>> proof = proofs.of("ada", "claim-1", part)
    >>> proofs.holds(proof, "ada", "claim-1", part), proofs.holds(proof, "ada", "claim-1", Stratum())
    (True, False)
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, author: str, claim: str, stratum: Stratum) -> str:
        """Return the proof that a claim was drawn from a part of the graph for an author."""
        drawn = json.dumps([author, claim, stratum.company, stratum.relation]).encode()
        return hmac.new(self._key, drawn, hashlib.sha256).hexdigest()

    def holds(self, proof: str, author: str, claim: str, stratum: Stratum) -> bool:
        """Return whether a proof is that of this draw."""
        return hmac.compare_digest(proof.encode(), self.of(author, claim, stratum).encode())
