"""The terms of a match: how much, what share, how long, since when, of what.

A figure belongs to the match whose trigger or names it stands nearest to, and only where the frame
takes figures of its kind. A figure that another noun owns (a debt, a turnover) is left alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from spacy.tokens import Token

from kg.extract.attachment import bears_on, describes_a_name, owners
from kg.extract.dates import DateSpan, dates
from kg.extract.figures import FigureSpan, figures
from kg.extract.lexicon import Lexicon
from kg.extract.match import Match
from kg.extract.ranges import settled
from kg.extract.relative_dates import weekdays
from kg.extract.sentence import Sentence
from kg.extract.syntax import objects
from kg.model import Qualifiers

__all__ = ["Found", "Told", "deal_terms", "found_in", "qualifiers", "requirement_holds"]

_GOODS_TOKENS = 10
_DEAL_REACH = 8
"""Tokens from « cet investissement » to the figure that it owns."""


@dataclass(frozen=True, slots=True)
class Found:
    """The figures and dates of a sentence; offsets are those of its parsed line."""

    figures: tuple[FigureSpan, ...]
    dates: tuple[DateSpan, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The terms of a claim, and where in the document each figure is printed."""

    said: Qualifiers
    printed: Mapping[str, tuple[int, int]]


def found_in(sentence: Sentence, lexicon: Lexicon, published: str | None) -> Found:
    """Read the figures and dates of a sentence."""
    text, shift = sentence.span.text, sentence.span.start_char
    named = (DateSpan(*match.span(), iso, "in") for match, iso in weekdays(text, lexicon.lang, published))
    moved_dates = tuple(
        replace(d, start=d.start + shift, end=d.end + shift) for d in (*dates(text, lexicon.lang, published), *named)
    )
    moved = tuple(replace(f, start=f.start + shift, end=f.end + shift) for f in figures(text, lexicon.lang))
    kept = tuple(f for f in moved if f.kind != "quantity" or not any(d.start <= f.start < d.end for d in moved_dates))
    return Found(settled(kept, sentence.span, lexicon), moved_dates)


def _distance(match: Match, figure: FigureSpan) -> int:
    """Characters from the trigger to the figure; what lies past another clause's verb counts more."""
    trigger, verb = match.trigger, match.verb
    spans = [(trigger.idx, trigger.idx + len(trigger))]
    if verb is not None:
        spans.append((verb.idx, verb.idx + len(verb)))
    return min(max(start - figure.end, figure.start - end, 0) for start, end in spans)


def _takes(match: Match, figure: FigureSpan) -> bool:
    terms = match.frame.terms
    if figure.kind == "duration":
        return "amount" in terms
    return figure.kind in terms


def _owned_elsewhere(figure: FigureSpan, match: Match, lexicon: Lexicon) -> bool:
    """Whether a turnover or a debt owns the amount (« un chiffre d'affaires de 2 milliards »)."""
    if figure.kind != "amount":
        return False
    span = match.trigger.doc.char_span(figure.start, figure.end, alignment_mode="expand")
    if span is None:
        return False
    return any(
        lexicon.says("figures.revenue", t.lemma_.lower()) and t != match.trigger and t.pos_ == "NOUN"
        for t in list(span.root.ancestors)[:3]
    )


def _mine(match: Match, rivals: Sequence[Match], found: Found, lexicon: Lexicon) -> list[FigureSpan]:
    """The figures of the sentence that are nearer to this match than to any other that takes them."""
    listed = _respectively(match, rivals, found, lexicon)
    if listed is not None:
        return [listed]
    holders = owners([figure for figure in found.figures if figure.kind == "percent"], match.sentence, lexicon)
    ends = {match.subject.mention.name, "" if match.object is None else match.object.mention.name}
    own = [figure for figure, holder in holders.items() if holder.name in ends and _takes(match, figure)]
    mine = []
    for figure in found.figures:
        if not _takes(match, figure) or _owned_elsewhere(figure, match, lexicon):
            continue
        if describes_a_name(match, figure.start, figure.end) or (figure.kind == "percent" and own):
            continue
        if figure in holders:
            continue
        nearest = min((_distance(rival, figure) for rival in rivals if _takes(rival, figure)), default=0)
        if _distance(match, figure) <= nearest:
            mine.append(figure)
    return sorted([*own, *mine], key=lambda figure: _distance(match, figure))


