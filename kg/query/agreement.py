"""Claims that agree, gathered into lines: what the design calls a fact, with its sources.

Two claims agree when nothing that one says is against what the other says, and each gives the figures that the
other gives: who names no percentage vouches for none. Figures agree when one is the other, rounded; dates when
one contains the other, as 2025 does 2025-03. Agreement does not carry over: "supplies" agrees with "until 2026"
and with "until 2030", which do not agree. What agrees with two that do not is therefore a line of its own, so
that the lines are the same whatever the order of the claims.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Context, Decimal

from kg.model import Claim, Entity, Figure, Modality, Qualifiers, last_day
from kg.ontology import ontology
from kg.query.wording import figure, terms

__all__ = ["Line", "ends_of", "lines_of", "months", "same_date", "same_number"]

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_AHEAD = (Modality.ANNOUNCED, Modality.PLANNED)
"""Two ways to say what is to come; the firmer first."""
_NUMBERS = ("amount", "percent", "percent_min", "percent_max", "quantity")
_DATES = ("start", "end", "as_of")
_WORDS = ("currency", "percent_of", "exclusive")
_ROUNDING = Decimal("0.05")
"""The largest part of a sum that rounding may take away or add: 1 bn is not 1.4 bn rounded."""
_EXACT = Context(prec=100)


def same_number(one: Decimal, other: Decimal) -> bool:
    """Tell whether one number is the other, rounded to its last figure, or to whole thousands or millions.

    >>> same_number(Decimal("11.9e9"), Decimal("12e9")), same_number(Decimal("11.7e9"), Decimal("10e9"))
    (True, False)
    >>> same_number(Decimal("5.2"), Decimal("6")), same_number(Decimal("62"), Decimal("62.3"))
    (False, True)
    """
    apart = abs(one - other)
    coarsest = max(_last_place(one), _last_place(other))
    return apart == 0 or (2 * apart <= coarsest and apart <= _ROUNDING * max(abs(one), abs(other)))


def _last_place(value: Decimal) -> Decimal:
    written = value.normalize(_EXACT)
    exponent = written.as_tuple().exponent
    if not value or not isinstance(exponent, int):
        return Decimal(1)
    return Decimal(10) ** min(exponent, max(written.adjusted() // 3 * 3, 0))


def same_date(one: str, other: str) -> bool:
    """Tell whether one partial date contains the other: 2025 contains 2025-03, and itself."""
    return one.startswith(other) or other.startswith(one)


def months(duration: str) -> tuple[int, int]:
    """Return a duration as months and days, so that P1Y6M is P18M."""
    match = _DURATION.fullmatch(duration)
    years, whole, days = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return 12 * years + whole, days


@dataclass(frozen=True, slots=True)
class Line:
    """One saying of one or more sources that agree: the same ends and relation, modality and terms that agree.

    `modality` is ended for what was asserted with an end that has passed; announced and planned are one line,
    which is announced. `qualifiers` are what the claims say together, each term as precisely as one of them says
    it, as is a figure in the place of the object. `claims` are ordered by the date from which they are known.
    """

    subject: Entity
    relation: str
    object: Entity | Figure
    modality: Modality
    qualifiers: Qualifiers
    claims: tuple[Claim, ...]

    @property
    def is_fact(self) -> bool:
        """Whether it is asserted, and has not ended."""
        return self.modality is Modality.ASSERTED

    @property
    def modalities(self) -> frozenset[Modality]:
        """How its claims say it: one modality, or announced and planned."""
        return frozenset(_modality(claim) for claim in self.claims)

    @property
    def known_from(self) -> str | None:
        """The earliest publication date among the sources, if any has one."""
        return min((claim.known_from for claim in self.claims if claim.known_from), default=None)

    @property
    def known_last(self) -> str | None:
        """The latest publication date among the sources, if any has one; a month may be as late as its last day."""
        return max((claim.known_from for claim in self.claims if claim.known_from), key=last_day, default=None)

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents that say it, each once."""
        return tuple(dict.fromkeys(claim.document for claim in self.claims))

    def other(self, entity: Entity) -> Entity | Figure:
        """Return the end that is not `entity`."""
        return self.object if self.subject.id == entity.id else self.subject

    def terms(self, lang: str = "en") -> str:
        """Return the terms in words; those of a figure begin with the figure itself."""
        words = terms(self.qualifiers, lang)
        if isinstance(self.object, Figure):
            return " ".join(filter(None, (figure(self.object, lang), words)))
        return words


def ends_of(claim: Claim) -> tuple[object, ...]:
    """Return what is spoken of: the relation and its ends, without order where it has none; of a figure its unit."""
    if isinstance(claim.object, Figure):
        return claim.relation, claim.subject.id, claim.object.unit
    ends = claim.subject.id, claim.object.id
    return claim.relation, *(sorted(ends) if ontology().relation(claim.relation).symmetric else ends)


