"""Records of GLEIF made up for the tests, and files of them in each of its formats; no name in them is a real one."""

import csv
import gzip
import io
import json
import zipfile
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = {
    "LEIData": ("lei", "http://www.gleif.org/data/schema/leidata/2016"),
    "RelationshipData": ("rr", "http://www.gleif.org/data/schema/rr/2016"),
    "ReportingExceptionData": ("repex", "http://www.gleif.org/data/schema/repex/2016"),
}
PARTS = {
    "LEIData": ("LEIHeader", "LEIRecords", "LEIRecord"),
    "RelationshipData": ("Header", "RelationshipRecords", "RelationshipRecord"),
    "ReportingExceptionData": ("Header", "ReportingExceptions", "Exception"),
}
GOLDEN = {"LEIData": "records", "RelationshipData": "relations", "ReportingExceptionData": "exceptions"}


def lei(name):
    """An LEI that begins with a name, with its check digits (ISO 17442: ISO 7064, mod 97-10)."""
    body = f"{name.upper():0<18}"
    number = int("".join(str(int(letter, 36)) for letter in f"{body}00"))
    return f"{body}{98 - number % 97:02}"


HELVANE, ORBICOR, QUENBY = map(lei, ("HELVANE", "ORBICOR", "QUENBY"))


def named(text, **attributes):
    """A leaf with attributes, as the golden copy writes it in JSON."""
    return {"$": text, **{f"@{key.replace('_', ':')}": value for key, value in attributes.items()}}


def entity(key=HELVANE, name="Helvane SA", *, status="ISSUED", updated="2023-05-18T15:41:20.212Z", **told):
    """The tree of a level 1 record; `told` are fields of its entity."""
    whole = {
        "LegalName": named(name, xml_lang="fr"),
        "LegalAddress": {"City": "Lyon", "Country": "FR"},
        "LegalJurisdiction": "FR",
        "EntityCategory": "GENERAL",
        "EntityStatus": "ACTIVE",
    }
    registration = {"LastUpdateDate": updated, "RegistrationStatus": status}
    return {"LEI": key, "Entity": {**whole, **told}, "Registration": registration}


def relationship(
    child=HELVANE,
    parent=ORBICOR,
    kind="IS_DIRECTLY_CONSOLIDATED_BY",
    *,
    status="ACTIVE",
    registered="PUBLISHED",
    periods=(),
):
    """The tree of a level 2 record; a period is its type, start and end."""
    told = {
        "StartNode": {"NodeID": child, "NodeIDType": "LEI"},
        "EndNode": {"NodeID": parent, "NodeIDType": "LEI"},
        "RelationshipType": kind,
        "RelationshipStatus": status,
    }
    if periods:
        told["RelationshipPeriods"] = {"RelationshipPeriod": [period(*one) for one in periods]}
    registration = {"LastUpdateDate": "2022-06-04T01:00:00.000Z", "RegistrationStatus": registered}
    return {"Relationship": told, "Registration": registration}


def period(kind, start, end=None):
    dates = {"StartDate": start, "EndDate": end, "PeriodType": kind}
    return {name: value for name, value in dates.items() if value is not None}


def exception(key=HELVANE, reasons=("NATURAL_PERSONS",), category="DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"):
    """The tree of a reporting exception."""
    return {"LEI": key, "ExceptionCategory": category, "ExceptionReason": list(reasons)}


def root_of(tree):
    if "Relationship" in tree:
        return "RelationshipData"
    return "ReportingExceptionData" if "ExceptionCategory" in tree else "LEIData"


# ---------------------------------------------------------------- XML
def element(prefix, name, value, indent="\n  "):
    if isinstance(value, list):
        return indent.join(element(prefix, name, one, indent) for one in value)
    attributes, held = "", value
    if isinstance(value, dict):
        attributes = "".join(f" {key[1:]}={quoteattr(text)}" for key, text in value.items() if key[0] == "@")
        held = {key: one for key, one in value.items() if key[0] != "@"}
        if set(held) == {"$"}:
            held = held["$"]
    if isinstance(held, dict):
        inner = "".join(indent + element(prefix, key, one, indent + "  ") for key, one in held.items()) + indent[:-2]
    else:
        inner = escape(held)
    return f"<{prefix}:{name}{attributes}>{inner}</{prefix}:{name}>"


def xml(trees, *, content="GLEIF_FULL_PUBLISHED", count=None, date="2023-06-05T08:20:51Z"):
    root = root_of(trees[0])
    prefix, namespace = NAMESPACES[root]
    header, container, item = PARTS[root]
    told = {"ContentDate": date, "FileContent": content, "RecordCount": str(len(trees) if count is None else count)}
    records = "\n".join(element(prefix, item, tree) for tree in trees)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{prefix}:{root} xmlns:{prefix}="{namespace}">'
        f"{element(prefix, header, told)}<{prefix}:{container}>\n{records}\n</{prefix}:{container}></{prefix}:{root}>\n"
    ).encode()


# ---------------------------------------------------------------- JSON
def badgerfish(value):
    if isinstance(value, dict):
        return {key: one if key[0] in "@$" else badgerfish(one) for key, one in value.items()}
    return [badgerfish(one) for one in value] if isinstance(value, list) else {"$": value}


def golden_json(trees):
    """As the golden copy is published: every leaf an object, all under one key."""
    return json.dumps({GOLDEN[root_of(trees[0])]: [badgerfish(tree) for tree in trees]}, ensure_ascii=False).encode()


def plain_json(trees):
    """As others pass it on: an array of plain objects."""
    return json.dumps(trees, ensure_ascii=False, indent=1).encode()


def json_lines(trees):
    return "".join(f"{json.dumps(tree, ensure_ascii=False)}\n" for tree in trees).encode()


# ---------------------------------------------------------------- CSV
CALLED = {
    "RelationshipPeriods.RelationshipPeriod": "Period",
    "StartDate": "startDate",
    "EndDate": "endDate",
    "PeriodType": "periodType",
    "ExceptionCategory": "Exception.Category",
    "ExceptionReason": "Exception.Reason",
    "@xml:lang": "xmllang",
    "@": "",
}


def cells(value, path=""):
    """The cells of a record by column, as the golden copy calls them."""
    if isinstance(value, dict):
        found = {}
        for key, one in value.items():
            found |= cells(one, path if key == "$" else f"{path}.{key}")
        return found
    if isinstance(value, list):
        return {key: one for at, each in enumerate(value, 1) for key, one in cells(each, f"{path}.{at}").items()}
    column = path.removeprefix(".")
    for own, golden in CALLED.items():
        column = column.replace(own, golden)
    return {column: value}


def golden_csv(trees):
    rows = [cells(tree) for tree in trees]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode()


FORMATS = {"xml": xml, "json": golden_json, "plain.json": plain_json, "jsonl": json_lines, "csv": golden_csv}


# ---------------------------------------------------------------- packed
def zipped(data, *names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names or ("data.xml",):
            archive.writestr(name, data)
    return out.getvalue()


PACKED = {"": bytes, ".gz": gzip.compress, ".zip": zipped}
