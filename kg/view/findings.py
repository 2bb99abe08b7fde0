"""What analyses find, in words: a title and a detail for each row, in English and in French.

Names stand as sources write them, made safe to show on one line; sums as `kg.wording.terms` writes them, shares as
`kg.analysis.results.tables` does. What is no fact says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.analysis.results.tables import share_in_words
from kg.facts import UNKNOWN, Interval, Money, TriState
from kg.model import Entity, Modality
from kg.ontology import ontology
from kg.view.presentation import clipped
from kg.wording.terms import money, number

if TYPE_CHECKING:
    from kg.analysis.deals.circular import Leg, Loop
    from kg.analysis.deals.common_owners import CommonOwner
    from kg.analysis.deals.concentration import Concentration, Partner
    from kg.analysis.deals.dependence import Dependence
    from kg.analysis.deals.frenemies import Frenemies
    from kg.analysis.network.measures import Community
    from kg.analysis.ownership.control import UltimateController
    from kg.facts import Relationship

__all__ = ["community", "control", "customer", "dependence", "loop", "owner", "rivals"]

_LONGEST_NAME = 60
_NAMED = 3
_BONDS = 6

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "and": " and ",
        "more": "{0} more",
        "finances": "{0} finances {1}",
        "owned by": "{0} belongs in part to {1}",
        "pays": "{0} pays {1}",
        "shares revenue": "{0} shares revenue with {1}",
        "vendor financing": "vendor financing",
        "revenue share": "revenue share",
        "customer's stake": "customer’s stake",
        "mixed": "mixed",
        "weakest": "weakest leg: {0}",
        "returned": "{0} of the first sum comes back",
        "not returned": "what share comes back is not known",
        "apart": "the legs lie apart in time",
        "perhaps apart": "no source tells whether the legs hold at once",
        "contested": "a source denies it, or calls it ended",
        "held": "{0} in {1}",
        "no share": "share not told",
        "unknown share": "share unknown",
        "of revenue": "{0} of revenue",
        "of cost": "{0} of cost",
        "hhi": "concentration (HHI) {0} of 10,000",
        "highly concentrated": "highly concentrated",
        "moderately concentrated": "moderately concentrated",
        "not concentrated": "not concentrated",
        "undecided": "how concentrated it is stays open",
        "over": "the shares add up to more than 100 %",
        "perhaps less": "maybe less than 10 %",
        "depends": "{0} depends on {1}",
        "exclusive supplier": "exclusive supplier, maybe for some goods only",
        "only known supplier": "only known supplier",
        "most of revenue": "customer that makes most of the revenue",
        "most of cost": "supplier that makes most of the cost",
        "cut point": "all known chains of supply lead through it",
        "others": "there may be others that no source here names",
        "open": "sources leave it open",
        "controls": "{0} controls {1}",
        "perhaps controls": "{0} may control {1}",
        "companies": "{0} companies",
        "sure": "controls",
        "perhaps": "may control",
        "chain": "by itself, or together with all that it controls",
        "unknown": "shares that no source tells decide it",
        "ring": "holding each other: {0}",
        "group": "{0} companies, {1} relations between them",
    },
    "fr": {
        "and": " et ",
        "more": "{0} de plus",
        "finances": "{0} finance {1}",
        "owned by": "{0} appartient en partie à {1}",
        "pays": "{0} paie {1}",
        "shares revenue": "{0} partage ses revenus avec {1}",
        "vendor financing": "financement par le fournisseur",
        "revenue share": "partage de revenus",
        "customer's stake": "participation du client",
        "mixed": "mixte",
        "weakest": "maillon le plus faible : {0}",
        "returned": "{0} de la première somme revient",
        "not returned": "la part qui revient n’est pas connue",
        "apart": "les maillons ne tombent pas en même temps",
        "perhaps apart": "aucune source ne dit si les maillons tiennent en même temps",
        "contested": "une source le dément ou le dit terminé",
        "held": "{0} dans {1}",
        "no share": "part non précisée",
        "unknown share": "part inconnue",
        "of revenue": "{0} du chiffre d’affaires",
        "of cost": "{0} des coûts",
        "hhi": "concentration (IHH) {0} sur 10 000",
        "highly concentrated": "forte concentration",
        "moderately concentrated": "concentration moyenne",
        "not concentrated": "pas de concentration",
        "undecided": "le degré de concentration reste ouvert",
        "over": "les parts dépassent 100 % au total",
        "perhaps less": "peut-être moins de 10 %",
        "depends": "{0} dépend {1}",
        "exclusive supplier": "fournisseur exclusif, peut-être pour certains biens seulement",
        "only known supplier": "seul fournisseur connu",
        "most of revenue": "client qui fait la plus grande part du chiffre d’affaires",
        "most of cost": "fournisseur qui fait la plus grande part des coûts",
        "cut point": "toutes les chaînes d’approvisionnement connues passent par lui",
        "others": "il peut y en avoir d’autres, qu’aucune source ne nomme ici",
        "open": "les sources laissent la question ouverte",
        "controls": "{0} contrôle {1}",
        "perhaps controls": "{0} contrôle peut-être {1}",
        "companies": "{0} entreprises",
        "sure": "contrôle",
        "perhaps": "contrôle peut-être",
        "chain": "par lui-même, ou avec tout ce qu’il contrôle",
        "unknown": "des parts qu’aucune source ne donne en décident",
        "ring": "se détiennent entre elles : {0}",
        "group": "{0} entreprises, {1} relations entre elles",
    },
}
_COLON: Mapping[str, str] = {"en": ": ", "fr": " : "}


def _joined(parts: Iterable[str | None]) -> str:
    return " · ".join(part for part in parts if part)


def _name(entity: Entity) -> str:
    return clipped(entity.name, _LONGEST_NAME)


def _de(name: str) -> str:
    """Return a name after the French "de".

    >>> _de("Oracle"), _de("Nvidia")
    ('d’Oracle', 'de Nvidia')
    """
    return f"d’{name}" if name[:1].lower() in "aeiouéèêàâîôû" else f"de {name}"


def _names(entities: Sequence[Entity], lang: str) -> str:
    """Name the first few, and count the rest."""
    left = len(entities) - _NAMED
    told = [_name(entity) for entity in entities[:_NAMED]]
    told += [_WORDS[lang]["more"].format(left)] if left > 0 else []
    return _WORDS[lang]["and"].join(filter(None, (", ".join(told[:-1]), told[-1])))


def _said(modality: Modality, lang: str) -> str:
    return ontology().modalities[modality].label[lang]


def _range(low: Decimal, high: Decimal, lang: str) -> str:
    ends = dict.fromkeys(number(round(end, 1), lang) for end in (low, high))
    return "–".join(ends)


def _is_unknown(share: Interval) -> bool:
    return share.low <= 0 and share.high >= 1


def _share(share: Interval, lang: str, within: str = "{0}") -> str:
    """Return a share in words, `within` a phrase; one that may be anything says so.

    >>> _share(Interval(0.055, 0.06), "fr", "{0} des coûts"), _share(UNKNOWN, "en", "{0} of cost")
    ('5,5–6 % des coûts', 'share unknown')
    """
    return _WORDS[lang]["unknown share"] if _is_unknown(share) else within.format(share_in_words(share, lang))


def _sum(amount: Money, lang: str) -> str:
    ends = dict.fromkeys((amount.low, amount.high))
    return "–".join(money(end, amount.currency, lang) for end in ends)


def loop(row: "Loop", lang: str) -> tuple[str, str]:
    """Tell of a circular deal: its kind, each leg with its sums, what comes back, and its weakest leg."""
    words = _WORDS[lang]
    names = [_name(leg.payer) for leg in row.legs]
    back = _back(row.returned, lang)
    apart = {TriState.FALSE: words["apart"], TriState.UNDECIDED: words["perhaps apart"]}.get(row.together)
    kind, weakest = words[row.kind], words["weakest"].format(_said(row.modality, lang))
    return (
        " → ".join([*names, names[0]]),
        _joined([kind, *(_leg(leg, lang) for leg in row.legs), back, weakest, apart]),
    )


def _back(returned: Interval | None, lang: str) -> str:
    if returned is None or _is_unknown(returned):
        return _WORDS[lang]["not returned"]
    return _WORDS[lang]["returned"].format(share_in_words(returned, lang))


def _leg(leg: "Leg", lang: str) -> str:
    verb = _WORDS[lang][leg.kind.value].format(_name(leg.payer), _name(leg.payee))
    sums = ", ".join(_sum(amount, lang) for amount in leg.amounts)
    said = [] if leg.relationship.is_fact else [_said(leg.relationship.modality, lang)]
    if leg.amount_modality not in {None, leg.relationship.modality}:
        said.append(_said(Modality(leg.amount_modality), lang))
    told = ", ".join([*filter(None, [sums, _share(leg.share, lang) if leg.share else ""]), *said])
    contested = f" ({_WORDS[lang]['contested']})" if leg.relationship.contradicting else ""
    return (f"{verb}{_COLON[lang]}{told}" if told else verb) + contested


def rivals(row: "Frenemies", lang: str) -> tuple[str, str]:
    """Tell of two rivals: that they compete, and what binds them."""
    told = [_tie(tie, lang) for tie in (row.rivalry, *row.bonds[:_BONDS])]
    if len(row.bonds) > _BONDS:
        told.append(_WORDS[lang]["more"].format(len(row.bonds) - _BONDS))
    return _WORDS[lang]["and"].join(map(_name, row.rivals)), _joined(told)


def _tie(tie: "Relationship", lang: str) -> str:
    label = ontology().relation(tie.relation).label[lang]
    firm = [line.terms(lang) for line in tie.facts if line.modality is tie.modality]
    terms = list(dict.fromkeys(filter(None, firm)))
    said = [] if tie.is_fact else [_said(tie.modality, lang)]
    contested = [_WORDS[lang]["contested"]] if tie.contradicting else []
    told = "; ".join([*terms, *said, *contested])
    return f"{_name(tie.subject)} {label} {_name(tie.object)}" + (f" ({clipped(told, 200)})" if told else "")


def owner(row: "CommonOwner", lang: str) -> tuple[str, str]:
    """Tell of an owner of two rivals, with the share of each."""
    words = _WORDS[lang]
    title = words["held"].format(_name(row.owner), words["and"].join(map(_name, row.rivals)))
    stakes = (
        f"{_name(rival)}{_COLON[lang]}{words['no share'] if share == UNKNOWN else _share(share, lang)}"
        for rival, share in zip(row.rivals, row.shares, strict=True)
    )
    return title, _joined([*stakes, _tie(row.rivalry, lang), _said(row.modality, lang)])


def customer(row: "tuple[Concentration, Partner]", lang: str) -> tuple[str, str]:
    """Tell of a customer of a tenth of the revenue or more, and how concentrated its supplier's revenue is."""
    words, (supplier, one) = _WORDS[lang], row
    share = _share(one.share, lang, words["of revenue"])
    when = f" ({supplier.period})" if supplier.period else ""
    hhi = _range(Decimal(round(supplier.hhi.low)), Decimal(round(supplier.hhi.high)), lang)
    perhaps = words["perhaps less"] if one.share.low < 0.1 else None  # noqa: PLR2004 - a tenth, as its layer asks
    over = words["over"] if supplier.over else None
    told = [words["hhi"].format(hhi), words[supplier.level], perhaps, over, _said(one.modality, lang)]
    return f"{_name(supplier.company)} ← {_name(one.entity)}{_COLON[lang]}{share}{when}", _joined(told)


