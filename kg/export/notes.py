"""What an export tells of what its format cannot hold: counted, and named one by one while they are few."""

from collections import Counter
from collections.abc import Iterator

__all__ = ["Notes"]

_NAMED = 20


class Notes:
    r"""The notes of an export, as they are told in the end.

    >>> notes = Notes("GraphML")
    >>> notes.left_out("figures have no second entity")
    >>> notes.changed("the name of entity 'company/x'")
    >>> for note in notes:
    ...     print(note)
    1 claim left out: figures have no second entity
    GraphML cannot hold the control characters in the name of entity 'company/x': written as \uXXXX

    """

    def __init__(self, form: str) -> None:
        self._form = form
        self._left_out: Counter[str] = Counter()
        self._changed: list[str] = []
        self._more = 0

    def left_out(self, reason: str) -> None:
        """Count a claim that is left out."""
        self._left_out[reason] += 1

    def changed(self, text: str) -> None:
        """Name a text that is written with escapes."""
        if len(self._changed) < _NAMED:
            self._changed.append(text)
        else:
            self._more += 1

    def __iter__(self) -> Iterator[str]:
        for reason, count in self._left_out.items():
            yield f"{count} claim{'s' * (count != 1)} left out: {reason}"
        for text in self._changed:
            yield f"{self._form} cannot hold the control characters in {text}: written as \\uXXXX"
        if self._more:
            yield f"{self._form} cannot hold the control characters in {self._more} more texts: written as \\uXXXX"
