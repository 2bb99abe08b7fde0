"""Ask a model about each piece of a text, keep its answers, give its proposals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg.errors import ModelFailed
from kg.extract.llm import prompt
from kg.extract.llm.answer import answer_type, said
from kg.extract.llm.cache import Cache
from kg.extract.llm.client import Answer, Endpoint, Question, UnusableAnswer, ask
from kg.extract.llm.folded_text import folded_text
from kg.extract.llm.grounding import doubted_directions, grounded
from kg.extract.llm.pieces import head, windows
from kg.extract.proposal import Parsed, Proposal, Refusal, Usage

__all__ = ["LanguageModel"]


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Reads with a model named `model` at `url`, an OpenAI-compatible endpoint (OpenAI's own where None).

    Answers are kept in the folder `cache`, one file a piece of text and model, so that a rebuild asks
    nothing again and a build that was cut goes on. `timeout` is in seconds a request; a refusal for load or a server's
    error is tried again `retries` times, with growing pauses.
    """

    model: str
    url: str | None = None
    cache: str | None = None
    timeout: float = 120.0
    retries: int = 4

    @property
    def method(self) -> str:
        """The method of its claims: the model and the prompt that it was asked with."""
        return f"llm/{self.model}/{prompt.fingerprint()}"

    def propose(self, parsed: Parsed, before: Sequence[Proposal] = ()) -> Iterator[Proposal | Refusal | Usage]:
        """Yield what the model says of a document, each claim grounded or refused, and what asking cost.

        Raises `ModelFailed` in the end where a piece could not be read; what was read of the others is yielded before.
        """
        del before
        found: list[Proposal | Refusal] = []
        failed: ModelFailed | None = None
        for start, message in _messages(parsed):
            try:
                answer = self._answer(message, parsed)
            except ModelFailed as error:
                failed = error
                if isinstance(error, UnusableAnswer):
                    continue
                break
            yield answer.usage
            found += [grounded(one, parsed, self.method, start) for one in said(answer.items)]
        yield from (one for one in found if isinstance(one, Refusal))
        yield from doubted_directions(one for one in found if isinstance(one, Proposal))
        if failed is not None:
            raise failed

    def _answer(self, message: str, parsed: Parsed) -> Answer:
        cache = Cache(self.cache)
        path = cache.path(self.model, self.url or "", prompt.fingerprint(), message)
        kept = cache.kept(path, "quotes")
        if kept is not None:
            return Answer(kept)
        question = Question(
            prompt.instructions(), message, answer_type(), "quotes", lambda quoted: _faults(quoted, parsed)
        )
        answer = ask(Endpoint(self.model, self.url, self.timeout, self.retries), question)
        cache.keep(path, {"quotes": answer.items})
        return answer


def _messages(parsed: Parsed) -> Iterator[tuple[int, str]]:
    """Yield the message for each piece of a text, with the place of the piece."""
    document = parsed.document
    filer = "" if parsed.text.filer is None else parsed.text.filer.name
    for start, piece in windows(document.text):
        yield start, prompt.message(piece, document, head(document.text) if start else "", filer if start else "")


def _faults(quoted: dict[str, Any], parsed: Parsed) -> list[str]:
    """Return the quotes and names of an answer that are not in the text."""
    text = folded_text(parsed.document.text)
    claims = quoted.get("claims")
    names = [
        claim.get(end)
        for claim in (claims if isinstance(claims, list) else ())
        if isinstance(claim, dict)
        for end in ("subject", "object")
    ]
    words = [word for word in (quoted.get("quote"), *names) if isinstance(word, str) and word.strip()]
    return [word for word in dict.fromkeys(words) if text.find(word) is None]