def _respectively(match: Match, rivals: Sequence[Match], found: Found, lexicon: Lexicon) -> FigureSpan | None:
    """The figure whose place in its list is that of the match's name in its own: "A and B, 5% and 3%, respectively"."""
    if match.object is None or not any(lexicon.says("figures.respectively", t.lower_) for t in match.sentence.span):
        return None
    own = [rival for rival in rivals if rival.trigger == match.trigger and rival.object is not None]
    for end in ("subject", "object"):
        places = sorted({getattr(rival, end).mention.start for rival in own})
        for kind in ("percent", "amount", "quantity"):
            figures = [f for f in found.figures if f.kind == kind]
            if len(places) == len(figures) > 1 and kind in match.frame.terms:
                return figures[places.index(getattr(match, end).mention.start)]
    return None


def requirement_holds(match: Match, found: Found, lexicon: Lexicon) -> bool:
    """Whether what the frame requires stands near the trigger: a percentage, an amount, a part of something."""
    wanted = match.frame.requires
    if wanted is None:
        return True
    if wanted == "whole":
        near = [*match.trigger.children, *match.trigger.ancestors]
        return any(lexicon.says("figures.whole", token.lower_) for token in near)
    if wanted == "part":
        return any(
            lexicon.says("figures.part", token.lemma_.lower(), token.lower_)
            for token in match.trigger.ancestors
            if token.sent == match.trigger.sent
        )
    kind, least = ("percent", _MAJORITY) if wanted == "majority" else (wanted, Decimal(0))
    return any(f.kind == kind and f.value > least and _distance(match, f) <= _NEAR for f in found.figures)


_MAJORITY = Decimal(50)
_NEAR = 40
"""Characters within which a required percentage must stand."""


def _dates(match: Match, found: Found) -> dict[str, str]:
    said: dict[str, str] = {}
    for date in sorted(found.dates, key=lambda d: abs(d.start - match.trigger.idx)):
        if not bears_on(date, match):
            continue
        if date.role == "since":
            said.setdefault("start", date.iso)
        elif date.role == "until":
            said.setdefault("end", date.iso)
        else:
            said.setdefault("start" if match.frame.event else "as_of", date.iso)
    if "start" in said and "end" in said and said["end"] < said["start"]:
        del said["end"]
    return said


def _goods(match: Match, sentence: Sentence) -> str | None:
    """What is delivered: the object of the verb that is no name (« fournit de la puissance de calcul »)."""
    if match.frame.relation != "supplies" or match.frame.pos != "verb":
        return None
    for token in objects(match.trigger):
        phrase = _phrase(token, sentence)
        if phrase is not None:
            return phrase
    return None


def _phrase(token: Token, sentence: Sentence) -> str | None:
    inside = sorted((t for t in token.subtree if t.dep_ not in {"acl:relcl", "relcl", "punct"}), key=lambda t: t.i)
    if token.pos_ != "NOUN" or any(t.i in sentence.by_token for t in inside) or len(inside) > _GOODS_TOKENS:
        return None
    while inside and (inside[0].pos_ in {"DET", "ADP"} or inside[0].dep_ in {"det", "case"}):
        inside = inside[1:]
    # « les puces de ses 32 centres »: what is delivered is the chips, not whose centres they are for.
    stop = next((at for at, t in enumerate(inside) if t.pos_ in {"DET", "NUM"} and t.i > token.i), len(inside))
    inside = inside[:stop]
    while inside and inside[-1].pos_ in {"ADP", "CCONJ", "PUNCT"}:
        inside = inside[:-1]
    if not inside or inside[-1].i - inside[0].i + 1 != len(inside):
        return None
    return str(token.doc[inside[0].i : inside[-1].i + 1].text)


def _percent_of(figure: FigureSpan, match: Match, lexicon: Lexicon) -> str | None:
    """What the percentage is of: what the frame says, or votes where the words right after it do.

    That of one class of the shares ("12% of the Class A shares") is of neither.
    """
    if match.frame.percent_of is not None:
        return match.frame.percent_of
    following = match.trigger.doc.char_span(figure.start, figure.end, alignment_mode="expand")
    near = () if following is None else match.trigger.doc[following.end : following.end + _OF_WHAT]
    if any(lexicon.says("figures.votes", token.lemma_.lower()) for token in near):
        return "votes"
    return None if any(_is_of_a_class(token) for token in near) else "capital"


def _is_of_a_class(token: Token) -> bool:
    """Whether a word leads the letter of a class of shares: "Class A", "Series B"."""
    lettered = token.i + 1 < len(token.doc) and token.nbor(1).is_alpha and len(token.nbor(1)) == 1
    return lettered and token.lower_ in {"class", "series", "classe", "catégorie"}


_OF_WHAT = 4
"""Tokens after a percentage that tell what it is of."""


