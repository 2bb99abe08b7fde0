"""Ask a model about each piece of a text, keep its answers, give its proposals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kg.errors import ModelFailed
from kg.extract.llm import prompt, verification
from kg.extract.llm.answer import answer_type, said
from kg.extract.llm.budget import Budget
from kg.extract.llm.cache import Cache
from kg.extract.llm.client import Answer, Endpoint, Question, UnusableAnswer, ask
from kg.extract.llm.doubts import questionable
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
    error is tried again `retries` times, with growing pauses. By `verify` it is asked a second time about the
    claims that rules doubt, about all, or not at all (`kg.extract.llm.verification`). What `budget` does not
    take is not asked.
    """

    model: str
    url: str | None = None
    cache: str | None = None
    timeout: float = 120.0
    retries: int = 4
    verify: Literal["doubted", "all", "none"] = "doubted"
    budget: Budget | None = field(default=None, compare=False)

    @property
    def method(self) -> str:
        """The method of its claims: the model and the prompts that it was asked with."""
        second = () if self.verify == "none" else (verification.instructions(), self.verify)
        return f"llm/{self.model}/{prompt.fingerprint(prompt.instructions(), *second)}"

    def propose(self, parsed: Parsed, before: Sequence[Proposal] = ()) -> Iterator[Proposal | Refusal | Usage]:
        """Yield what the model says of a document, each claim grounded or refused, and what asking cost.

        Raises `ModelFailed` in the end where a piece could not be read; what was read of the others is yielded before.
        """
        found: list[Proposal | Refusal] = []
        failed: list[ModelFailed] = []
        for start, message in _messages(parsed):
            answer = self._answer(_reading(message, parsed))
            yield answer.usage
            found += [grounded(one, parsed, self.method, start) for one in said(answer.items)]
            failed += [answer.failed] if answer.failed is not None else []
            if failed and not isinstance(failed[-1], UnusableAnswer):
                break
        yield from (one for one in found if isinstance(one, Refusal))
        proposals = list(doubted_directions(one for one in found if isinstance(one, Proposal)))
        if self.verify != "none":
            every = range(len(proposals))
            doubted = every if self.verify == "all" else questionable(proposals, before, parsed)
            yield from self._verified(proposals, doubted, parsed, failed)
        yield from proposals
        if failed:
            raise failed[0]

    def _verified(
        self, proposals: list[Proposal], doubted: Sequence[int], parsed: Parsed, failed: list[ModelFailed]
    ) -> Iterator[Usage]:
        """Ask again about the claims at the places `doubted`, and put there what the answers leave of them."""
        for batch in verification.batches(doubted):
            asked = [proposals[at] for at in batch]
            answer = self._answer(_checking(verification.message(asked, parsed)))
            yield answer.usage
            failed += [answer.failed] if answer.failed is not None else []
            for at, proposal in zip(batch, verification.judged(asked, answer.items, parsed), strict=True):
                proposals[at] = proposal

    def _answer(self, question: Question) -> Answer:
        cache = Cache(self.cache)
        path = cache.path(self.model, self.url or "", prompt.fingerprint(question.instructions), question.message)
        kept = cache.kept(path, question.name)
        if kept is not None:
            return Answer(kept)
        answer = self._asked(question)
        if answer.failed is None:
            cache.keep(path, {question.name: answer.items})
        return answer

    def _asked(self, question: Question) -> Answer:
        """Ask, within the budget."""
        endpoint = Endpoint(self.model, self.url, self.timeout, self.retries)
        try:
            if self.budget is None:
                return ask(endpoint, question)
            reserved = self.budget.reserve(question.instructions + question.message)
            spent = Usage()
            try:
                answer = ask(endpoint, question)
                spent = answer.usage
                return answer
            finally:
                self.budget.settle(reserved, spent)
        except ModelFailed as error:
            return Answer(failed=error)


def _reading(message: str, parsed: Parsed) -> Question:
    """The question what a piece of a text says."""
    return Question(prompt.instructions(), message, answer_type(), "quotes", lambda quoted: _faults(quoted, parsed))


def _checking(message: str) -> Question:
    """The question whether passages say what claims do."""
    return Question(verification.instructions(), message, verification.answer_type(), "answers", lambda _: [])


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
