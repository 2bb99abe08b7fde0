"""How modalities look, and texts and addresses of sources as a page may show them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from kg.model import Modality
from kg.wording.printable import printable

__all__ = ["LONGEST_NAME", "STYLES", "address", "clipped", "language", "without_empty"]

STYLES: Mapping[Modality, str] = {
    Modality.ASSERTED: "fact",
    Modality.ANNOUNCED: "ahead",
    Modality.PLANNED: "ahead",
    Modality.CONDITIONAL: "ahead",
    Modality.HEDGED: "reported",
    Modality.DENIED: "over",
    Modality.PAST: "over",
    Modality.ENDED: "over",
}
"""How a line of each modality is drawn: solid, dashed, dotted, or grey. Only a fact is solid."""

LONGEST_NAME = 300
"""Characters of a name or of terms, where there is room."""
_LONGEST_ON_CANVAS = 48
_EMPTY: tuple[Any, ...] = ("", None, [], {"en": "", "fr": ""})


def clipped(text: str, longest: int = _LONGEST_ON_CANVAS) -> str:
    """Return a text of at most so many characters, made safe to show on one line."""
    shown = printable(text)
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def language(lang: str) -> str:
    """Return a language's tag where it is one, else ""."""
    return lang if lang.replace("-", "").isalnum() and lang.isascii() else ""


def address(url: str | None) -> str:
    """Return an address that a link may lead to, else "": http and https with a host, nothing that acts."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    is_safe = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    return url if url and is_safe and printable(url) == url else ""


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what says nothing: a large graph is mostly that. The viewer fills it in."""
    return {name: value for name, value in values.items() if value not in _EMPTY}
