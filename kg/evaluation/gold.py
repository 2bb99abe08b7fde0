"""Gold annotations (kg-gold/1) as records: every file below a folder, with its text."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from kg.errors import AnnotationError, did_you_mean
from kg.evaluation.fields import RecordFields, parsed
from kg.evaluation.matching import GROUPS, RELATIONS, TERMS, Key, key, norm
from kg.evaluation.records import Expected, Gold, GoldEdge, Trap

__all__ = ["gold_of", "read_gold", "text_path"]

_ENDING = ".gold.json"
_SCHEMA = "kg-gold/1"
_MODALITIES = {"terminated": "ended", "alleged": "hedged"}
"""What a claim calls the statuses that gold has another word for."""


def read_gold(folders: Iterable[Path], texts: Path | None = None) -> tuple[tuple[Gold, Path], ...]:
    """Return the annotations in the files ``*.gold.json`` of some folders, each with its text's path.

    The texts are looked for below `texts`, by default below the folder that holds the gold folder.
    Raises `AnnotationError` in one line for a folder without gold, a file that does not hold, a text
    that is not there.
    """
    golds = []
    for folder in folders:
        paths = sorted(folder.glob(f"*{_ENDING}")) if folder.is_dir() else []
        if not paths:
            raise AnnotationError(f"{folder}: holds no gold (*{_ENDING}): name a folder of kg-gold/1 files")
        for path in paths:
            fields = _opened(path)
            at = text_path(fields, texts or folder.absolute().parent)
            golds.append((gold_of(fields, path.name, _text(at)), at))
    return tuple(golds)


def _opened(path: Path) -> RecordFields:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be read: {error.strerror}") from error
    return parsed(data, str(path))


def text_path(fields: RecordFields, texts: Path) -> Path:
    """Return where the text of a gold file lies: at its `text_file` below `texts`, or there by its bare name."""
    name = fields.need("text_file", str)
    at = texts / name
    if at.is_file():
        return at
    bare = PurePosixPath(name).name
    elsewhere = sorted(texts.rglob(bare)) if bare else []
    if not elsewhere:
        raise fields.wrong(f"its text '{name}' is not below {texts}: name the folder of the texts with --texts")
    return elsewhere[0]


def _text(path: Path) -> str:
    try:
        # Offsets count characters of the bytes as they are: line ends and a byte order mark stay.
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{path}: is not UTF-8 ({error}): gold counts characters of UTF-8 texts") from error


def gold_of(fields: RecordFields, file: str, text: str) -> Gold:
    """Return the annotations that a gold file's fields are, of the text `text`."""
    if fields.record.get("schema") != _SCHEMA:
        raise fields.wrong(f'is not marked as {_SCHEMA}: give it "schema": "{_SCHEMA}"')
    entities = {entity.need("id", str): entity for entity in fields.each("entities")}
    names = {
        norm(name): id_
        for id_, entity in entities.items()
        for name in (entity.need("name", str), *entity.texts("aliases"))
    }
    relations = {record.need("id", str): record for record in fields.each("relations")}
    if len(relations) != len(fields.get("relations", list) or ()):
        raise fields.wrong("two relations have one id: give each its own")
    scored = {i: _expected(record, entities, text) for i, record in relations.items() if _is_scored(record)}
    return Gold(
        file=file,
        document=PurePosixPath(fields.need("text_file", str)).name,
        lang=fields.get("lang", str) or "?",
        text=text,
        limit=len(text) if (limit := fields.get("annotated_chars", int)) is None else limit,
        ids=names | {id_: id_ for id_ in entities},
        expected=tuple(scored.values()),
        any_of=_groups(fields, relations, scored),
        traps=tuple(_trap(record, text) for record in fields.each("traps")),
        source=fields.get("document", str) or "",
    )


def _is_scored(relation: RecordFields) -> bool:
    return relation.need("predicate", str) in RELATIONS


def _expected(fields: RecordFields, entities: Mapping[str, RecordFields], text: str) -> Expected:
    ends = fields.need("subject", str), fields.need("object", str)
    for end in ends:
        if end not in entities:
            raise fields.wrong(f"'{end}' is no entity of this file: add it.{did_you_mean(end, entities)}")
    statuses = (fields.need("status", str), *fields.texts("status_also"))
    for status in statuses:
        _check_status(fields, status)
    statuses = tuple(_MODALITIES.get(status, status) for status in statuses)
    quote, start = fields.need("quote", str), fields.get("char_start", int)
    qualifiers = fields.values("qualifiers", TERMS)
    return Expected(
        id=fields.need("id", str),
        key=key(ends[0], fields.need("predicate", str), ends[1]),
        status=statuses[0],
        statuses=statuses,
        core=fields.need("tier", str) == "core",
        qualifiers={name: value for name, value in qualifiers.items() if value is not None},
        quote=quote,
        start=text.find(quote) if start is None else start,
    )


def _check_status(fields: RecordFields, status: str) -> None:
    if status not in GROUPS:
        hint = did_you_mean(status, GROUPS) or f" Choose one of {', '.join(GROUPS)}."
        raise fields.wrong(f"'{status}' is no status.{hint}")


def _groups(
    fields: RecordFields, relations: Mapping[str, RecordFields], scored: Mapping[str, Expected]
) -> tuple[tuple[Key, ...], ...]:
    groups = []
    for group in fields.get("core_any_of", list) or ():
        if not isinstance(group, list) or not all(isinstance(id_, str) for id_ in group):
            raise fields.wrong("'core_any_of' must be a list of lists of relation ids")
        for id_ in group:
            if id_ not in relations:
                raise fields.wrong(f"core_any_of names '{id_}', which is no relation.{did_you_mean(id_, relations)}")
        if keys := tuple(scored[id_].key for id_ in group if id_ in scored):
            groups.append(keys)
    return tuple(groups)


def _trap(fields: RecordFields, text: str) -> Trap:
    quote, start = fields.need("quote", str), fields.get("char_start", int)
    listed = fields.get("edges", list)
    return Trap(
        must_not=fields.need("must_not", str),
        quote=quote,
        start=text.find(quote) if start is None else start,
        edges=None if listed is None else tuple(_edge(edge) for edge in fields.each("edges")),
    )


def _edge(fields: RecordFields) -> GoldEdge:
    statuses = None if fields.get("statuses", list) is None else frozenset(fields.texts("statuses"))
    for status in statuses or ():
        _check_status(fields, status)
    ends = fields.need("subject", str), fields.need("predicate", str), fields.need("object", str)
    return GoldEdge(key(*ends), statuses, fields.values("qualifiers"))