def qualifiers(match: Match, rivals: Sequence[Match], found: Found, lexicon: Lexicon) -> Told:
    """Return the terms that the match's own sentence gives; `rivals` are all matches of the sentence."""
    said: dict[str, object] = {"exclusive": None, "goods": _goods(match, match.sentence), **_dates(match, found)}
    printed: dict[str, tuple[int, int]] = {}
    said.update(_figures(_mine(match, rivals, found, lexicon), match, lexicon, printed))
    return Told(Qualifiers(**said), printed)  # type: ignore[arg-type]


def _figures(
    mine: Iterable[FigureSpan], match: Match, lexicon: Lexicon, printed: dict[str, tuple[int, int]]
) -> dict[str, object]:
    said: dict[str, object] = {}
    text, shift = match.sentence.span.doc.text, match.sentence.offset
    for figure in mine:
        name = f"{figure.kind}_{figure.bound}" if figure.bound else figure.kind
        if name in said or (figure.kind == "quantity" and "amount" in said):
            continue
        if figure.kind == "duration":
            if _lasts(figure, match, lexicon):
                said["duration"] = figure.unit
            continue
        if figure.kind == "quantity" and not _counts_goods(figure, match):
            continue
        if figure.kind == "percent" and "percent" in said:
            # A share that is told exactly needs no bounds: those are another's.
            continue
        said[name] = figure.value
        printed[name] = (shift + figure.start, shift + figure.end)
        said.setdefault("as_printed", text[figure.start : figure.end].strip())
        if figure.kind == "amount":
            said["currency"] = figure.unit
        if figure.kind == "percent":
            said["percent_of"] = _percent_of(figure, match, lexicon)
    return said


def _lasts(figure: FigureSpan, match: Match, lexicon: Lexicon) -> bool:
    """Whether the time is how long the deal lasts (« sur cinq ans », "a five-year contract"), not how long ago."""
    text = match.trigger.doc.text
    before = text[: figure.start].split()
    lasting = bool(before) and lexicon.says("figures.lasting", before[-1].casefold())
    return lasting or "-" in text[figure.start : figure.end]


def _counts_goods(figure: FigureSpan, match: Match) -> bool:
    """Whether the number counts what the match delivers: the trigger itself, or the object of its verb."""
    doc = match.trigger.doc
    span = doc.char_span(figure.start, figure.end, alignment_mode="expand")
    if span is None or figure.value <= Decimal(1):
        return False
    trigger = match.trigger
    # What has a number of its own takes none of what stands beside it.
    own = any(child.like_num for child in trigger.children if child.i < trigger.i)
    things = () if own else objects(match.verb if match.verb is not None else trigger)
    goods = {trigger, *(thing for thing in things if not _is_joined(trigger, thing))}
    return any(token.head in goods or token in goods for token in span)


def _is_joined(token: Token, thing: Token) -> bool:
    """Whether the token stands below the thing as another one: the chips of "32 centres and 500 chips"."""
    chain = [token, *token.ancestors]
    return thing in chain and any(link.dep_ == "conj" for link in chain[: chain.index(thing)])


def deal_terms(sentence: Sentence, found: Found, lexicon: Lexicon, *, next_to_it: bool) -> Told | None:
    """Return the terms that a sentence adds to the deal before it, or None where it speaks of no deal.

    `next_to_it` tells that the deal stands in the sentence right before: there « la transaction » is it.

    « Ce contrat de 2 milliards d'euros sur trois ans …», "The deal is worth $2 bn."
    """
    for token in sentence.span:
        if not lexicon.says("reference.deal", token.lemma_.lower()) or token.pos_ != "NOUN":
            continue
        determiners = [child.lower_ for child in token.children if child.dep_ == "det"]
        vague = lexicon.says("reference.vague", token.lemma_.lower()) and not (next_to_it and not sentence.mentions)
        if not lexicon.says("reference.demonstrative" if vague else "reference.definite", *determiners):
            continue
        near = [f for f in found.figures if 0 <= _tokens_between(token, f) <= _DEAL_REACH]
        amounts = [f for f in near if f.kind == "amount"]
        if not amounts:
            continue
        lasts = [f.unit for f in near if f.kind == "duration"]
        first = amounts[0]
        said = Qualifiers(
            amount=first.value,
            currency=first.unit,
            duration=lasts[0] if lasts else None,
            as_printed=sentence.span.doc.text[first.start : first.end].strip(),
        )
        return Told(said, {"amount": (sentence.offset + first.start, sentence.offset + first.end)})
    return None


def _tokens_between(token: Token, figure: FigureSpan) -> int:
    span = token.doc.char_span(figure.start, figure.end, alignment_mode="expand")
    return -1 if span is None else int(span.start - token.i)
