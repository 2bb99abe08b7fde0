"""The options of a language model: which readers, which model, at what address and price, within which budget."""

import functools
import math
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import click

from kg.settings import setting

if TYPE_CHECKING:
    from kg.extract import Reader
    from kg.extract.llm import Budget
    from kg.pipeline import BuildReport

__all__ = ["HELP", "ModelOptions", "model_options"]

_LIMIT = 3600.0
"""Seconds that one document may take where a model reads and nothing else is asked for: one at home takes minutes."""

HELP = {
    "reader": "Who reads: the offline rules, a language model, or both. With --llm both, else the rules.",
    "llm": "The language model that reads; its key is in KG_LLM_KEY.",
    "llm_url": "Its OpenAI-compatible endpoint; OpenAI's own by default.",
    "llm_price": "What a million tokens cost, sent and received: prints the sum, and --max-cost goes by it.",
    "max_tokens": "Tokens that this build may spend, sent and received; what is left then the next build reads.",
    "max_cost": "The same in money, by --llm-price.",
    "verify": "Which claims the model is asked about again: those that rules doubt, all (surer, dearer), none.",
}
"""The help of each option."""


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What the user says of a language model; `model` is None where none reads."""

    reader: str = "rules"
    model: str | None = None
    url: str | None = None
    price: tuple[float, float] | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    verify: Literal["doubted", "all", "none"] = "doubted"

    @contextmanager
    def readers(self, store_path: str) -> Iterator["tuple[Reader, ...] | None"]:
        """Give the readers of a build, None for the usual ones.

        Answers are kept in KG_CACHE, or beside the store if it is a folder. The budget is for what the block does.
        """
        if self.model is None:
            yield None
            return
        from kg.extract import READERS
        from kg.extract.llm import LanguageModel
        from kg.store import is_endpoint

        cache = setting("KG_CACHE") or (None if is_endpoint(store_path) else f"{store_path.rstrip('/')}.llm")
        with self._budget() as budget:
            model = LanguageModel(self.model, self.url, cache, verify=self.verify, budget=budget)
            yield (*READERS, model) if self.reader == "both" else (model,)

    @contextmanager
    def _budget(self) -> Iterator["Budget | None"]:
        from kg.extract.llm import Budget

        if self.max_tokens is None and self.max_cost is None:
            yield None
            return
        with tempfile.NamedTemporaryFile(prefix="kg-budget-") as count:
            yield Budget(count.name, self.max_tokens, self.max_cost, self.price or (0.0, 0.0))

    def limit(self, asked: float | None) -> float | None:
        """Return the time that one document may take: what is asked for, else more where a model reads."""
        return asked if asked is not None or self.model is None else _LIMIT

    def cost(self, report: "BuildReport") -> float | None:
        """Return what a build has cost so far, where the price is known."""
        if self.price is None:
            return None
        return (report.tokens_in * self.price[0] + report.tokens_out * self.price[1]) / 1e6

    def spent(self, report: "BuildReport") -> str:
        """Return what a build asked of a model, in words."""
        cost = "" if (paid := self.cost(report)) is None else f", {paid:.4f} paid"
        tokens = f"{report.tokens_in} tokens sent, {report.tokens_out} received"
        return f"{report.requests} requests ({tokens}{cost}) in {report.seconds:.0f} s"


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a language model; it gets them as one, `model`."""

    @click.option("--reader", type=click.Choice(["rules", "llm", "both"]), help=HELP["reader"])
    @click.option("--llm", metavar="MODEL", help=HELP["llm"])
    @click.option("--llm-url", metavar="URL", help=HELP["llm_url"])
    @click.option("--llm-price", metavar="IN,OUT", callback=_price, help=HELP["llm_price"])
    @click.option("--max-tokens", type=click.IntRange(1), metavar="N", help=HELP["max_tokens"])
    @click.option("--max-cost", type=click.FloatRange(0, min_open=True), metavar="SUM", help=HELP["max_cost"])
    @click.option(
        "--verify",
        type=click.Choice(["doubted", "all", "none"]),
        default="doubted",
        show_default=True,
        help=HELP["verify"],
    )
    @functools.wraps(command)
    def with_model(
        *arguments: Any,
        reader: str | None,
        llm: str | None,
        llm_url: str | None,
        llm_price: tuple[float, float] | None,
        max_tokens: int | None,
        max_cost: float | None,
        verify: Literal["doubted", "all", "none"],
        **options: Any,
    ) -> Any:
        chosen = _reader(reader, llm)
        if max_cost is not None and llm_price is None:
            raise click.BadParameter("a sum of money goes by a price: give --llm-price too", param_hint="--max-cost")
        model = ModelOptions(chosen, llm, llm_url, llm_price, max_tokens, max_cost, verify)
        return command(*arguments, model=model, **options)

    return with_model


def _reader(asked: str | None, model: str | None) -> str:
    """Return who reads; a model that nobody named cannot, and one that is not to read needs no name."""
    if asked in {"llm", "both"} and model is None:
        raise click.BadParameter(f"{asked} needs a model: give --llm MODEL", param_hint="--reader")
    if asked == "rules" and model is not None:
        raise click.BadParameter("the rules ask no model: leave out --llm, or --reader", param_hint="--reader")
    return asked or ("rules" if model is None else "both")


def _price(_: click.Context, __: click.Parameter, text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        sent, received = (float(part) for part in text.split(","))
    except ValueError:
        sent = received = -1.0
    if not (0 <= sent < math.inf and 0 <= received < math.inf):
        raise click.BadParameter(f"{text!r} is no price: write IN,OUT, as in 0.15,0.60")
    return sent, received
