"""What analyses find in the claims of a view, as layers that it can lay over the picture.

=============  ============================================================================  =========
circular       circular deals, ranked as `kg.analysis.deals.circular` does                         any size
frenemies      pairs that compete and are bound to each other                                any size
common-owners  owners common to two rivals                                                   any size
concentration  customers of a tenth of a supplier's revenue or more, with the HHI            any size
dependence     single points of failure                                                      to 5,000
control        who in the end controls whom, a finding a controller                          to 5,000
communities    companies more tied to each other than to others, of three or more            to 5,000,
                                                                                             not of a part
=============  ============================================================================  =========

The last three ask for all ties at once, which of more than 5,000 claims takes longer than making the view; they are
left out then. The first four are asked of the claims alone that can make a row (`kg.view.prefilter`), and circles are
of up to four companies, of fewer where there are very many. What lacks a library is left out, too.

Layers tell of the claims in view: of a part of a graph they know no more than that part. Communities of a part say
nothing of the whole, and igraph is slow to load for a server: of a part there are none.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.errors import MissingExtra
from kg.facts import AsOf, Fact, TriState, claims_of
from kg.model import Claim, Entity
from kg.view import findings, prefilter
from kg.view.presentation import clipped

if TYPE_CHECKING:
    from kg.analysis.deals.circular import Loop
    from kg.analysis.deals.common_owners import CommonOwner
    from kg.analysis.deals.concentration import Concentration, Partner
    from kg.analysis.deals.dependence import Dependence
    from kg.analysis.deals.frenemies import Frenemies
    from kg.analysis.network.measures import Community
    from kg.analysis.ownership.control import UltimateController

__all__ = ["LARGE", "MOST", "layers"]

LARGE = 5000
"""The number of claims above which only what is cheap is computed."""
MOST = 60
"""So many findings of a layer are told, and how many more there are."""

_TENTH = 0.1
_COMPANIES, _LINES = 60, 300  # of one finding: more than that nobody looks at in a picture
_LONGEST = 600
_LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class _Found:
    """A row: what words it, whom it is about, and what it rests on."""

    words: Callable[[str], tuple[str, str]]
    companies: tuple[Entity, ...]
    claims: tuple[Claim, ...]


_Told: TypeAlias = tuple[list[_Found], int]
"""What a layer shows, in order, and the number of notes of its analysis on what is not known."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer; `found` gives what it shows of some claims. Labels and comments are English, French."""

    name: str
    label: tuple[str, str]
    comment: tuple[str, str]
    found: Callable[[Sequence[Claim], AsOf], _Told]
    is_cheap: bool = True
    is_of_parts: bool = True


def layers(claims: Iterable[Claim], facts: Sequence[Fact], *, day: dt.date, whole: bool = True) -> list[dict[str, Any]]:
    """Return the layers of a view that have findings, as plain values: see `kg.view.data`.

    `facts` are those of the claims: a finding names the lines that its claims stand in. What holds is decided for
    `day`. `whole` says that the claims are all of a graph, and no part of one. `notes` counts what the analysis notes
    of its gaps; 0 is left out.
    """
    visible = tuple({claim.id: claim for claim in claims if claim.retracted_at is None}.values())
    places = {claim.id: fact.claims[0].id for fact in facts for claim in fact.claims}
    fit = (one for one in _LAYERS if (one.is_cheap or len(visible) <= LARGE) and (one.is_of_parts or whole))
    made = (_made(layer, visible, AsOf(valid=day.isoformat()), places) for layer in fit)
    return [layer for layer in made if layer["findings"]]


def _made(layer: _Layer, claims: Sequence[Claim], as_of: AsOf, places: Mapping[str, str]) -> dict[str, Any]:
    try:
        found, notes = layer.found(claims, as_of)
    except (ImportError, MissingExtra):
        found, notes = [], 0
    told: dict[str, Any] = {
        "name": layer.name,
        "label": dict(zip(_LANGUAGES, layer.label, strict=True)),
        "comment": dict(zip(_LANGUAGES, layer.comment, strict=True)),
        "findings": [_finding(one, places) for one in found[:MOST]],
    }
    told |= {"more": len(found) - MOST} if len(found) > MOST else {}
    return told | ({"notes": notes} if notes else {})


def _finding(found: _Found, places: Mapping[str, str]) -> dict[str, Any]:
    words = {lang: found.words(lang) for lang in _LANGUAGES}
    lines = dict.fromkeys(places[claim.id] for claim in found.claims if claim.id in places)
    return {
        "title": {lang: clipped(title, _LONGEST) for lang, (title, _) in words.items()},
        "detail": {lang: clipped(detail, _LONGEST) for lang, (_, detail) in words.items()},
        "companies": list(dict.fromkeys(entity.id for entity in found.companies))[:_COMPANIES],
        "lines": list(lines)[:_LINES],
    }


def _circular(claims: Sequence[Claim], as_of: AsOf) -> _Told:
    from kg.analysis.deals.circular import circular_deals

    kept, longest = prefilter.of_circles(claims)

    def found(row: "Loop") -> _Found:
        return _Found(lambda lang: findings.loop(row, lang), tuple(leg.payer for leg in row.legs), row.claims)

    result = circular_deals(kept, max_length=longest, limit=max(1, len(claims)), as_of=as_of)
    return [found(row) for row in result], len(result.notes)


