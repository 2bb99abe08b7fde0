"""Of what part of a graph claims were drawn: a random draw of a part tells of that part, and of no more."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import InvalidRecord
from kg.model import Claim

__all__ = ["WHOLE", "Stratum"]


@dataclass(frozen=True, slots=True)
class Stratum:
    """Claims of a company (by its id), of a relation, of both; of the whole graph where neither is named.

    >>> Stratum(company="company/nvidia").name, Stratum().name
    ('company company/nvidia', '')
    """

    company: str = ""
    relation: str = ""

    @property
    def name(self) -> str:
        """How a table calls it; "" for the whole."""
        return ", ".join(f"{what} {value}" for what, value in self.record.items())

    @property
    def record(self) -> Mapping[str, str]:
        """What it names."""
        named = {"company": self.company, "relation": self.relation}
        return {what: value for what, value in named.items() if value}

    @staticmethod
    def of(record: Mapping[str, str]) -> "Stratum":
        """Return the stratum that a record names; raise `InvalidRecord` for what is none."""
        if not isinstance(record, Mapping) or set(record) - {"company", "relation"}:
            raise InvalidRecord(f"a stratum names a company, a relation or both, not {record!r}")
        if not all(isinstance(value, str) for value in record.values()):
            raise InvalidRecord(f"a stratum names a company and a relation by their ids, not {record!r}")
        return Stratum(**record)

    def takes(self, claim: Claim) -> bool:
        """Whether a claim belongs to it."""
        of_company = not self.company or any(entity.id == self.company for entity in claim.entities)
        return of_company and self.relation in {"", claim.relation}

    def tells_of(self, other: "Stratum") -> bool:
        """Whether a random draw from this one is, as far as it falls there, a random draw from another one as well."""
        return self.company in {"", other.company} and self.relation in {"", other.relation}


WHOLE = Stratum()
"""The whole graph."""
