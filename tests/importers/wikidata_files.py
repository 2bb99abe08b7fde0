"""Items and results as Wikidata has them, made by the published formats: no dump is at hand.

https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html, https://www.w3.org/TR/sparql11-results-json/.
Items of companies, people and places are invented; those of classes, countries and exchanges are Wikidata's own.
"""

import json

WIKIDATA = "http://www.wikidata.org/entity/"


def value(kind, told):
    return {"snaktype": "value", "datavalue": {"type": kind, "value": told}}


def thing(id_):
    return value("wikibase-entityid", {"entity-type": "item", "numeric-id": int(id_[1:]), "id": id_})


def words(told):
    return value("string", told)


def named(told, language="en"):
    return value("monolingualtext", {"text": told, "language": language})


def time(told, precision=11):
    calendar = f"{WIKIDATA}Q1985727"
    return value("time", {"time": f"+{told}T00:00:00Z", "precision": precision, "calendarmodel": calendar})


def share(told, unit="1"):
    return value("quantity", {"amount": told, "unit": unit})


SOME, NONE = {"snaktype": "somevalue"}, {"snaktype": "novalue"}


def statement(snak, rank="normal", **qualifiers):
    told = {"mainsnak": snak, "type": "statement", "rank": rank, "id": "Q1$0"}
    if qualifiers:
        told["qualifiers"] = {property_: [one] for property_, one in qualifiers.items()}
    return {**told, "references": [{"snaks": {"P854": [words("https://example.org/{report}")]}}]}


def item(id_, name, kind="Q783794", modified="2025-03-04T05:06:07Z", aliases=None, **claims):
    labels = {"fr": {"language": "fr", "value": f"{name} (fr)"}, "en": {"language": "en", "value": name}}
    said = {
        property_: [one if "mainsnak" in one else statement(one) for one in told] for property_, told in claims.items()
    }
    return {
        "type": "item",
        "id": id_,
        "labels": labels if name else {},
        "aliases": {"en": [{"language": "en", "value": one} for one in aliases or ()]},
        "claims": {"P31": [statement(thing(kind))], **said},
        "modified": modified,
    }


def dump(*items):
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in items) + "\n]\n"


def lines(*items):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in items)


def results(*rows):
    bindings = [
        {
            name: {"type": "uri", "value": WIKIDATA + told}
            if told[:1] == "Q" and told[1:].isdigit()
            else {"type": "literal", "value": told}
            for name, told in row.items()
        }
        for row in rows
    ]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}, indent=1)