def dependence(row: "Dependence", lang: str) -> tuple[str, str]:
    """Tell on whom a company hangs, and how."""
    words = _WORDS[lang]
    on = _name(row.depends_on)
    title = words["depends"].format(_name(row.company), _de(on) if lang == "fr" else on)
    bare = row.how in {"only known supplier", "cut point"}
    unsure = None if row.answer is TriState.TRUE else words["others" if bare else "open"]
    of = words["of revenue" if row.how == "most of revenue" else "of cost"]
    share = None if row.share is None else _share(row.share, lang, of)
    return title, _joined([words[row.how], share, unsure, _said(row.modality, lang)])


def control(rows: Sequence["UltimateController"], lang: str) -> tuple[str, str]:
    """Tell whom one controller controls, surely and perhaps."""
    words, who = _WORDS[lang], _name(rows[0].controller)
    sure, perhaps = (
        [row.company for row in rows if (row.answer is TriState.TRUE) is is_sure] for is_sure in (True, False)
    )
    title = words["controls" if sure else "perhaps controls"]
    whom = _name(rows[0].company) if len(rows) == 1 else words["companies"].format(len(sure or perhaps))
    both = ((words["sure"], sure, words["chain"]), (words["perhaps"], perhaps, words["unknown"]))
    told = [
        why if len(rows) == 1 else f"{how}{_COLON[lang]}{_names(companies, lang)} ({why})"
        for how, companies, why in both
        if companies
    ]
    ring = rows[0].ring
    told += [words["ring"].format(_names([rows[0].controller, *ring], lang))] if ring else []
    return title.format(who, whom), _joined(told)


def community(row: "Community", lang: str) -> tuple[str, str]:
    """Tell of companies that hang together."""
    return _names(row.companies, lang), _WORDS[lang]["group"].format(len(row.companies), len(row.relationships))
