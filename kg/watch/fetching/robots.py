"""What the owners of a host allow: its robots.txt (RFC 9309), as Protego reads it.

Where there is none, all is allowed; where it cannot be had, nothing is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.errors import DocumentError, MissingExtra

if TYPE_CHECKING:
    from protego import Protego

__all__ = ["AGENT", "LARGEST", "Robots"]

AGENT = "kg"
"""The name by which robots.txt calls us."""
LARGEST = 500 * 1024
"""Bytes of a robots.txt that are read, as RFC 9309, section 2.5, asks for at least."""
_CLIENT_ERRORS = range(400, 500)
_FOUND = range(200, 300)


@dataclass(slots=True)
class Robots:
    """The rules of the hosts that were asked in this round; `fetch` gives the status and the text of an address."""

    fetch: Callable[[str], tuple[int, str]]
    _rules: "dict[str, Protego | None]" = field(default_factory=dict)

    def check(self, url: str) -> None:
        """Raise `DocumentError` where the owners of a host do not let us fetch an address."""
        parts = urlsplit(url)
        if not self._of(url).can_fetch(url, AGENT):
            path = parts.path or "/"
            raise DocumentError(f"{parts.netloc} does not let programs fetch {path} (robots.txt): it is left alone")

    def delay(self, url: str) -> float:
        """Return how many seconds the owners ask to wait between two requests."""
        return self._of(url).crawl_delay(AGENT) or 0.0

    def _of(self, url: str) -> "Protego":
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = None
            self._rules[origin] = self._fetched(origin)
        rules = self._rules[origin]
        if rules is None:
            raise DocumentError(f"{parts.netloc} does not tell what it allows (robots.txt): try again later")
        return rules

    def _fetched(self, origin: str) -> "Protego | None":
        try:
            from protego import Protego
        except ImportError as error:
            raise MissingExtra("fetching addresses needs protego: pip install 'kg[remote]'") from error
        status, text = self.fetch(f"{origin}/robots.txt")
        if status in _FOUND:
            # A mark of the order of bytes is no part of the first line.
            return Protego.parse(text.removeprefix("\ufeff"))
        return Protego.parse("") if status in _CLIENT_ERRORS else None