def lines_of(claims: Iterable[Claim]) -> tuple[Line, ...]:
    """Gather claims that agree into lines, in the order of relations, then of what they say.

    Retracted claims are left out. The wording of figures, and what the goods are called, does not count.
    """
    told: dict[tuple[object, ...], dict[_Said, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        if claim.retracted_at is None:
            told[*ends_of(claim), _kind(claim)][_said(claim)].append(claim)
    lines = [_line(group) for alternatives in told.values() for group in _agreeing(alternatives)]
    order = {name: at for at, name in enumerate(ontology().relations)}
    return tuple(sorted(lines, key=lambda line: (order[line.relation], *_rank(line))))


_Said = tuple[tuple[str, object], ...]


def _said(claim: Claim) -> _Said:
    """What a claim says that counts, by name; a figure in the place of the object is one term more."""
    said: dict[str, object] = dict(claim.qualifiers.said())
    said.pop("as_printed", None)
    said.pop("goods", None)
    if claim.qualifiers.duration is not None:
        said["duration"] = months(claim.qualifiers.duration)
    if isinstance(claim.object, Figure):
        said["figure"] = claim.object.value
    return tuple(said.items())


def _modality(claim: Claim) -> Modality:
    has_ended = claim.modality is Modality.ASSERTED and not claim.is_live
    return Modality.ENDED if has_ended else claim.modality


def _kind(claim: Claim) -> Modality:
    modality = _modality(claim)
    return _AHEAD[0] if modality in _AHEAD else modality


def _agree(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    for name in (*_NUMBERS, "figure"):
        mine, yours = one.get(name), other.get(name)
        if (mine is None) is not (yours is None):
            return False
        if isinstance(mine, Decimal) and isinstance(yours, Decimal) and not same_number(mine, yours):
            return False
    for name in (*_WORDS, "duration"):
        if name in one and name in other and one[name] != other[name]:
            return False
    return all(same_date(str(one[name]), str(other[name])) for name in _DATES if name in one and name in other)


def _agreeing(alternatives: Mapping[_Said, Sequence[Claim]]) -> Iterator[list[Claim]]:
    """Yield the claims of each line.

    Sayings are tied where they agree. Whoever ties two that do not agree stands alone; without these, those that
    ties connect all agree with each other.
    """
    sayings = [dict(said) for said in alternatives]
    ties = [0] * len(sayings)
    for at, one in enumerate(sayings):
        ties[at] |= 1 << at
        for beyond in range(at + 1, len(sayings)):
            if _agree(one, sayings[beyond]):
                ties[at] |= 1 << beyond
                ties[beyond] |= 1 << at
    between = sum(1 << at for at, near in enumerate(ties) if any(near & ~ties[other] for other in _bits(near)))
    groups: dict[int, list[Claim]] = defaultdict(list)
    for at, claims in enumerate(alternatives.values()):
        alone = between >> at & 1
        groups[1 << at if alone else ties[at] & ~between] += claims
    yield from groups.values()


def _bits(number: int) -> Iterator[int]:
    while number:
        yield (number & -number).bit_length() - 1
        number &= number - 1


def _line(claims: Sequence[Claim]) -> Line:
    ordered = sorted(claims, key=lambda c: (c.known_from or "9999", c.document, c.evidence[0].start, c.id))
    first = ordered[0]
    end = first.object
    if isinstance(end, Figure):
        end = Figure(_finest([c.object.value for c in ordered if isinstance(c.object, Figure)]), end.unit)
    return Line(
        subject=first.subject,
        relation=first.relation,
        object=end,
        modality=min((_modality(claim) for claim in ordered), key=lambda m: _AHEAD.index(m) if m in _AHEAD else 0),
        qualifiers=_together([claim.qualifiers for claim in ordered]),
        claims=tuple(ordered),
    )


def _together(told: Sequence[Qualifiers]) -> Qualifiers:
    """What qualifiers that agree say together; the wording of a figure is that of the claim that gives it so."""
    said: dict[str, object] = {}
    for name in (field.name for field in fields(Qualifiers) if field.name != "as_printed"):
        values = [value for each in told if (value := getattr(each, name)) is not None]
        if not values:
            continue
        said[name] = values[0]
        if name in _NUMBERS:
            said[name] = _finest(values)
        elif name in _DATES:
            said[name] = max(values, key=len)
    printed = [each for each in told if each.as_printed and all(getattr(each, n) == said.get(n) for n in _NUMBERS)]
    return Qualifiers(**said | ({"as_printed": printed[0].as_printed} if printed else {}))  # type: ignore[arg-type]


def _finest(values: Sequence[Decimal]) -> Decimal:
    return min(values, key=_last_place)


def _rank(line: Line) -> tuple[Decimal, Decimal, str, str]:
    said = line.qualifiers
    percent = said.percent or said.percent_max or said.percent_min or Decimal(0)
    other = line.object.name if isinstance(line.object, Entity) else ""
    return -percent, -(said.amount or Decimal(0)), f"{line.subject.name}\n{other}", line.claims[0].id
