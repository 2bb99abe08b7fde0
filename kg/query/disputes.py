"""What sources say of one pair and relation that cannot all be right, side by side; nothing is overwritten.

Two lines are at odds where one is asserted, planned or reported and the other denies it, or says that it has
ended and is no later; and where both are asserted, planned or reported and give other figures, another length,
another start or end, or call it exclusive and not exclusive. Figures that are roundings of each other and partial
dates that contain each other are not at odds.

What lies apart in time is a development and no dispute: figures as of other dates, terms of another start or of a
period that was over before the other began, and an end that was told after the assertion. Such lines are left out
here; a dossier and ``kg query timeline`` show them in their order. The dates on which sources appeared part
nothing: 100 bn in autumn and 30 bn in winter is a dispute. A share or a company's figure that is planned is not at
odds with the present one, since a plan is to change it; a sum that is planned is, with the sum that came of it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from kg.model import Claim, Figure, Modality, last_day
from kg.ontology import ontology
from kg.query.agreement import Line, ends_of, lines_of, months, same_date, same_number
from kg.query.scans import columns_of, rows_of
from kg.store import Store
from kg.store.iris import IriScheme

__all__ = ["Dispute", "disputes", "disputes_of"]

_AHEAD = frozenset({Modality.ANNOUNCED, Modality.PLANNED, Modality.CONDITIONAL})
_FOR = _AHEAD | {Modality.ASSERTED, Modality.HEDGED}
_RECURRING = frozenset({"invests-in", "lends-to", "supplies"})
"""What a company may do to another more than once: another start is then another deal, unless a figure is the same."""

# Only what is said more than once can be disputed; a count costs a tenth of reading all claims. The last counts
# symmetric relations from both their ends.
_SAID_AGAIN = (
    """SELECT ?s ?o { GRAPH ?g { ?claim rdf:subject ?s ; rdf:object ?o } }
    GROUP BY ?s ?o HAVING (COUNT(?claim) > 1)""",
    """SELECT ?s ?o { ?p a owl:SymmetricProperty .
    GRAPH ?g { { ?claim rdf:predicate ?p ; rdf:subject ?s ; rdf:object ?o }
    UNION { ?claim rdf:predicate ?p ; rdf:subject ?o ; rdf:object ?s } } }
    GROUP BY ?s ?o HAVING (COUNT(?claim) > 1)""",
)
_FIGURES_SAID_AGAIN = """SELECT ?s ?p ?unit { GRAPH ?g { ?claim kg:unit ?unit ; rdf:subject ?s ; rdf:predicate ?p } }
    GROUP BY ?s ?p ?unit HAVING (COUNT(?claim) > 1)"""
_OF_PAIR = "SELECT ?claim ?s ?o { GRAPH ?g { ?claim rdf:subject ?s ; rdf:object ?o } }"
_OF_FIGURE = """SELECT ?claim ?s ?p ?unit {
    GRAPH ?g { ?claim rdf:subject ?s ; kg:unit ?unit ; rdf:predicate ?p } }"""

_SAID_AGAIN_SQL = """
SELECT claim FROM claims
QUALIFY count(*) OVER (
  PARTITION BY relation, unit,
    CASE WHEN list_contains($symmetric, relation) THEN least(subject_id, object_id) ELSE subject_id END,
    CASE WHEN list_contains($symmetric, relation) THEN greatest(subject_id, object_id) ELSE object_id END
) > 1
"""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Lines on the same ends and relation of which each is at odds with another, the newest last.

    `differs` names what they differ in: percent, amount, quantity, duration, exclusive, start, end, figure,
    modality. A line is as new as its latest source, and of two then the one that was
    told first is older; lines whose sources have no date come first.
    """

    lines: tuple[Line, ...]
    differs: tuple[str, ...]


def disputes(store: Store, entity: str | None = None) -> tuple[Dispute, ...]:
    """Return the disputes of a store, all or those on the entity of an id, in the order of relations."""
    return disputes_of(lines_of(_repeated(store) if entity is None else store.claims(entity=entity)))


def disputes_of(lines: Iterable[Line]) -> tuple[Dispute, ...]:
    """Return the disputes among lines, in the order in which their first lines come."""
    by_ends: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        by_ends[ends_of(line.claims[0])].append(line)
    return tuple(dispute for group in by_ends.values() if (dispute := _dispute(group)) is not None)


def _repeated(store: Store) -> Iterator[Claim]:
    """Return the claims on what more than one claim speaks of."""
    columns = columns_of(store)
    if columns is not None:
        symmetric = [relation.name for relation in ontology().relations.values() if relation.symmetric]
        _, rows = rows_of(columns, _SAID_AGAIN_SQL, {"symmetric": symmetric})
        return store.claims(ids=[claim for (claim,) in rows])
    names, wanted = IriScheme(store.base), set()
    for counted, of_one in ((_SAID_AGAIN[0], _OF_PAIR), (_SAID_AGAIN[1], _OF_PAIR), (_FIGURES_SAID_AGAIN, _OF_FIGURE)):
        found = store.query(counted)
        asked = [variable.value for variable in found.variables]
        for row in list(found):
            claims = store.query(of_one, {name: row[name] for name in asked})
            wanted |= {names.id_of(claim["claim"], "claim/") for claim in claims}
    return store.claims(ids=wanted)