def _frenemies(claims: Sequence[Claim], as_of: AsOf) -> _Told:
    from kg.analysis.deals.frenemies import frenemies

    def found(row: "Frenemies") -> _Found:
        ends = (end for relationship in row.bonds for end in (relationship.subject, relationship.object))
        return _Found(lambda lang: findings.rivals(row, lang), (*row.rivals, *ends), row.claims)

    result = frenemies(prefilter.of_rivals(claims), as_of=as_of)
    return [found(row) for row in result], len(result.notes)


def _common_owners(claims: Sequence[Claim], as_of: AsOf) -> _Told:
    from kg.analysis.deals.common_owners import common_owners

    def found(row: "CommonOwner") -> _Found:
        return _Found(lambda lang: findings.owner(row, lang), (row.owner, *row.rivals), row.claims)

    result = common_owners(prefilter.of_owners(claims), as_of=as_of)
    return [found(row) for row in result], len(result.notes)


def _concentration(claims: Sequence[Claim], as_of: AsOf) -> _Told:
    from kg.analysis.deals.concentration import concentration

    def found(row: "Concentration", one: "Partner") -> _Found:
        return _Found(lambda lang: findings.customer((row, one), lang), (row.company, one.entity), one.claims)

    result = concentration(prefilter.of_shares(claims), as_of=as_of)
    told = [(row, one) for row in result for one in row.partners if one.stated]
    large = [(row, one) for row, one in told if one.share.at_least(_TENTH) is not TriState.FALSE]
    large.sort(key=lambda both: (-both[1].share.low, -both[1].share.high))
    return [found(row, one) for row, one in large], len(result.notes)


def _dependence(claims: Sequence[Claim], as_of: AsOf) -> _Told:
    from kg.analysis.deals.dependence import dependence

    def found(row: "Dependence") -> _Found:
        ends = (end for claim in row.claims for end in (claim.subject, claim.object) if isinstance(end, Entity))
        return _Found(lambda lang: findings.dependence(row, lang), (row.company, row.depends_on, *ends), row.claims)

    result = dependence(claims, as_of=as_of)
    return [found(row) for row in result], len(result.notes)


def _control(claims: Sequence[Claim], as_of: AsOf) -> _Told:
    from kg.analysis.ownership.control import ultimate_controllers

    groups: dict[str, list[UltimateController]] = defaultdict(list)
    result = ultimate_controllers(claims, as_of=as_of)
    for row in result:
        groups[row.controller.id].append(row)

    def found(rows: Sequence["UltimateController"]) -> _Found:
        companies = (rows[0].controller, *chain.from_iterable((row.company, *row.ring) for row in rows))
        return _Found(lambda lang: findings.control(rows, lang), companies, claims_of(*(row.claims for row in rows)))

    def rank(rows: Sequence["UltimateController"]) -> tuple[int, int, str]:
        return -sum(row.answer is TriState.TRUE for row in rows), -len(rows), rows[0].controller.id

    return [found(rows) for rows in sorted(groups.values(), key=rank)], len(result.notes)


def _communities(claims: Sequence[Claim], as_of: AsOf) -> _Told:
    from kg.analysis.network.measures import communities

    def found(row: "Community") -> _Found:
        return _Found(lambda lang: findings.community(row, lang), row.companies, row.claims)

    result = communities(claims, as_of=as_of)
    return [found(row) for row in result if len(row.companies) > 2], len(result.notes)  # noqa: PLR2004 - a pair is a line


_LAYERS = (
    _Layer(
        "circular",
        ("Circular deals", "Accords circulaires"),
        (
            "Capital one way, orders or revenue back. Only a source can tell whether one was made for the other.",
            "Du capital dans un sens, des commandes ou des revenus en retour. Seule une source dirait s’ils sont liés.",
        ),
        _circular,
    ),
    _Layer(
        "frenemies",
        ("Rivals with bonds", "Rivaux liés"),
        (
            "Pairs that compete and are bound by money, goods or a partnership.",
            "Des entreprises concurrentes que lient de l’argent, des biens ou un partenariat.",
        ),
        _frenemies,
    ),
    _Layer(
        "common-owners",
        ("Owners common to rivals", "Actionnaires communs à des rivaux"),
        (
            "Who directly owns a part of two companies that compete.",
            "Qui détient directement une part de deux entreprises concurrentes.",
        ),
        _common_owners,
    ),
    _Layer(
        "concentration",
        ("Large customers", "Grands clients"),
        (
            "Customers of a tenth of a supplier’s revenue or more. The HHI is a range: sources say little of the rest.",
            "Les clients d’un dixième du chiffre d’affaires ou plus. L’IHH est un intervalle : le reste est peu connu.",
        ),
        _concentration,
    ),
    _Layer(
        "dependence",
        ("Single points of failure", "Points de défaillance uniques"),
        (
            "On whom companies hang, as far as the relations in view tell.",
            "De qui des entreprises dépendent, d’après les seules relations en vue.",
        ),
        _dependence,
        is_cheap=False,
    ),
    _Layer(
        "control",
        ("Who controls whom", "Qui contrôle qui"),
        (
            "Who in the end controls whom, by itself or together with all that it controls, by the relations in view.",
            "Qui contrôle qui à la fin, par lui-même ou avec tout ce qu’il contrôle, d’après les relations en vue.",
        ),
        _control,
        is_cheap=False,
    ),
    _Layer(
        "communities",
        ("Communities", "Communautés"),
        (
            "Companies that have more ties with each other than chance would give them. Facts only.",
            "Des entreprises qui ont entre elles plus de liens que le hasard n’en donnerait. Faits seulement.",
        ),
        _communities,
        is_cheap=False,
        is_of_parts=False,
    ),
)
