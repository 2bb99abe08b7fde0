"""How likely two names are one company's, with the reasons."""

import functools
import json
import math
import operator
from dataclasses import dataclass

from kg.ontology import damaged, turtle
from kg.resolve.names.alignment import Alignment, align
from kg.resolve.names.explaining import reasons_of
from kg.resolve.names.features import FEATURES, is_acronym, measure
from kg.resolve.names.form import NameForm, normalise
from kg.resolve.names.reasons import NameReason, ReasonCode

__all__ = ["AUTO_MERGE", "REVIEW", "WEIGHTS", "NameScore", "forget_weights", "score"]

AUTO_MERGE = 0.9
"""From this probability on two names are taken for one company's where nothing speaks against it: of the made pairs
that `benchmarks/names.py` keeps for measuring, at least 98 in 100 above it are."""

REVIEW = 0.3
"""From this probability on (and below `AUTO_MERGE`) a person should look; below, names are two companies'."""

WEIGHTS = "weights/names-pairs.json"

_COUNTRY_SAME = 0.4
_COUNTRIES_DIFFER = -1.5
"""What countries add to the log odds of a pair: of two filers of one name in GLEIF's public sample a different country
is more often another company than a branch that registered twice."""
_FURTHEST = 30.0
_ACRONYM_ODDS = math.log(0.4 / 0.6)
"""Letters stand for many names: an acronym goes to a person, unless something else than the name speaks for it. No pair
of the fit has one, so that the figure is set, and not learned."""


@dataclass(frozen=True, slots=True)
class NameScore:
    """How likely two names are one company's.

    Attributes:
        probability: 0 to 1, calibrated on made pairs of which half are one company's.
        reasons: what speaks for and against it, the first name's words before the second's.

    """

    probability: float
    reasons: tuple[NameReason, ...]

    def text(self, lang: str = "en") -> str:
        """Say why, in one line of English ("en") or French ("fr").

        >>> score("Toyota Motor Corp", "Toyota Motors").text()
        'typing error: motor / motors'

        """
        return "; ".join(reason.text(lang) for reason in self.reasons)


@functools.cache
def _model() -> tuple[tuple[float, ...], float]:
    try:
        table = json.loads(turtle(WEIGHTS))
        return tuple(float(table["weights"][name]) for name in FEATURES), float(table["bias"])
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(WEIGHTS, error) from error


def forget_weights() -> None:
    """Read the weights anew when they are next needed: what fits them has changed them."""
    _model.cache_clear()


def score(
    first: NameForm | str, second: NameForm | str, country_a: str | None = None, country_b: str | None = None
) -> NameScore:
    """Say how likely two names are one company's; the order of the two does not matter.

    Args:
        first: a name, prepared by `normalise` where it is compared more than once.
        second: the other.
        country_a: where the first is registered (ISO 3166-1, two letters), if known.
        country_b: where the second is.

    >>> score("Siemens AG", "Siemens Aktiengesellschaft").probability > AUTO_MERGE
    True
    >>> score("Fund Alpha II LP", "Fund Alpha III LP").text()
    'numbers differ: 2 / 3; same words'

    """
    one = normalise(first) if isinstance(first, str) else first
    other = normalise(second) if isinstance(second, str) else second
    if not one.joined or not other.joined:
        return NameScore(0.0, (NameReason(ReasonCode.NO_WORDS),))
    swapped = (other.joined, other.name) < (one.joined, one.name)
    low, high = (other, one) if swapped else (one, other)
    alignment = align(low, high)
    reasons = reasons_of(low, high, alignment)
    if swapped:
        reasons = tuple(NameReason(reason.code, reason.second, reason.first) for reason in reasons)
    shift, country = _country(country_a, country_b)
    return NameScore(_probability(low, high, alignment, shift), (*reasons, *country))


def _country(first: str | None, second: str | None) -> tuple[float, tuple[NameReason, ...]]:
    if not first or not second:
        return 0.0, ()
    one, other = first.upper(), second.upper()
    if one == other:
        return _COUNTRY_SAME, (NameReason(ReasonCode.COUNTRY_SAME, one, other),)
    return _COUNTRIES_DIFFER, (NameReason(ReasonCode.COUNTRIES_DIFFER, one, other),)


def _probability(first: NameForm, second: NameForm, alignment: Alignment, shift: float) -> float:
    is_same = first.words == second.words and first.numbers == second.numbers and first.places == second.places
    if is_same and first.legal == second.legal and first.joined == second.joined and shift >= 0:
        return 1.0
    if is_acronym(first, second):
        odds = _ACRONYM_ODDS if first.numbers == second.numbers else -_FURTHEST
    else:
        weights, bias = _model()
        odds = bias + math.fsum(map(operator.mul, weights, measure(first, second, alignment)))
    return 1 / (1 + math.exp(-max(-_FURTHEST, min(_FURTHEST, odds + shift))))
