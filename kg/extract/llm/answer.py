"""What a model answers, in whatever state: each claim is taken by itself, so that a bad one costs no good one."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.model import Modality
from kg.ontology import ontology
from kg.reasons import Reason

__all__ = ["BadClaim", "Said", "answer_type", "said"]

_OTHER_WORDS = {
    "terminated": Modality.ENDED, "completed": Modality.ASSERTED, "rumoured": Modality.HEDGED,
    "rumored": Modality.HEDGED, "reported": Modality.HEDGED, "negotiated": Modality.PLANNED,
}  # fmt: skip
"""What models call a modality that has another name here."""
_WORDS = (
    "amount", "amount_min", "amount_max", "percent", "percent_min", "percent_max", "percent_of", "quantity", "goods",
    "duration", "start", "end", "as_of",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One claim as a model says it; nothing of it is believed yet. `modality` is None where it has no known one."""

    quote: str
    support: tuple[str, ...]
    subject: str
    relation: str
    object: str
    modality: Modality | None
    kinds: tuple[str | None, str | None] = (None, None)
    words: tuple[str, str] = ("", "")
    """The words in the quote that stand for the two ends."""
    terms: Mapping[str, str] | None = None
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class BadClaim:
    """A claim that has not the form of one: why, and what was said."""

    reason: Reason
    detail: str
    quote: str = ""
    subject: str = ""
    relation: str = ""
    object: str = ""


@functools.cache
def answer_type() -> Any:
    """Return the form of a whole answer; the claims inside it are taken one by one, by `said`."""
    from pydantic import BaseModel, create_model, model_validator

    def from_list(value: Any) -> Any:
        return {"quotes": value} if isinstance(value, list) else value

    return create_model(
        "Answer",
        __base__=BaseModel,
        __validators__={"from_list": model_validator(mode="before")(from_list)},  # type: ignore[dict-item]
        quotes=(list[dict[str, Any]], ...),
    )


def said(quotes: list[dict[str, Any]]) -> Iterator[Said | BadClaim]:
    """Yield the claims of an answer, each under its quote, and those that have not the form of a claim."""
    for quoted in quotes:
        quote, claims = _text(quoted, "quote"), quoted.get("claims")
        for claim in claims if isinstance(claims, list) else [None]:
            yield _said(quote, _support(quoted, claim), claim)


def _said(quote: str, support: tuple[str, ...], claim: Any) -> Said | BadClaim:
    if not isinstance(claim, dict):
        return BadClaim(Reason.NOT_A_RELATION, "no claim, but something else", quote)
    subject, object_ = _text(claim, "subject"), _text(claim, "object")
    relation = "-".join(_text(claim, "relation").casefold().replace("_", " ").split())
    known = ontology().relations.get(relation)
    faults = (
        (not quote, Reason.NO_QUOTE, "no quote"),
        (not subject or not object_, Reason.NO_PARTY_IN_QUOTE, "an end has no name"),
        (known is None or known.is_figure, Reason.NOT_A_RELATION, f"no relation {relation[:40]!r}"),
    )
    for holds, reason, detail in faults:
        if holds:
            return BadClaim(reason, detail, quote, subject, relation, object_)
    return Said(
        quote,
        support,
        subject,
        relation,
        object_,
        _modality(_text(claim, "modality").casefold()),
        (_kind(_text(claim, "subject_kind")), _kind(_text(claim, "object_kind"))),
        (_text(claim, "subject_words"), _text(claim, "object_words")),
        {name: words for name in _WORDS if (words := _text(claim, name))},
        claim.get("exclusive") is True,
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _support(*told: Any) -> tuple[str, ...]:
    listed = (one.get("support") for one in told if isinstance(one, dict))
    flat = (part for one in listed for part in (one if isinstance(one, list) else [one]))
    return tuple(dict.fromkeys(part.strip() for part in flat if isinstance(part, str) and part.strip()))


def _kind(word: str) -> str | None:
    """A class of the ontology, or the place that has none; None where the model names neither."""
    known = {name.casefold(): name for name in (*ontology().classes, "Place")}
    return known.get(word.replace(" ", "").casefold())


def _modality(word: str) -> Modality | None:
    return _OTHER_WORDS.get(word) or next((modality for modality in Modality if modality.value == word), None)
