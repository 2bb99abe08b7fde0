"""A question in words over HTTP: the task that answers it as JSON, in a worker as every question."""

import json
from dataclasses import dataclass

from kg.errors import NotUnderstood
from kg.server.response_buffer import LimitedBuffer
from kg.store import Store

__all__ = ["AskInWords"]


@dataclass(frozen=True, slots=True)
class AskInWords:
    """A question in words, in a language or in the one in which it is understood."""

    question: str
    lang: str | None = None

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the answer, each kind of saying in a list of its own, or what was not understood and the nearest."""
        from kg.asking import ask

        try:
            told = ask(store, self.question, lang=self.lang).to_json()
        except NotUnderstood as error:
            told = {
                "question": self.question,
                "understood": None,
                "error": " ".join(str(error).split()),
                "reason": error.reason,
                "words": list(error.words),
                "nearest": list(error.nearest),
            }
        buffer.write(json.dumps(told, ensure_ascii=False).encode())
        return "application/json"
