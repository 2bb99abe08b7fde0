"""From what was noticed on a pair of names to the reasons that a person reads."""

from collections.abc import Iterable, Iterator

from kg.resolve.names.alignment import Alignment, PairKind, align
from kg.resolve.names.features import is_acronym
from kg.resolve.names.form import NameForm
from kg.resolve.names.reasons import NameReason, ReasonCode
from kg.resolve.names.tables import vocabulary

__all__ = ["reasons_of"]

_CODES = {
    PairKind.SPACES: ReasonCode.OTHER_SPACES,
    PairKind.SPELLING: ReasonCode.OTHER_SPELLING,
    PairKind.TYPING: ReasonCode.TYPING_ERROR,
    PairKind.SHORTENED: ReasonCode.SHORTENED,
}


def reasons_of(first: NameForm, second: NameForm) -> tuple[NameReason, ...]:
    """Return what speaks for and against two names being one company's, the weightiest first.

    >>> from kg.resolve.names.form import normalise
    >>> [str(reason) for reason in reasons_of(normalise("Acme Trading SA"), normalise("Trading Acme GmbH"))]
    ['same words in another order', 'legal forms differ: SA / GMBH']

    """
    if not first.joined or not second.joined:
        return (NameReason(ReasonCode.NO_WORDS),)
    return tuple(_reasons(first, second, align(first, second)))


def _reasons(first: NameForm, second: NameForm, alignment: Alignment) -> Iterator[NameReason]:
    if first.name == second.name:
        yield NameReason(ReasonCode.IDENTICAL)
    elif is_acronym(first, second):
        yield NameReason(ReasonCode.ACRONYM, " ".join(first.words), " ".join(second.words))
    else:
        yield from _words(first, alignment)
    if first.numbers != second.numbers:
        yield NameReason(_missing(first.numbers, second.numbers, "number"), *_listed(first.numbers, second.numbers))
    if alignment.places[0] or alignment.places[1]:
        yield NameReason(_missing(*alignment.places, "place"), *_places(first, second, alignment))
    if first.legal and second.legal and not set(first.legal) & set(second.legal):
        yield NameReason(ReasonCode.LEGAL_FORMS_DIFFER, *(text.upper() for text in _listed(first.legal, second.legal)))
    if max(first.distinctiveness, second.distinctiveness) < 1:
        yield NameReason(ReasonCode.COMMON_WORDS)


def _words(first: NameForm, alignment: Alignment) -> Iterator[NameReason]:
    alone = [[word.text for word in words] for words in (alignment.first, alignment.second)]
    for pair in alignment.pairs:
        yield NameReason(_CODES[pair.kind], pair.first, pair.second)
    if alone[0] or alone[1]:
        if vocabulary().group.issuperset([*alone[0], *alone[1]]):
            code = ReasonCode.GROUP_WORDS
        else:
            code = ReasonCode.OTHER_WORDS if alone[0] and alone[1] else ReasonCode.MISSING_WORDS
        yield NameReason(code, " ".join(alone[0]), " ".join(alone[1]))
    if not alignment.same_order:
        yield NameReason(ReasonCode.OTHER_ORDER)
    elif not alignment.pairs and not alone[0] and not alone[1] and first.words:
        yield NameReason(ReasonCode.SAME_WORDS)


def _listed(first: Iterable[str], second: Iterable[str]) -> tuple[str, str]:
    return " ".join(_ordered(first)), " ".join(_ordered(second))


def _places(first: NameForm, second: NameForm, alignment: Alignment) -> tuple[str, str]:
    one, other = (
        [form.places[code] for code in form.places if code in alone]
        for form, alone in zip((first, second), alignment.places, strict=True)
    )
    return " ".join(one), " ".join(other)


def _ordered(side: Iterable[str]) -> Iterable[str]:
    """Return words in their own order, codes of a set in a fixed one."""
    return sorted(side) if isinstance(side, frozenset) else side


def _missing(first: object, second: object, what: str) -> ReasonCode:
    return ReasonCode(f"{what}s_differ" if first and second else f"{what}_missing")
