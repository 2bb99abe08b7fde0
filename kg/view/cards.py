"""Cards to judge as plain values, and as HTML that needs nothing to run: see `kg.query.review.Card`."""

import html
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from kg.model import Claim, Entity
from kg.query.review import Card, phrase
from kg.view.presentation import clipped, language
from kg.view.snippets import printable_part
from kg.wording.dossiers import DOSSIER_WORDING
from kg.wording.printable import printable
from kg.wording.review import wording

__all__ = ["card_data", "cards_html"]

_REACH = 1500
"""Characters that are shown before and behind the sentence, at most."""
_MOST = 50
"""Cards that stand in a saved notebook, at most."""
_LONGEST = 300
_FOLLOWING = frozenset({"as_printed", "currency"})
"""Terms that follow from the figure: nobody puts them right by hand."""


def card_data(card: Card, lang: str) -> dict[str, Any]:
    """Return a card as plain values: where it is from, its paragraph in pieces, its claims with their fields."""
    document = card.document
    return {
        "title": clipped(document.title or document.id, _LONGEST),
        "document": clipped(document.id, _LONGEST),
        "date": document.published or "",
        "lang": language(document.lang),
        "pieces": [{"text": text, "in": is_inside, "kind": kind} for text, is_inside, kind in _pieces(card)],
        "claims": [_claim(claim, lang) for claim in card.claims],
    }


def _claim(claim: Claim, lang: str) -> dict[str, Any]:
    return {
        "id": claim.id,
        "phrase": printable(phrase(claim, lang)),
        "confidence": claim.confidence,
        "outcome": DOSSIER_WORDING[lang].outcomes[claim.outcome],
        "reasons": list(claim.reasons),
        "fields": _fields(claim),
    }


def _fields(claim: Claim) -> Mapping[str, str] | None:
    """What of a claim can be put right, as text; None where nothing can: its object is a figure."""
    if not isinstance(claim.object, Entity):
        return None
    terms = {name: value for name, value in claim.qualifiers.terms().items() if name not in _FOLLOWING}
    return {
        "subject": claim.subject.name,
        "relation": claim.relation,
        "object": claim.object.name,
        "modality": claim.modality.value,
        "terms": "\n".join(f"{name}={value}" for name, value in terms.items()),
    }


def _pieces(card: Card) -> Iterator[tuple[str, bool, str]]:
    """Yield the paragraph in pieces: the text, whether the sentence has it, and "name" or "figure" where it is one."""
    text = card.paragraph
    inside, kinds = [False] * len(text), [""] * len(text)
    for start, end, what in card.marks:
        if what == "quote":
            inside[start:end] = [True] * (end - start)
        else:
            kinds[start:end] = [what] * (end - start)
    quoted = [at for at, is_quoted in enumerate(inside) if is_quoted] or [0]
    first, last = max(0, quoted[0] - _REACH), min(len(text), quoted[-1] + 1 + _REACH)
    if first:
        yield "…", False, ""
    for (is_inside, kind), places in groupby(range(first, last), lambda at: (inside[at], kinds[at])):
        piece = list(places)
        yield printable_part(text[piece[0] : piece[-1] + 1]), is_inside, kind
    if last < len(text):
        yield "…", False, ""


def cards_html(cards: Iterable[Card], lang: str) -> str:
    """Return the first cards as a list, for whoever reads a notebook without its kernel: nothing in it acts."""
    words, left = wording(lang), iter(cards)
    listed = [_card_html(card_data(card, lang), words) for card in islice(left, _MOST)]
    note = words["none"] if not listed else words["without_kernel"]
    more = words["more"].format(len(listed)) if next(left, None) else ""
    rows = "".join(f"<li>{row}</li>" for row in listed)
    return f'<section lang="{lang}"><p>{html.escape(f"{note} {more}".strip())}</p><ol>{rows}</ol></section>'


def _card_html(card: Mapping[str, Any], words: Mapping[str, str]) -> str:
    source = " · ".join(filter(None, (card["title"], card["date"])))
    parts = "".join(
        f"<mark>{''.join(map(_piece_html, pieces))}</mark>" if is_inside else "".join(map(_piece_html, pieces))
        for is_inside, pieces in groupby(card["pieces"], lambda piece: piece["in"])
    )
    claims = "".join(f"<li>{_claim_html(claim, words)}</li>" for claim in card["claims"])
    quoted = f'<blockquote lang="{html.escape(card["lang"])}" dir="auto">{parts}</blockquote>'
    return f"<p><strong>{html.escape(source)}</strong></p>{quoted}<ul>{claims}</ul>"


def _piece_html(piece: Mapping[str, Any]) -> str:
    tag = {"name": "strong", "figure": "em"}.get(piece["kind"])
    text = html.escape(piece["text"])
    return f"<{tag}>{text}</{tag}>" if tag else text


def _claim_html(claim: Mapping[str, Any], words: Mapping[str, str]) -> str:
    told = f"{words['confidence']} {round(100 * claim['confidence'])} %"
    return html.escape(" · ".join((claim["phrase"], told, claim["outcome"], *claim["reasons"])))
