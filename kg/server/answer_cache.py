"""Answers that are asked for again: kept as long as the store stays as it is, the least recently asked leave first."""

import re
from collections import OrderedDict

from kg.server.tasks import LibraryQuery, SparqlQuery, Task
from kg.server.worker import Answer
from kg.store import IndexSnapshot

__all__ = ["AnswerCache"]

_LONGEST = 1 << 16
"""Characters of a query whose answer is kept."""
_CHANGING = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\b(?:\s|#[^\n\r]*[\n\r])*\(", re.IGNORECASE)
"""What is another at each call: https://www.w3.org/TR/sparql11-query/#SparqlOps."""


class AnswerCache:
    """Answers from one snapshot, of `size` bytes together at most; `hits` counts those that were given again.

    Example:
        >>> from kg.server.negotiation import ResponseFormats
        >>> query = SparqlQuery("ASK { ?s ?p ?o }", ResponseFormats("text/csv", None))
        >>> cache, snapshot = AnswerCache(1 << 20), object()
        >>> cache.put(snapshot, query, Answer(b"true", "text/csv"))
        >>> cache.get(snapshot, query).content, cache.get(object(), query)
        (b'true', None)

    """

    def __init__(self, size: int = 64 << 20) -> None:
        self.hits = 0
        self._room = self._free = size
        self._snapshot: IndexSnapshot | None = None
        self._answers: OrderedDict[Task, tuple[Answer, int]] = OrderedDict()

    def get(self, snapshot: IndexSnapshot | None, task: Task) -> Answer | None:
        """Return the answer that a task was given before from a snapshot, if it is kept."""
        # Other tasks are never kept, and may have no hash.
        if snapshot is not self._snapshot or not isinstance(task, SparqlQuery | LibraryQuery):
            return None
        if task not in self._answers:
            return None
        self._answers.move_to_end(task)
        self.hits += 1
        return self._answers[task][0]

    def put(self, snapshot: IndexSnapshot, task: Task, answer: Answer) -> None:
        """Keep an answer, where asking again must give the same; answers from another snapshot are dropped."""
        if snapshot is not self._snapshot:
            self._snapshot, self._free = snapshot, self._room
            self._answers.clear()
        taken = _size(task, answer)
        if taken is None or taken > self._room or task in self._answers:
            return
        self._answers[task] = answer, taken
        self._free -= taken
        while self._free < 0:
            _, (_, room) = self._answers.popitem(last=False)
            self._free += room


def _size(task: Task, answer: Answer) -> int | None:
    """Return the bytes that a task and its answer take; None where it is not kept."""
    if isinstance(task, SparqlQuery):
        asked = "".join((task.query, *task.scope.default, *task.scope.named))
        if _CHANGING.search(task.query):
            return None
    elif isinstance(task, LibraryQuery):
        asked = "".join((task.name, *task.arguments))
    else:
        return None
    if not isinstance(answer.content, bytes) or len(asked) > _LONGEST:
        return None
    # Characters may take four bytes each; the objects around them some hundreds.
    return 4 * len(asked) + len(answer.content) + 1000
