"""What reviewers send, parsed: JSON objects whose every field is checked, and the parameters of a queue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from kg.errors import InvalidRecord, QueryError
from kg.judgements import WHOLE, Draw, Part, Stratum, Verdict
from kg.query import outcomes_of
from kg.server.draw_proofs import DrawProofs
from kg.server.protocol import HttpError
from kg.server.review_changes import AddClaim, CloseDocument, JudgeClaim
from kg.store.json_codec import strict_json

__all__ = ["MAX_REQUEST", "CardRequest", "adding", "card_request", "closing", "judging", "parsed", "text_of"]

MAX_REQUEST = 1 << 20
"""Bytes that a judgement or a claim may have as JSON."""
_MOST_CARDS = 50
_MOST_SEEN = 10_000
_MOST_SEEDS = 1000
"""Each seed costs a sorting of all claims; nobody needs more of them."""
_MOST_OFFSET = 100_000
_CHANGES = ("subject", "relation", "object", "modality")
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class CardRequest:
    """Which cards are asked for: see `kg.query.review_index.Selection`; `company` is as a person writes it."""

    how: Draw = Draw.ALL
    outcome: str = "all"
    seed: int = 0
    company: str | None = None
    relation: str | None = None
    limit: int = 1
    offset: int = 0


def card_request(parameters: Mapping[str, str]) -> CardRequest:
    """Return what the parameters of an address ask for; an empty one is one left out."""
    given = {name: value for name, value in parameters.items() if value}
    outcome = given.get("outcome", "all")
    try:
        outcomes_of(outcome)
    except QueryError as error:
        raise HttpError(400, str(error)) from error
    return CardRequest(
        _word(Draw, given.get("draw", Draw.ALL), "draw"),
        outcome,
        _number(given.get("seed", "0"), "seed", below=_MOST_SEEDS),
        given.get("company"),
        given.get("relation"),
        min(max(_number(given.get("limit", "1"), "limit"), 1), _MOST_CARDS),
        _number(given.get("offset", "0"), "offset", below=_MOST_OFFSET),
    )


def parsed(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object that a body is; raise `HttpError` where it is none."""
    try:
        record = strict_json(body)
        # Halves of a pair are in no text, and no answer can tell of them.
        json.dumps(record, ensure_ascii=False).encode()
    except InvalidRecord as error:
        raise HttpError(400, ascii(str(error))[1:-1]) from error
    except UnicodeEncodeError as error:
        raise HttpError(400, "the request holds half of a surrogate pair") from error
    if not isinstance(record, dict):
        raise HttpError(400, "the request's body must be a JSON object")
    return record


def judging(record: Mapping[str, Any], document: str, author: str, lang: str, proofs: DrawProofs) -> JudgeClaim:
    """Return the judgement that an object asks for, by the author whose token sends it."""
    _only(record, {"claim", "text_sha256", "verdict", "part", "correction", "drawn", "draw", "seen"})
    part = record.get("part")
    verdict = _word(Verdict, text_of(record, "verdict"), "verdict")
    correction = _correction(record.get("correction"))
    if verdict is not Verdict.WRONG and (part is not None or correction):
        raise HttpError(400, f"a claim that is {verdict} has no wrong part, and no correction")
    return JudgeClaim(
        document,
        text_of(record, "claim"),
        text_of(record, "text_sha256"),
        verdict,
        author,
        _ids(record, "seen"),
        None if part is None else _word(Part, part, "part"),
        correction,
        *_drawn(record, author, proofs),
        lang,
    )


