"""From what a model says to proposals: every word that it quotes is found in the text, or it is refused.

Nothing is matched loosely. Typographic apostrophes and non-breaking spaces are one with plain ones,
because they have the same length and models do not keep them; anything else must be the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import InvalidRecord
from kg.extract.dates import dates
from kg.extract.figures import figures
from kg.extract.llm.prompt import FIGURES
from kg.extract.plain import plain
from kg.extract.proposal import End, Parsed, Proposal, Refusal
from kg.extract.reasons import Reason
from kg.model import Modality, Qualifiers

__all__ = ["grounded", "place"]

_BESIDE = 12
"""Characters beside printed words that tell how to read them: « un tiers » is a share before « de »."""
_SURE = 0.7
"""What a claim of a model is worth whose every word stands in the text."""


class _Unfounded(Exception):
    """Something that a model quoted does not stand where it should."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def place(words: str, text: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
    """Return where words stand in a text, or None; the first place counts."""
    wanted = plain(words).strip()
    at = plain(text).find(wanted, start, len(text) if end is None else end) if wanted else -1
    return None if at < 0 else (at, at + len(wanted))


def grounded(said: Mapping[str, Any], parsed: Parsed, method: str) -> Proposal | Refusal:
    """Return the proposal that a claim of a model makes, or why it cannot be made."""
    text = parsed.document.text
    quote = place(str(said["quote"]), text)
    if quote is None:
        return _refusal(said, (Reason.NO_QUOTE, "the quote is not in the text"), None, text, method)
    try:
        subject, subject_at = _end("subject", said, quote, parsed)
        object_, object_at = _end("object", said, quote, parsed)
        evidence = list(dict.fromkeys([quote, *(at for at in (subject_at, object_at) if at is not None)]))
        printed = dict(_printed(said, quote, text))
        return Proposal(
            subject=subject,
            relation=str(said["relation"]),
            object=object_,
            modality=Modality(said["modality"]),
            evidence=tuple(evidence),
            qualifiers=_qualifiers(said, printed, quote, parsed),
            printed={name: at for name, at in printed.items() if name in FIGURES},
            why=f"{method}: {said['relation']}",
            method=method,
            confidence=_SURE,
        )
    except (_Unfounded, InvalidRecord) as error:
        reason = error.reason if isinstance(error, _Unfounded) else Reason.UNREADABLE_TERM
        return _refusal(said, (reason, str(error)), quote, text, method)


def _refusal(
    said: Mapping[str, Any], why: tuple[Reason, str], quote: tuple[int, int] | None, text: str, method: str
) -> Refusal:
    start, stop = quote or (0, 0)
    quoted = text[start:stop] or str(said["quote"])
    return Refusal(*why, str(said["subject"]), str(said["relation"]), str(said["object"]), quoted, start, method)


def _end(
    role: str, said: Mapping[str, Any], quote: tuple[int, int], parsed: Parsed
) -> tuple[End, tuple[int, int] | None]:
    """One end of a claim, and the sentence that names it where the quote does not."""
    name, text = str(said[role]).strip(), parsed.document.text
    own = place(name, text, *quote)
    printed = _kind(name, parsed)
    if own is not None:
        return End(plain(text[own[0] : own[1]]), printed, *own), None
    words = str(said.get(f"{role}_words") or "")
    stands, named = place(words, text, *quote), place(name, text)
    if stands is None or named is None:
        raise _Unfounded(
            Reason.NO_PARTY_IN_QUOTE, f"the name of the {role} is neither in the quote nor tied to words of it"
        )
    sentence = next(
        ((s.start, s.end) for s in parsed.text.sentences if s.start <= named[0] < s.end), (named[0], named[1])
    )
    return End(plain(text[named[0] : named[1]]), printed, *stands, antecedent=named), sentence


def _kind(name: str, parsed: Parsed) -> str:
    """What the document's other readers take the name for; a company, where they do not know it."""
    folded = plain(name)
    mentions = (mention for sentence in parsed.text.sentences for mention in sentence.mentions)
    return next((m.kind for m in mentions if folded in {m.text, m.name} and not m.maybe), "Company")


def _printed(said: Mapping[str, Any], quote: tuple[int, int], text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for name in (*FIGURES, "duration", "start", "end", "as_of"):
        if not said.get(name):
            continue
        at = place(str(said[name]), text, *quote)
        if at is None:
            raise _Unfounded(Reason.UNREADABLE_TERM, f"the {name} is not in the quote")
        yield name, at


def _qualifiers(
    said: Mapping[str, Any], printed: Mapping[str, tuple[int, int]], quote: tuple[int, int], parsed: Parsed
) -> Qualifiers:
    """The terms, each parsed from the words that the model points at; never the model's own number."""
    told: dict[str, Any] = {}
    for name, (start, stop) in printed.items():
        words = plain(parsed.document.text[start : min(stop + _BESIDE, quote[1])])
        if name in {"start", "end", "as_of"}:
            told[name] = _date(name, parsed, start, stop)
            continue
        found = next(
            (f for f in figures(words, parsed.document.lang) if f.kind == name and f.start < stop - start), None
        )
        if found is None:
            raise _Unfounded(Reason.UNREADABLE_TERM, f"the {name} does not parse")
        told[name] = found.unit if name == "duration" else found.value
        if name != "duration":
            told.setdefault("as_printed", words[: stop - start].strip())
        if name == "amount":
            told["currency"] = found.unit
        if name == "percent":
            told["percent_of"] = "revenue" if said["relation"] in {"supplies", "revenue-share-from"} else "capital"
    return Qualifiers(**told)


def _date(name: str, parsed: Parsed, start: int, stop: int) -> str:
    # The word before tells « en 2024 » from a bare number.
    words = plain(parsed.document.text[max(0, start - _BESIDE) : stop])
    found = list(dates(words, parsed.document.lang, parsed.document.published))
    if not found:
        raise _Unfounded(Reason.UNREADABLE_TERM, f"the {name} does not parse")
    return found[-1].iso
