"""The forms of a digest: each is a function of what has been told, and the same whenever it is written."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from kg.watch.pages.page import DigestPage

__all__ = ["DigestPage", "page_bytes"]

_MODULES: Mapping[str, str] = {
    "atom": "atom",
    "html": "html",
    "jsonl": "json_lines",
    "markdown": "markdown",
}
"""The module of each form of `kg.watch.config.FORMATS`."""


def page_bytes(form: str, page: DigestPage) -> bytes:
    """Return a digest in one of its forms."""
    module = import_module(f"{__name__}.{_MODULES[form]}")
    return cast("Callable[[DigestPage], str]", module.render)(page).encode()
