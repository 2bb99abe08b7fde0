"""Ask a model, keep its answers, give its proposals."""

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import MissingExtra, ModelFailed
from kg.extract.llm import prompt
from kg.extract.llm.grounding import grounded, place
from kg.extract.proposal import Parsed, Proposal, Refusal, Usage
from kg.model import Document
from kg.settings import setting

__all__ = ["KEYS", "LanguageModel", "windows"]

KEYS = ("KG_LLM_KEY", "OPENAI_API_KEY")
"""The environment variables that may hold the endpoint's key; it is never stored or shown."""

_WINDOW, _OVERLAP = 8000, 800
"""Characters of a text that are sent at once (some 2,000 tokens), and sent again with the next piece."""
_BORDER = re.compile(r"\n|(?<=[.!?»”])\s")
_CORRECTIONS = 2


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Reads with a model named `model` at `url`, an OpenAI-compatible endpoint (OpenAI's own where None).

    Answers are kept in the folder `cache`, one file a document and model, so that a rebuild asks
    nothing again. `timeout` is in seconds a request; a refusal for load or a server's error is tried
    again `retries` times, with growing pauses.
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

        Raises `ModelFailed` where the endpoint cannot be reached, refuses, or gives no usable answer.
        """
        del before
        path = self._path(parsed.document)
        answer = _kept(path)
        if answer is None:
            answer = _run(self._asked(parsed.document))
            _keep(path, answer)
            yield Usage(**answer["usage"])
        for said in answer["claims"]:
            yield grounded(said, parsed, self.method)

    def _path(self, document: Document) -> Path | None:
        if self.cache is None:
            return None
        told = "\0".join((self.model, self.url or "", prompt.fingerprint(), document.sha256))
        return Path(self.cache) / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.json"

    async def _asked(self, document: Document) -> dict[str, Any]:
        claims: list[dict[str, Any]] = []
        cost = Usage()
        async with _client(self) as client:
            agent = _agent(self.model, client)
            for piece in windows(document.text):
                said, spent = await _answer(agent, piece, self)
                claims += [one for one in said if one not in claims]
                cost += spent
        told = {"requests": cost.requests, "input_tokens": cost.input_tokens, "output_tokens": cost.output_tokens}
        return {"claims": claims, "usage": told}


def windows(text: str) -> Iterator[str]:
    """Cut a text into pieces that overlap, at the ends of lines and sentences."""
    start = 0
    while start < len(text):
        end = min(start + _WINDOW, len(text))
        if end < len(text):
            borders = [match.end() for match in _BORDER.finditer(text, start + _WINDOW // 2, end)]
            end = borders[-1] if borders else end
        yield text[start:end]
        if end == len(text):
            return
        again = [match.end() for match in _BORDER.finditer(text, max(start + 1, end - _OVERLAP), end)]
        start = again[0] if again and again[0] < end else end


def _key() -> str:
    key = next(filter(None, map(setting, KEYS)), None)
    if key is None:
        raise ModelFailed(f"no key for the language model: set {KEYS[0]} (any word, where the endpoint wants none)")
    return key


def _run(work: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """Do it in an event loop of its own: in another thread where this one has a loop at work, as a notebook's has."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, work).result()


def _client(reader: LanguageModel) -> Any:
    try:
        from openai import AsyncOpenAI
    except ImportError as error:
        raise MissingExtra("reading with a language model needs pydantic-ai: pip install 'kg[llm]'") from error
    return AsyncOpenAI(api_key=_key(), base_url=reader.url, timeout=reader.timeout, max_retries=reader.retries)


def _agent(name: str, client: Any) -> Any:
    from pydantic_ai import Agent, ModelRetry, PromptedOutput, RunContext
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    model = OpenAIChatModel(name, provider=OpenAIProvider(openai_client=client))
    agent: Any = Agent(
        model,
        deps_type=str,
        output_type=PromptedOutput(prompt.answer_type()),
        instructions=prompt.instructions(),
        retries=_CORRECTIONS,
    )

    @agent.output_validator  # type: ignore[untyped-decorator]
    def verbatim(context: RunContext[str], answer: Any) -> Any:
        """Send back quotes that are not in the text, while there are turns left; the gate refuses what remains."""
        loose = [claim.quote for claim in answer.claims if place(claim.quote, context.deps) is None]
        if loose and context.retry < _CORRECTIONS:
            raise ModelRetry(f"These quotes are not in the text, character by character: {json.dumps(loose)}")
        return answer

    return agent


async def _answer(agent: Any, piece: str, reader: LanguageModel) -> tuple[list[dict[str, Any]], Usage]:
    from openai import OpenAIError
    from pydantic_ai.exceptions import AgentRunError, ModelHTTPError

    try:
        result = await agent.run(prompt.message(piece), deps=piece)
    except ModelHTTPError as error:
        raise ModelFailed(
            f"{_where(reader)} answers {error.status_code}: check the model's name and the key"
        ) from error
    except (AgentRunError, OpenAIError) as error:
        cause = error.__cause__ or error
        said = " ".join(str(cause).split())[:200]
        raise ModelFailed(f"{_where(reader)} gave no usable answer ({type(cause).__name__}: {said})") from error
    spent = result.usage
    claims = [claim.model_dump(mode="json", exclude_none=True) for claim in result.output.claims]
    return claims, Usage(spent.requests, spent.input_tokens, spent.output_tokens)


def _where(reader: LanguageModel) -> str:
    return f"the language model {reader.model} at {reader.url or 'api.openai.com'}"


def _kept(path: Path | None) -> dict[str, Any] | None:
    """The answer that is kept, or None: what is damaged is asked again."""
    if path is None or not path.is_file():
        return None
    try:
        told = json.loads(path.read_text("utf-8"))
        usable = isinstance(told["claims"], list) and all(_is_said(one) for one in told["claims"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if usable else None


def _is_said(one: object) -> bool:
    return isinstance(one, dict) and {"subject", "relation", "object", "modality", "quote"} <= one.keys()


def _keep(path: Path | None, answer: Mapping[str, Any]) -> None:
    """Keep an answer, whole or not at all; a folder that takes nothing costs only the next build's requests."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(answer, ensure_ascii=False, indent=1), "utf-8")
        part.replace(path)
    except OSError:
        return