def _dispute(lines: Sequence[Line]) -> Dispute | None:
    odd, differs = set(), set()
    for one, other in combinations(range(len(lines)), 2):
        found = set(_differences(lines[one], lines[other]))
        if found:
            odd |= {one, other}
            differs |= found
    if not odd:
        return None
    return Dispute(tuple(sorted((lines[at] for at in odd), key=_newness)), tuple(sorted(differs)))


def _newness(line: Line) -> tuple[dt.date, dt.date, str]:
    if line.known_from is None or line.known_last is None:
        return dt.date.min, dt.date.min, line.claims[0].id
    return last_day(line.known_last), _first_day(line.known_from), line.claims[0].id


def _differences(one: Line, other: Line) -> Iterator[str]:
    """Yield what two lines cannot both be right in."""
    if _against(one, other) or _against(other, one):
        yield "modality"
    if {one.modality, other.modality} <= _FOR and not _as_of_other_dates(one, other):
        yield from _terms_at_odds(one, other)


def _against(one: Line, other: Line) -> bool:
    """Tell whether the first denies what the second says, or says that it has ended and is no later."""
    if one.modality is Modality.DENIED:
        return other.modality in _FOR and not _apart(one, other)
    has_ended = any(claim.modality is Modality.ENDED for claim in one.claims)
    return has_ended and other.is_fact and not _told_later(one, other) and not _apart(one, other)


def _told_later(line: Line, than: Line) -> bool:
    """Tell whether all sources of a line are known to have appeared after all sources of another."""
    if line.known_from is None or than.known_last is None:
        return False
    undated = any(claim.known_from is None for claim in (*line.claims, *than.claims))
    return not undated and last_day(than.known_last) < _first_day(line.known_from)


def _first_day(text: str) -> dt.date:
    year, month, day = (int(part) for part in f"{text}-01-01".split("-")[:3])
    return dt.date(year, month, day)


def _as_of_other_dates(one: Line, other: Line) -> bool:
    mine, yours = one.qualifiers.as_of, other.qualifiers.as_of
    return mine is not None and yours is not None and not same_date(mine, yours)


def _apart(one: Line, other: Line) -> bool:
    """Tell whether two lines speak of different times."""
    mine, yours = one.qualifiers, other.qualifiers
    if _as_of_other_dates(one, other) or not _may_be_same(mine.start, yours.start):
        return True
    periods = ((mine.end, yours.start), (yours.end, mine.start))
    return any(end and start and last_day(end) < _first_day(start) for end, start in periods)


def _may_be_same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or same_date(one, other)


def _terms_at_odds(one: Line, other: Line) -> Iterator[str]:
    """Yield the terms at odds; other figures of another time belong to another deal."""
    mine, yours = one.qualifiers, other.qualifiers
    now_and_later = Modality.ASSERTED in {one.modality, other.modality} and bool(
        {one.modality, other.modality} & _AHEAD
    )
    found = list(_sums_at_odds(one, other))
    if not now_and_later:
        found += _levels_at_odds(one, other)
    if mine.exclusive is not None and yours.exclusive is not None and mine.exclusive != yours.exclusive:
        found.append("exclusive")
    if found:
        yield from () if _apart(one, other) else found
    elif not now_and_later and (one.relation not in _RECURRING or _share_figure(one, other)):
        if not _may_be_same(mine.start, yours.start):
            yield "start"
        elif not _may_be_same(mine.end, yours.end):
            yield "end"


def _share_figure(one: Line, other: Line) -> bool:
    mine, yours = one.qualifiers, other.qualifiers
    pairs = ((mine.amount, yours.amount), (mine.percent, yours.percent), (mine.quantity, yours.quantity))
    return any(a is not None and b is not None for a, b in pairs)


def _sums_at_odds(one: Line, other: Line) -> Iterator[str]:
    mine, yours = one.qualifiers, other.qualifiers
    if (mine.currency or yours.currency) == (yours.currency or mine.currency) and _differ(mine.amount, yours.amount):
        yield "amount"
    same_goods = (mine.goods or "").casefold() == (yours.goods or "").casefold()
    if same_goods and _differ(mine.quantity, yours.quantity):
        yield "quantity"
    if mine.duration and yours.duration and months(mine.duration) != months(yours.duration):
        yield "duration"


def _levels_at_odds(one: Line, other: Line) -> Iterator[str]:
    mine, yours = one.qualifiers, other.qualifiers
    figures = [line.object.value for line in (one, other) if isinstance(line.object, Figure)]
    if figures and not same_number(*figures):
        yield "figure"
    if (mine.percent_of or yours.percent_of) != (yours.percent_of or mine.percent_of):
        return
    if mine.percent is not None and yours.percent is not None:
        outside = not same_number(mine.percent, yours.percent)
    else:
        (low, high), (floor, ceiling) = _range(one), _range(other)
        outside = low > ceiling or floor > high
    if outside:
        yield "percent"


def _differ(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and not same_number(one, other)


def _range(line: Line) -> tuple[Decimal, Decimal]:
    said = line.qualifiers
    low = said.percent if said.percent is not None else said.percent_min
    high = said.percent if said.percent is not None else said.percent_max
    return Decimal(0) if low is None else low, Decimal(100) if high is None else high
