"""The endpoint: one question, one answer, what it cost; whatever goes wrong is one clear line."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from kg.errors import MissingExtra, ModelFailed
from kg.extract.proposal import Usage
from kg.settings import setting

__all__ = ["KEYS", "Answer", "Endpoint", "Question", "UnusableAnswer", "ask"]

KEYS = ("KG_LLM_KEY", "OPENAI_API_KEY")
"""The environment variables that may hold the endpoint's key; it is never stored or shown."""

_CORRECTIONS = 2
"""How often an answer that has not the form is asked for again."""


class UnusableAnswer(ModelFailed):
    """The endpoint answered, and nothing could be made of it; other questions may fare better."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model at an OpenAI-compatible address (OpenAI's own where `url` is None), and how long it is waited for."""

    model: str
    url: str | None
    timeout: float
    retries: int

    @property
    def name(self) -> str:
        """The model and its address, as errors tell them: without what an address may hold of secrets."""
        told = urlsplit(self.url or "https://api.openai.com/v1")
        return f"the language model {self.model} at {told.netloc.rpartition('@')[2]}"


@dataclass(frozen=True, slots=True)
class Question:
    """Instructions, a message, and the form of the answer, which is a record with one list called `name`.

    `faults` tells what of an item of that list has to be said again; an empty list accepts it.
    """

    instructions: str
    message: str
    form: Any
    name: str
    faults: Callable[[dict[str, Any]], list[str]]


@dataclass(slots=True)
class Answer:
    """The items that a model gave, what they cost, and why there are none, where it failed."""

    items: list[dict[str, Any]] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    failed: ModelFailed | None = None


def ask(endpoint: Endpoint, question: Question) -> Answer:
    """Return a model's answer; items that have faults are asked for again, the others kept meanwhile.

    It has `failed` where the endpoint cannot be reached or refuses, or nothing can be made of what it says
    (`UnusableAnswer`). Raises `ModelFailed` where there is no key.
    """
    return _run(_asked(endpoint, question))


def _run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Do it in an event loop of its own: in another thread where this one has a loop at work, as a notebook's has."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, work).result()


async def _asked(endpoint: Endpoint, question: Question) -> Answer:
    try:
        from openai import AsyncOpenAI, OpenAIError
        from pydantic_ai import RunUsage, capture_run_messages
        from pydantic_ai.exceptions import AgentRunError
    except ImportError as error:
        raise MissingExtra("reading with a language model needs pydantic-ai: pip install 'kg[llm]'") from error

    key, answer, spent = _key(), Answer(), RunUsage()
    async with AsyncOpenAI(
        api_key=key, base_url=endpoint.url, timeout=endpoint.timeout, max_retries=endpoint.retries
    ) as client:
        with capture_run_messages() as messages:
            try:
                result = await _agent(endpoint, client, question).run(question.message, deps=answer, usage=spent)
                answer.items += getattr(result.output, question.name)
            except (AgentRunError, OpenAIError, TypeError, ValueError, AttributeError, LookupError) as error:
                # The last four: what the client makes of an answer that is no chat completion at all. Where only a
                # correction failed, what was right before it stays.
                answer.failed = None if answer.items else _failure(endpoint, error, key)
                answer.items = answer.items or _whole_items(messages, question.name)
    answer.usage = Usage(spent.requests, spent.input_tokens, spent.output_tokens)
    return answer


def _whole_items(messages: Sequence[Any], name: str) -> list[dict[str, Any]]:
    """Return the whole items of an answer that was cut off; the last one may lack its end, and goes."""
    from pydantic_core import from_json

    texts = (text for message in reversed(messages) if (text := getattr(message, "text", None)))
    text = next(texts, "").partition("{")
    try:
        told = from_json("".join(text[1:]), allow_partial=True)
    except ValueError:
        return []
    items = told.get(name) if isinstance(told, dict) else None
    return [item for item in items if isinstance(item, dict)][:-1] if isinstance(items, list) else []


def _agent(endpoint: Endpoint, client: Any, question: Question) -> Any:
    from pydantic_ai import Agent, ModelRetry, PromptedOutput, RunContext
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    agent: Any = Agent(
        OpenAIChatModel(endpoint.model, provider=OpenAIProvider(openai_client=client)),
        deps_type=Answer,
        # The instructions tell the form, once; a JSON schema would tell it again, at a third of the price.
        output_type=PromptedOutput(question.form, template=False),
        instructions=question.instructions,
        retries=_CORRECTIONS,
    )

    @agent.output_validator  # type: ignore[untyped-decorator]
    def verbatim(context: RunContext[Answer], output: Any) -> Any:
        """Send back what is not in the text, once; the gate refuses what remains."""
        items = getattr(output, question.name)
        faults = [fault for item in items for fault in question.faults(item)]
        if not faults or context.retry:
            return output
        context.deps.items += [item for item in items if not question.faults(item)]
        raise ModelRetry(
            f"Not in the text, character by character: {json.dumps(faults, ensure_ascii=False)}. Answer in the same "
            "form with these alone, copied to the letter; leave out what the text does not state. The rest is kept."
        )

    return agent


def _key() -> str:
    key = next(filter(None, map(setting, KEYS)), None)
    if key is None:
        raise ModelFailed(f"no key for the language model: set {KEYS[0]} (any word, where the endpoint wants none)")
    return key


def _advice(status: int) -> str:
    told = {401: "check the key", 403: "check the key", 404: "check the model's name and the address"}
    told |= {413: "the text is too long for it", 429: "it is asked too much; build again later"}
    return f": {told[status]}" if status in told else ""


def _failure(endpoint: Endpoint, error: Exception, key: str) -> ModelFailed:
    from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError

    if isinstance(error, ModelHTTPError):
        return ModelFailed(f"{endpoint.name} answers {error.status_code}{_advice(error.status_code)}")
    cause = error.__cause__ or error
    said = " ".join(str(cause).split()).replace(key, "***")[:200]
    if isinstance(error, ModelAPIError) and not isinstance(cause, ValueError):
        return ModelFailed(f"{endpoint.name} cannot be reached ({said})")
    return UnusableAnswer(f"{endpoint.name} gave no usable answer: {_what(error, cause)} ({said[:120]})")


def _what(error: Exception, cause: BaseException) -> str:
    """What kind of unusable answer it is."""
    from pydantic_ai.exceptions import ContentFilterError, ToolRetryError

    if isinstance(error, ContentFilterError):
        return "it refuses the text"
    if isinstance(cause, ToolRetryError):
        empty = "return text" in str(cause)
        return "it is empty" if empty else "it has not the form that was asked for"
    return "it is no chat completion, check the address"
