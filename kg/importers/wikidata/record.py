"""What an item says of the entity itself: names, identifiers, country, legal form, when it began and ended."""

from collections.abc import Iterator, Mapping
from typing import Any

from kg.identifiers import canonical
from kg.importers.wikidata.items import Items
from kg.importers.wikidata.kinds import COUNTRIES, EXCHANGES, kind_of
from kg.importers.wikidata.values import Statement, item_id, partial_date, statements, text
from kg.resolve import DatedName, RegisterRecord, register_entity

__all__ = ["best", "identifiers", "kind_of_item", "name_of", "record_of"]

_LANGUAGES = ("en", "mul", "fr")
_IDENTIFIERS: Mapping[str, str] = {"P1278": "lei", "P5531": "cik", "P946": "isin"}
_LISTED = ("P1278", "P5531", "P946", "P414")
_AMERICAN = frozenset({"XNYS", "XNAS", "XASE"})


def best(found: list[Statement]) -> list[Statement]:
    """Return the statements of the best rank that have a value: the preferred ones, else the normal ones."""
    known = [one for one in found if one.is_known and one.rank in {"preferred", "normal"}]
    return [one for one in known if one.rank == "preferred"] or known


def kind_of_item(item: Mapping[str, Any], kinds: Mapping[str, str]) -> str | None:
    """Return the class of the ontology that an item is of; None for one that is not read."""
    found = (item_id(one.snak) for one in best(statements(item, "P31")))
    is_listed = any(statements(item, property_) for property_ in _LISTED)
    return kind_of((one for one in found if one), kinds, is_listed=is_listed)


def name_of(item: Mapping[str, Any]) -> str | None:
    """Return the label in English, in all languages, in French, or in the first other language there is."""
    labels = item.get("labels")
    told = {key: _term(label) for key, label in labels.items()} if isinstance(labels, dict) else {}
    names = [told.get(language) for language in (*_LANGUAGES, *sorted(told))]
    return next((name for name in names if name), None)


def _term(term: Any) -> str | None:
    value = term.get("value") if isinstance(term, dict) else None
    return " ".join(value.split()) or None if isinstance(value, str) else None


def identifiers(item: Mapping[str, Any], wrong: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what identifies an item; `wrong` takes up values that are not well formed, with their properties."""
    pairs = []
    for property_, kind in _IDENTIFIERS.items():
        for one in best(statements(item, property_)):
            told = text(one.snak) or ""
            value = canonical(kind, told)
            if value is None:
                wrong.append((property_, told))
            elif not one.has_ended:
                pairs.append((kind, value))
    return [*pairs, *_listings(item)]


def _listings(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in statements(item, "P414"):
        exchange = EXCHANGES.get(item_id(one.snak) or "")
        ticker = canonical("ticker", text(one.qualifier("P249")) or "")
        if one.rank != "deprecated" and not one.has_ended and exchange and ticker:
            yield "listing", f"{exchange}:{ticker}"
            if exchange in _AMERICAN:
                yield "ticker", ticker


def record_of(item: Mapping[str, Any], kind: str, items: Items, wrong: list[tuple[str, str]]) -> RegisterRecord:
    """Return the record that an item is."""
    id_ = str(item["id"])
    former, others = _official_names(item)
    name = name_of(item) or (others[0] if others else id_)
    aliases = [*_aliases(item), *others]
    pairs = [*identifiers(item, wrong), ("qid", id_)]
    ended = best(statements(item, "P576"))
    is_over = any(one.snak.get("snaktype") != "novalue" for one in statements(item, "P576") if one.rank != "deprecated")
    return RegisterRecord(
        register_entity(name, kind, "wikidata", id_, identifiers=pairs, aliases=aliases),
        "wikidata",
        id_,
        country=_country(item),
        legal_form=_legal_form(item, items),
        is_active=False if is_over else None,
        start=next((date for one in best(statements(item, "P571")) if (date := partial_date(one.snak))), None),
        end=next((date for one in ended if (date := partial_date(one.snak))), None),
        former_names=former,
    )


def _aliases(item: Mapping[str, Any]) -> list[str]:
    """Return labels and aliases in English and French, and those of all languages."""
    found = []
    for key in ("labels", "aliases"):
        terms = item.get(key)
        by_language = terms if isinstance(terms, dict) else {}
        for language in _LANGUAGES:
            told = by_language.get(language)
            found += [_term(term) for term in (told if isinstance(told, list) else [told])]
    return list(dict.fromkeys(name for name in found if name))


def _official_names(item: Mapping[str, Any]) -> tuple[tuple[DatedName, ...], list[str]]:
    """Return official names of earlier days (P1448), and those in use with short ones (P1813)."""
    former, others = [], []
    for property_ in ("P1448", "P1813"):
        for one in statements(item, property_):
            told = text(one.snak)
            if told is None or one.rank == "deprecated":
                continue
            if one.has_ended:
                former.append(DatedName(told, partial_date(one.qualifier("P580")), partial_date(one.qualifier("P582"))))
            else:
                others.append(told)
    return tuple(former), list(dict.fromkeys(others))


def _country(item: Mapping[str, Any]) -> str | None:
    found = [item_id(one.snak) for one in best(statements(item, "P17")) if not one.has_ended]
    return next((COUNTRIES[one] for one in found if one is not None and one in COUNTRIES), None)


def _legal_form(item: Mapping[str, Any], items: Items) -> str | None:
    forms = [item_id(one.snak) for one in best(statements(item, "P1454")) if not one.has_ended]
    return next((name for one in forms if one and (name := items.find(one)[1])), None)
