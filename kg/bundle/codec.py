"""A story as the files that say it whole, and back: what a bundle is verified and merged by."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kg.bundle.request import request_from, request_record
from kg.bundle.story import Absence, Conflict, ConflictKind, LeftOut, Story
from kg.errors import InvalidRecord
from kg.export.sources import source_from, source_record
from kg.judgements import Opinion, Part, Verdict
from kg.judgements.judgement import is_moment
from kg.model import BOOLEAN_QUALIFIERS, Claim
from kg.store.json_codec import claim_from, claim_line, claim_record, strict_json
from kg.store.judgement_codec import identity_from, identity_record, judgement_from, judgement_record
from kg.view.scenes import scenes_of

__all__ = ["CLAIMS", "DOCUMENTS", "JUDGEMENTS", "NOTES", "STORY", "story_files", "story_from", "text_name"]

CLAIMS, DOCUMENTS, JUDGEMENTS, NOTES, STORY = (
    "claims.jsonl", "documents.json", "judgements.jsonl", "notes.json", "story.json",
)  # fmt: skip
"""The files that say a story; all others are made of it."""

_STORY_KEYS = {"request", "day", "base", "left_out", "counts", "copies", "opinions", "conflicts"}


def text_name(number: int) -> str:
    """Return the name of the file that holds the text of a document, by its place in the list of documents, from 1."""
    return f"texts/{number:04}.txt"


def story_files(story: Story) -> Mapping[str, bytes]:
    """Return the files that say a story, by name."""
    narrowed = "; ".join(story.request.narrowed) or None
    files = {
        STORY: _json(_story_record(story)),
        CLAIMS: b"".join(claim_line(claim, narrowed) for claim in story.claims),
        DOCUMENTS: _json([source_record(source) for source in story.sources]),
        NOTES: _json(story.scenes.json()),
        JUDGEMENTS: b"".join(
            _line({"judgement": judgement_record(word)}) for word in story.words
        ) + b"".join(_line({"identity": identity_record(word)}) for word in story.identities),
    }  # fmt: skip
    texts = {text_name(at): story.texts[s.id] for at, s in enumerate(story.sources, 1) if s.id in story.texts}
    return files | {name: text.encode() for name, text in texts.items()}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _story_record(story: Story) -> dict[str, Any]:
    return {
        "request": request_record(story.request),
        "day": story.day,
        "base": story.base,
        "counts": dict(sorted(story.counts.items())),
        "left_out": [{"why": each.absence.value, "claim": claim_record(each.claim)} for each in story.left_out],
        "copies": None if story.copies is None else [list(group) for group in story.copies],
        "opinions": {id_: [_opinion_record(each) for each in story.opinions[id_]] for id_ in sorted(story.opinions)},
        "conflicts": [{"kind": c.kind.value, "on": c.on, "sides": list(c.sides)} for c in story.conflicts],
    }


def _opinion_record(opinion: Opinion) -> list[str | None]:
    part = opinion.part and opinion.part.value
    return [opinion.verdict.value, opinion.author, opinion.at, part, opinion.judgement]


def story_from(files: Mapping[str, bytes]) -> Story:
    """Return the story that files say; raise `InvalidRecord` with the file and what is wrong in it."""
    words = list(_lines(files, JUDGEMENTS))
    documents = _parsed(files, DOCUMENTS)
    record = _parsed(files, STORY)
    try:
        _check_keys(record, words)
        sources = tuple(map(source_from, documents))
        return Story(
            request=request_from(record["request"]),
            day=record["day"],
            base=record["base"],
            claims=tuple(_claim_from(line) for line in _lines(files, CLAIMS)),
            sources=sources,
            left_out=tuple(LeftOut(Absence(e["why"]), _claim_from(e["claim"])) for e in record["left_out"]),
            counts={str(name): int(count) for name, count in record["counts"].items()},
            copies=_copies(record["copies"]),
            opinions={id_: tuple(map(_opinion_from, each)) for id_, each in record["opinions"].items()},
            words=tuple(judgement_from(word["judgement"]) for word in words if "judgement" in word),
            identities=tuple(identity_from(word["identity"]) for word in words if "identity" in word),
            scenes=scenes_of(_parsed(files, NOTES), NOTES),
            conflicts=tuple(map(_conflict_from, record["conflicts"])),
            texts={s.id: _text(files, at) for at, s in enumerate(sources, 1) if text_name(at) in files},
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidRecord):
            raise
        raise InvalidRecord(f"the story is not whole: {error!r}") from error


def _copies(groups: Any) -> tuple[tuple[str, ...], ...] | None:
    return None if groups is None else tuple(tuple(map(str, group)) for group in groups)


def _check_keys(record: Mapping[str, Any], words: Iterable[Mapping[str, Any]]) -> None:
    unknown = sorted(set(record) ^ _STORY_KEYS)
    if unknown:
        raise InvalidRecord(f"{STORY} lacks, or does not know, the key '{unknown[0]}'")
    for word in words:
        if set(word) not in ({"judgement"}, {"identity"}):
            raise InvalidRecord(f"{JUDGEMENTS} has a line that is neither a judgement nor one of identity")


def _claim_from(record: Any) -> Claim:
    """Return the claim of a stranger's file; raise `InvalidRecord` where a text of it is none."""
    claim = claim_from({key: value for key, value in record.items() if key != "selection"})
    texts = [*claim.reasons, claim.method]
    for entity in claim.entities:
        texts += [entity.id, entity.name, entity.type, *entity.aliases]
    flags = [getattr(claim.qualifiers, name) for name in BOOLEAN_QUALIFIERS]
    if not all(isinstance(text, str) for text in texts) or not {*map(type, flags)} <= {bool, type(None)}:
        raise InvalidRecord(f"claim {claim.id} has a name, a reason or a term that is of no kind it can be of")
    return claim


def _opinion_from(record: list[Any]) -> Opinion:
    verdict, author, at, part, judgement = record
    if not isinstance(at, str) or not is_moment(at):
        raise InvalidRecord(f"{STORY} has an opinion of no UTC time: {at!r:.60}")
    return Opinion(Verdict(verdict), str(author), at, None if part is None else Part(part), str(judgement))


def _conflict_from(record: Mapping[str, Any]) -> Conflict:
    on, sides = record["on"], record["sides"]
    if not all(isinstance(text, str) for text in (on, *sides)):
        raise InvalidRecord(f"{STORY} has a conflict that is no text: {on!r:.60}")
    return Conflict(ConflictKind(record["kind"]), on, tuple(sides))


def _parsed(files: Mapping[str, bytes], name: str) -> Any:
    try:
        return strict_json(files[name])
    except InvalidRecord as error:
        raise InvalidRecord(f"{name}: {error}") from error


def _lines(files: Mapping[str, bytes], name: str) -> Iterable[Mapping[str, Any]]:
    for number, line in enumerate(files[name].splitlines(), 1):
        try:
            record = strict_json(line)
        except InvalidRecord as error:
            raise InvalidRecord(f"{name}, line {number}: {error}") from error
        if not isinstance(record, dict):
            raise InvalidRecord(f"{name}, line {number}: must be an object")
        yield record


def _text(files: Mapping[str, bytes], number: int) -> str:
    name = text_name(number)
    try:
        return files[name].decode()
    except UnicodeDecodeError as error:
        raise InvalidRecord(f"{name}: is not UTF-8, at byte {error.start}") from error
