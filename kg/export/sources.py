"""A document as others can find it again: all that is known of it but its text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import InvalidRecord
from kg.model import Claim, Document, Evidence, Tier
from kg.places import Place, PlaceKind, places_in
from kg.validation import check_date, check_text

__all__ = ["Source", "source_from", "source_record"]

_OPTIONAL = ("published", "title", "url", "tier")


@dataclass(frozen=True, slots=True)
class Source:
    """The identity of a document: `sha256` and `length` (characters) are of its text.

    The other fields are those of `kg.model.Document`; `places` are those of the quotes that are cited, no others.
    """

    id: str
    lang: str
    sha256: str
    length: int
    published: str | None = None
    title: str | None = None
    url: str | None = None
    tier: Tier | None = None
    places: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        """Check the name, the hash, the date."""
        is_hash = len(self.sha256) == 64 and set(self.sha256) <= set("0123456789abcdef")  # noqa: PLR2004 - of SHA-256
        if not self.id or not is_hash or self.length < 0:
            raise InvalidRecord(f"document '{self.id}' needs an id, the SHA-256 of its text and its length")
        check_date("published", self.published)
        check_text("a document", self.id, self.lang, self.title, self.url)

    @classmethod
    def of(cls, document: Document, claims: "tuple[Claim, ...]" = ()) -> "Source":
        """Return the identity of a document, with the places of what claims quote in it."""
        places = {
            place: None
            for claim in claims
            for evidence in claim.evidence
            if evidence.document == document.id
            for place in document.places_of(evidence)
        }
        return cls(
            document.id,
            document.lang,
            document.sha256,
            len(document.text),
            document.published,
            document.title,
            document.url,
            document.tier,
            tuple(sorted(places, key=lambda place: (place.start, place.end, place.kind, place.name))),
        )

    def places_of(self, evidence: Evidence) -> tuple[Place, ...]:
        """Return the places in the file where some evidence stands."""
        return places_in(self.places, evidence.start, evidence.end)


def source_record(source: Source) -> dict[str, Any]:
    """Return a document's identity as a record; what is not known is left out."""
    record: dict[str, Any] = {"id": source.id, "lang": source.lang, "sha256": source.sha256, "length": source.length}
    record |= {name: str(value) for name in _OPTIONAL if (value := getattr(source, name)) is not None}
    if source.places:
        record["places"] = [[one.start, one.end, one.kind.value, one.name, *(one.box or ())] for one in source.places]
    return record


def source_from(record: Mapping[str, Any]) -> Source:
    """Return the identity that a record is; raise `InvalidRecord`, naming what is wrong with it."""
    try:
        tier = Tier(record["tier"]) if "tier" in record else None
        places = tuple(
            Place(start, end, PlaceKind(kind), name, (box[0], box[1], box[2], box[3]) if box else None)
            for start, end, kind, name, *box in record.get("places", ())
        )
        return Source(**{**record, "tier": tier, "places": places})
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord(f"a document's identity is not whole: {error}") from error
