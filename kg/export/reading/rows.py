"""Documents and figures out of the properties that a file has of them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.errors import InvalidRecord
from kg.model import Document, Figure, Tier

__all__ = ["document_of", "figure_of"]


def document_of(id_: str, properties: Mapping[str, Any]) -> Document:
    """Return what is known of a document but its text; raise `InvalidRecord` where it does not hold."""
    tier = properties.get("tier")
    if tier is not None and tier not in set(Tier):
        raise InvalidRecord(f"the document {id_!r} has the tier {tier!r}; there are {', '.join(Tier)}")
    return Document(
        id_,
        "",
        properties.get("lang") or "",
        properties.get("published"),
        title=properties.get("title"),
        url=properties.get("url"),
        tier=None if tier is None else Tier(tier),
    )


def figure_of(id_: str, properties: Mapping[str, Any]) -> Figure:
    """Return the figure that a node is; raise `InvalidRecord` where it is not whole."""
    try:
        digits = properties.get("value_text") or repr(float(properties["value"]))
        return Figure(Decimal(digits), properties["unit"])
    except (KeyError, TypeError, InvalidOperation) as error:
        raise InvalidRecord(f"the figure {id_!r} has no value, or no unit") from error