def _drawn(record: Mapping[str, Any], author: str, proofs: DrawProofs) -> tuple[Draw, Stratum]:
    """How a claim came up; a random draw, and of what part of the graph, is what the server's own card proves."""
    drawn = _word(Draw, record.get("drawn", Draw.CHANCE), "drawn")
    if drawn is not Draw.RANDOM:
        return drawn, WHOLE
    draw = record.get("draw")
    if not isinstance(draw, dict) or draw.keys() != {"stratum", "proof"} or not isinstance(draw["proof"], str):
        raise HttpError(400, "a random draw needs its card's 'draw': send it back as it came")
    try:
        stratum = Stratum.of(draw["stratum"])
    except InvalidRecord as error:
        raise HttpError(400, f"'draw' is not as its card has it: {error}") from error
    if not proofs.holds(draw["proof"], author, text_of(record, "claim"), stratum):
        raise HttpError(409, "this claim was not drawn so, or before the server was started anew: load the page again")
    return drawn, stratum


def adding(record: Mapping[str, Any], author: str, lang: str) -> AddClaim:
    """Return the claim that an object asks to add, by the author whose token sends it."""
    known = {"document", "text_sha256", "subject", "relation", "object", "start", "end", "modality", "terms"}
    _only(record, known)
    start, end = (record.get(name) for name in ("start", "end"))
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise HttpError(400, "'start' and 'end' must be the quote's place in the text, in characters")
    modality = text_of(record, "modality") if "modality" in record else "asserted"
    terms = {name: value for name, value in _terms(record.get("terms")).items() if value}
    return AddClaim(
        document=text_of(record, "document"),
        text=text_of(record, "text_sha256"),
        subject=text_of(record, "subject"),
        relation=text_of(record, "relation"),
        object=text_of(record, "object"),
        start=start,
        end=end,
        author=author,
        modality=modality,
        terms=terms,
        lang=lang,
    )


def closing(record: Mapping[str, Any], document: str, author: str, lang: str) -> CloseDocument:
    """Return the closing of a document that an object asks for, by the author whose token sends it."""
    _only(record, {"text_sha256", "claims"})
    return CloseDocument(document, text_of(record, "text_sha256"), _ids(record, "claims"), author, lang)


def _ids(record: Mapping[str, Any], name: str) -> frozenset[str]:
    """Return a field that lists the ids of what was shown."""
    ids = record.get(name, [])
    if not isinstance(ids, list) or len(ids) > _MOST_SEEN or not all(isinstance(one, str) for one in ids):
        raise HttpError(400, f"'{name}' must be the list of the ids of what was shown")
    return frozenset(ids)


def text_of(record: Mapping[str, Any], name: str) -> str:
    """Return a field that must be a text."""
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise HttpError(400, f"'{name}' is missing, or is no text")
    return value


def _only(record: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(record.keys() - known)
    if unknown:
        raise HttpError(
            400, f"the request has the unknown {', '.join(unknown)[:100]}; it takes {', '.join(sorted(known))}"
        )


def _correction(value: Any) -> dict[str, str | None]:
    """The changes that a correction makes, terms and all, as `kg.pipeline.own_claims.corrected` takes them."""
    if value is None:
        return {}
    if not isinstance(value, dict) or value.keys() - {*_CHANGES, "terms"}:
        raise HttpError(400, f"'correction' must be an object with some of {', '.join(_CHANGES)}, terms")
    ends = {name: text_of(value, name) for name in _CHANGES if value.get(name) is not None}
    terms = _terms(value.get("terms"))
    if terms.keys() & set(_CHANGES):
        raise HttpError(400, f"{', '.join(_CHANGES)} are no terms")
    return {**ends, **terms}


def _terms(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise HttpError(400, "'terms' must be an object of texts by the names of terms, as percent: \"6\"")
    return dict(value)


def _word(kind: type[_E], value: Any, name: str) -> _E:
    try:
        return kind(value)
    except ValueError as error:
        raise HttpError(400, f"'{name}' must be one of {', '.join(kind)}") from error


def _number(text: str, name: str, below: int | None = None) -> int:
    try:
        number = int(text)
    except ValueError as error:
        raise HttpError(400, f"'{name}' must be a whole number") from error
    if below is not None and not 0 <= number < below:
        raise HttpError(400, f"'{name}' must be a whole number from 0 to {below - 1}")
    return number
