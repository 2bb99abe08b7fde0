"""What Jupyter shows as HTML and a terminal as text."""

from dataclasses import dataclass

__all__ = ["DossierText", "InlineViewer"]


@dataclass(frozen=True, slots=True)
class _Display:
    text: str
    html: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


class DossierText(_Display):
    """A dossier in words."""


class InlineViewer(_Display):
    """The viewer's page, shown inline."""
