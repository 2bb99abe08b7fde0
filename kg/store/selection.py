"""Which claims a graph is narrowed to before it is shown to others."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.errors import QueryError, did_you_mean
from kg.model import Claim, Modality, Outcome, Tier
from kg.ontology import ontology
from kg.reasons import Reason
from kg.wording.selections import selection_words

__all__ = ["EVERYTHING", "Selection", "is_accepted", "is_lead"]

_OWN = ("person/", "note/")
_ROWS = "edges/"
"""How the methods of claims begin that are rows of a list, taken to the letter (`kg.importers.edges`)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is left of a graph: by default all.

    Args:
        accepted_only: only what a person confirmed or made, and the rows of registers (see `is_accepted`).
        tiers: only documents of these tiers; one of which nobody has said its tier is left out.
        leads: with what is no more than a lead (see `is_lead`). A narrowed graph has none unless they are asked for.

    """

    accepted_only: bool = False
    tiers: frozenset[Tier] = frozenset()
    leads: bool = False

    def __post_init__(self) -> None:
        """Refuse what would ask for nothing."""
        if self.leads and not self.narrows:
            raise QueryError("leads are left out of narrowed graphs alone: ask for them with accepted-only or tiers")

    @classmethod
    def of(cls, *, accepted_only: bool = False, tiers: Iterable[str] = (), leads: bool = False) -> "Selection":
        """Return a selection by the names of tiers; raise `QueryError` for a tier that there is not.

        >>> Selection.of(tiers=["register", "filing"]).narrows
        True
        """
        names = [str(name).strip() for name in tiers]
        for name in names:
            if name not in set(Tier):
                hint = did_you_mean(name, list(Tier)) or f" There are: {', '.join(Tier)}."
                raise QueryError(f"there is no tier '{name}'.{hint}")
        return cls(accepted_only, frozenset(map(Tier, names)), leads)

    @property
    def narrows(self) -> bool:
        """Whether anything may be left out."""
        return self.accepted_only or bool(self.tiers)

    def takes(self, claim: Claim, tier: Tier | None) -> bool:
        """Whether a claim of a document of some tier is left."""
        if self.tiers and tier not in self.tiers:
            return False
        if self.narrows and (claim.outcome is Outcome.REFUSED or (is_lead(claim) and not self.leads)):
            return False
        return not self.accepted_only or is_accepted(claim, tier)

    def notes(self, lang: str = "en") -> tuple[str, ...]:
        """Return what is to be told beside an answer: nothing where it is of all."""
        return (self.words(lang),) if self.narrows else ()

    def words(self, lang: str = "en") -> str:
        """Return what is left, as a phrase."""
        return selection_words(lang, accepted_only=self.accepted_only, tiers=self.tiers, leads=self.leads)


EVERYTHING = Selection()
"""No selection: all that a graph holds."""


def is_accepted(claim: Claim, tier: Tier | None) -> bool:
    """Whether a person answers for a claim: he confirmed, corrected or made it, or took in a register that has it.

    A row of a register (a tier with kg:countsAsAccepted in the ontology) was read by no machine that could misread it.
    What a reader finds in the prose of such a source is not accepted for that.
    """
    if claim.outcome is not Outcome.ADMITTED:
        return False
    is_register = tier in ontology().accepted_tiers and claim.method.startswith(_ROWS)
    return Reason.CONFIRMED in claim.reasons or claim.method.startswith(_OWN) or is_register


def is_lead(claim: Claim) -> bool:
    """Whether a claim is something to look into, and no more: reported by hearsay, or to review."""
    return claim.modality is Modality.HEDGED or claim.outcome is Outcome.TO_REVIEW
