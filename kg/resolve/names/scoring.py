"""How likely two names are one company's, with the reasons."""

import functools
import json
import math
import operator
from dataclasses import dataclass

from kg.ontology import damaged, turtle
from kg.resolve.names.alignment import PairKind, align
from kg.resolve.names.explaining import reasons_of
from kg.resolve.names.features import FEATURES, is_acronym, measure
from kg.resolve.names.form import NameForm, normalise
from kg.resolve.names.reasons import NameReason, ReasonCode
from kg.wording.naming import NAMING

__all__ = ["AUTO_MERGE", "REVIEW", "WEIGHTS", "NameScore", "forget_weights", "score"]

AUTO_MERGE = 0.9
"""From this probability on two names are taken for one company's where nothing speaks against it: of the made pairs
that `benchmarks/names.py` keeps for measuring, at least 98 in 100 above it are."""

REVIEW = 0.2
"""From this probability on (and below `AUTO_MERGE`) a person should look; below, names are two companies'."""

WEIGHTS = "weights/names-pairs.json"

_MISTYPED_ODDS = math.log(0.8 / 0.2)
"""The most for names whose only rare word is written with a letter more, less or changed: in the SEC's list such pairs
are two companies (Semtech and Stemtech, Palantir and Palatin) more often than one; registers hold few typing errors."""

_COUNTRIES = {ReasonCode.COUNTRY_SAME: 0.4, ReasonCode.COUNTRIES_DIFFER: -2.0}
"""What countries add to the log odds: companies of one name in two countries are more often two than one that moved.
Set, not learned: the made pairs have no countries."""
_FURTHEST = 30.0
_ACRONYM_ODDS = math.log(0.4 / 0.6)
"""Letters stand for many names: an acronym goes to a person, unless something else than the name speaks for it. No pair
of the fit has one, so that the figure is set, and not learned."""


@dataclass(frozen=True, slots=True)
class NameScore:
    """How likely two names are one company's; why is worked out when it is asked.

    Attributes:
        probability: 0 to 1, calibrated on made pairs of which half are one company's.
        first: the first name.
        second: the second.
        country: what is to be said of the two countries, if both are known.

    """

    probability: float
    first: NameForm
    second: NameForm
    country: NameReason | None = None

    @property
    def reasons(self) -> tuple[NameReason, ...]:
        """What speaks for and against it, the first name's words before the second's."""
        reasons = reasons_of(self.first, self.second)
        return reasons if self.country is None else (*reasons, self.country)

    def text(self, lang: str = "en") -> str:
        """Say why, in one line of English ("en") or French ("fr").

        >>> score("Toyota Motor Corp", "Toyota Moter Corp").text()
        'typing error: motor / moter'

        """
        return NAMING[lang]["separator"].join(reason.text(lang) for reason in self.reasons)


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
    >>> score("Zeltan Fund II LP", "Zeltan Fund III LP").text()
    'same words; numbers differ: 2 / 3'

    """
    one = normalise(first) if isinstance(first, str) else first
    other = normalise(second) if isinstance(second, str) else second
    country = _country(country_a, country_b)
    shift = 0.0 if country is None else _COUNTRIES[country.code]
    if not one.joined or not other.joined:
        return NameScore(0.0, one, other, country)
    # Both ways round alike: whichever of two equally good pairs of words is taken first.
    low, high = (other, one) if (other.joined, other.name) < (one.joined, one.name) else (one, other)
    return NameScore(_probability(low, high, shift), one, other, country)


def _country(first: str | None, second: str | None) -> NameReason | None:
    if not first or not second:
        return None
    one, other = first.upper(), second.upper()
    return NameReason(ReasonCode.COUNTRY_SAME if one == other else ReasonCode.COUNTRIES_DIFFER, one, other)


def _probability(first: NameForm, second: NameForm, shift: float) -> float:
    is_same = first.words == second.words and first.numbers == second.numbers and first.joined == second.joined
    if is_same and first.legal == second.legal and shift >= 0:
        return 1.0
    if is_acronym(first, second):
        return _chance((_ACRONYM_ODDS if first.numbers == second.numbers else -_FURTHEST) + shift)
    alignment = align(first, second)
    weights, bias = _model()
    odds = bias + shift + sum(map(operator.mul, weights, measure(first, second, alignment)))
    is_mistyped = alignment.shared < 1 and any(pair.kind is PairKind.TYPING for pair in alignment.pairs)
    return _chance(min(odds, _MISTYPED_ODDS + shift) if is_mistyped else odds)


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-_FURTHEST, min(_FURTHEST, odds))))
