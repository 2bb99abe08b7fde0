"""Whether a bundle is whole: each byte, each quote at its place, and each file saying the same claims."""

import hashlib
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg import formats
from kg.bundle.archive import packed, read_files
from kg.bundle.bundle import MANIFEST, PAPER, manifest_of
from kg.bundle.codec import CLAIMS, DOCUMENTS, JUDGEMENTS, NOTES, STORY, story_from, text_name
from kg.bundle.page_reading import quotes_in, strange_in
from kg.bundle.rdf import claims_in
from kg.bundle.shown import shown
from kg.bundle.story import Story
from kg.bundle.tables import rows_in, says_row, ties_in
from kg.errors import BundleError, InvalidRecord, KgError, UnknownDocument
from kg.export.latex import latex
from kg.formats import is_older
from kg.importers.ftm.parties import ftm_id
from kg.model import Claim, Evidence
from kg.store import Store
from kg.store.json_codec import strict_json
from kg.wording.printable import printable

__all__ = ["Verification", "read_bundle", "verified"]

_NEEDED = frozenset(
    {STORY, CLAIMS, DOCUMENTS, JUDGEMENTS, NOTES, "story.html", "claims.csv", "claims.trig", "claims-rdf12.trig",
     "claims.ftm.json", "citations.bib", "citations.json"}
)  # fmt: skip
_OPTIONAL = frozenset({PAPER})
_CITED = re.compile(r"  annote = \{(.*)\},\n  note = \{(?:n\.d\. )?kg claim ([0-9a-f]{32}),")
_RDF = ("claims.trig", "claims-rdf12.trig")


@dataclass(frozen=True, slots=True)
class Verification:
    """What was proved of a bundle.

    `quotes` counts the quotes of its claims, `proved` those that stand at their places in a text that is at hand:
    one in the bundle, or in the store. `id` is the bundle's, `files` how many files it has, its manifest among them.
    """

    story: Story
    id: str
    files: int
    quotes: int
    proved: int


def verified(path: str | Path, store: Store | None = None) -> Verification:
    """Prove a bundle, an archive or the folder it was unpacked to; with a store, its quotes by the texts there, too.

    Raises `BundleError`, of which `problems` has a line for each thing that is wrong, with the file in which it is.
    """
    story, files = read_bundle(path)
    problems = [f"{path}: {problem}" for problem in _same_claims(story, files)]
    proved, lost = _quotes(story, store)
    problems += [f"{path}: {problem}" for problem in lost]
    if problems:
        raise BundleError(_summary(problems), problems)
    count = sum(len(claim.evidence) for claim in story.claims)
    return Verification(story, str(strict_json(files[MANIFEST])["id"]), len(files), count, proved)


def _summary(problems: list[str]) -> str:
    return problems[0] + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")


def read_bundle(path: str | Path) -> tuple[Story, Mapping[str, bytes]]:
    """Return the story of a bundle and its files, once their hashes are proved; raise `BundleError` as `verified`."""
    files, archive = read_files(path)
    problems = [f"{path}: {problem}" for problem in _changed(files)]
    if not problems and archive is not None and archive != (canonical := packed(files)):
        at = next(n for n, (a, b) in enumerate(itertools.zip_longest(archive, canonical)) if a != b)
        problems.append(f"{path}: byte {at} of the archive was changed, beside its files, which are whole")
    if problems:
        raise BundleError(_summary(problems), problems)
    try:
        story = story_from(files)
        if manifest_of(_without_manifest(files), story) != files[MANIFEST]:
            raise InvalidRecord(f"{MANIFEST} does not say what its story does")
    except KgError as error:
        raise BundleError(f"{path}: {error}") from error
    return story, files


def _without_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name != MANIFEST}


# ------------------------------------------------------------------------------ hashes
def _changed(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what differs from the manifest: files that were changed, that are lost, that are too many."""
    if MANIFEST not in files:
        yield f"lacks {MANIFEST}: this is no bundle of kg, or not all of one"
        return
    try:
        hashes = _manifest(files[MANIFEST])
    except InvalidRecord as error:
        yield f"{MANIFEST} {error}"
        return
    for name in sorted({*hashes, *_NEEDED} - files.keys()):
        yield f"{name} is missing"
    for name in sorted(files.keys() - hashes.keys() - {MANIFEST}):
        yield f"{name} is a file that {MANIFEST} does not name"
    for name in sorted(hashes.keys() & files.keys()):
        if hashlib.sha256(files[name]).hexdigest() != hashes[name]:
            yield f"{name} was changed: it has another SHA-256 than {MANIFEST} says"


def _manifest(data: bytes) -> Mapping[str, str]:
    """Return the hashes that a manifest says, by name; raise `InvalidRecord` for one that was changed or is none."""
    record = strict_json(data)
    try:
        found = record["format"]
        if found != formats.BUNDLE:
            older = isinstance(found, str) and is_older(found, formats.BUNDLE)
            what = "made by an older kg" if older else "of another kg, or none of its"
            raise InvalidRecord(f"says the format {str(found)[:40]!r}: it is {what}; this kg reads {formats.BUNDLE!r}")
        hashes = {str(each["name"]): str(each["sha256"]) for each in record["files"]}
        _check_own(record, data)
    except (KeyError, TypeError) as error:
        raise InvalidRecord(f"is not whole: {error!r}") from error
    odd = [name for name in hashes if name not in _NEEDED | _OPTIONAL and not name.startswith("texts/")]
    if odd:
        raise InvalidRecord(f"names '{odd[0][:60]}', a file that no bundle has")
    return hashes


def _check_own(record: Any, data: bytes) -> None:
    """Check that a manifest is written as it was: its id is the hash of the rest of it."""
    rest = {name: value for name, value in record.items() if name != "id"}
    own = hashlib.sha256(json.dumps(rest, ensure_ascii=False).encode()).hexdigest()
    written = json.dumps({**rest, "id": own}, ensure_ascii=False, indent=1).encode() + b"\n"
    if record["id"] != own or written != data:
        raise InvalidRecord("was changed: its id is not the hash of what it says")


# ------------------------------------------------------------------------------ quotes
def _quotes(story: Story, store: Store | None) -> tuple[int, list[str]]:
    """Return how many quotes stand at their places, and a line for each that does not."""
    proved, problems = 0, list[str]()
    by_document: defaultdict[str, list[tuple[Claim, Evidence]]] = defaultdict(list)
    for claim in story.claims:
        for evidence in claim.evidence:
            by_document[evidence.document].append((claim, evidence))
    for number, source in enumerate(story.sources, 1):
        quotes = by_document[source.id]
        problems += [
            f"claim {claim.id} quotes characters {e.start}–{e.end} of '{source.id}', which has {source.length}"
            for claim, e in quotes
            if e.end > source.length
        ]
        texts = [(text_name(number), story.texts[source.id])] if source.id in story.texts else []
        if store is not None:
            try:
                texts.append((f"the store's '{source.id}'", store.document(source.id).text))
            except UnknownDocument as error:
                problems.append(f"document '{source.id}' cannot be proved: {error}")
        for name, text in texts:
            if hashlib.sha256(text.encode()).hexdigest() != source.sha256 or len(text) != source.length:
                problems.append(f"{name} is another text than the one that was quoted: its SHA-256 differs")
            else:
                problems += list(_misplaced(quotes, text, name))
        proved += len(quotes) if texts else 0
    return proved, problems


def _misplaced(quotes: list[tuple[Claim, Evidence]], text: str, name: str) -> Iterator[str]:
    for claim, evidence in quotes:
        if text[evidence.start : evidence.end] != evidence.quote:
            yield f"claim {claim.id}: its quote does not stand at characters {evidence.start}–{evidence.end} of {name}"


# ------------------------------------------------------------------------------ the same claims
def _same_claims(story: Story, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what one file says otherwise than the claims do."""
    claims, admitted = {c.id: c for c in story.claims}, {c.id: c for c in story.admitted}
    checks: dict[str, Callable[[bytes], Iterator[str]]] = {
        **dict.fromkeys(_RDF, lambda data: _rdf(story, data, admitted)),
        "claims.csv": lambda data: _table(data, claims),
        "claims.ftm.json": lambda data: _ties(data, admitted),
        "citations.bib": lambda data: _citations(_cited_by_bibtex(data), claims, latex),
        "citations.json": lambda data: _citations(_cited_by_csl(data), claims, printable),
        "story.html": lambda data: _page(data, claims),
    }
    for name, check in checks.items():
        try:
            yield from (f"{name} {problem}" for problem in check(files[name]))
        except InvalidRecord as error:
            yield f"{name} {error}"


def _ties(data: bytes, claims: Mapping[str, Claim]) -> Iterator[str]:
    """Yield ties that are no claims, or between others; not all claims are ties there."""
    ties = ties_in(data)
    for id_ in sorted(ties.keys() - claims.keys()):
        yield f"has the claim {id_}, which {CLAIMS} lacks"
    for id_ in sorted(ties.keys() & claims.keys()):
        if ties[id_] != tuple(ftm_id(entity.id) for entity in claims[id_].entities[:2]):
            yield f"ties others by the claim {id_} than {CLAIMS}"


def _cited_by_bibtex(data: bytes) -> Mapping[str, str]:
    try:
        return {id_: quote for quote, id_ in _CITED.findall(data.decode())}
    except UnicodeDecodeError as error:
        raise InvalidRecord(f"is not UTF-8, at byte {error.start}") from error


def _cited_by_csl(data: bytes) -> Mapping[str, str]:
    try:
        items = [(str(item["note"]), str(item["annote"])) for item in strict_json(data)]
    except (KeyError, TypeError) as error:
        raise InvalidRecord(f"is no list of citations: {error!r}") from error
    return {note.removeprefix("kg claim ").partition(",")[0]: quote for note, quote in items}


def _citations(found: Mapping[str, str], claims: Mapping[str, Claim], wanted: Callable[[str], str]) -> Iterator[str]:
    yield from _differing(found, claims)
    for id_ in sorted(found.keys() & claims.keys()):
        if found[id_] != wanted(claims[id_].evidence[0].quote):
            yield f"has another sentence for the claim {id_} than {CLAIMS}"


def _differing(found: Mapping[str, object], claims: Mapping[str, Claim]) -> Iterator[str]:
    for id_ in sorted(claims.keys() - found.keys()):
        yield f"lacks the claim {id_}"
    for id_ in sorted(found.keys() - claims.keys()):
        yield f"has the claim {id_}, which {CLAIMS} lacks"


def _rdf(story: Story, data: bytes, claims: Mapping[str, Claim]) -> Iterator[str]:
    found = claims_in(data, story.base, story.entities)
    yield from _differing(found, claims)
    for id_ in sorted(found.keys() & claims.keys()):
        if _bare(found[id_]) != _bare(claims[id_]):
            yield f"says the claim {id_} otherwise than {CLAIMS}"


def _bare(claim: Claim) -> Claim:
    """Return a claim without what RDF has no order for, or does not hold."""
    return replace(claim, reasons=tuple(sorted(claim.reasons)))


def _table(data: bytes, claims: Mapping[str, Claim]) -> Iterator[str]:
    rows = rows_in(data)
    yield from _differing(rows, claims)
    for id_ in sorted(rows.keys() & claims.keys()):
        if rows[id_] != says_row(claims[id_]):
            yield f"says the claim {id_} otherwise than {CLAIMS}"


def _page(data: bytes, claims: Mapping[str, Claim]) -> Iterator[str]:
    try:
        html = data.decode()
        (found, quotes), strange = quotes_in(html), strange_in(html)
    except UnicodeDecodeError as error:
        raise InvalidRecord(f"is not UTF-8, at byte {error.start}") from error
    yield from (f"has {what}, which no page of a story has" for what in strange)
    yield from _differing(dict.fromkeys(found), claims)
    wanted = {f"{c.id}-{at}": shown(e.quote) for c in claims.values() for at, e in enumerate(c.evidence)}
    for name in sorted(wanted.keys() ^ quotes.keys()):
        yield f"lacks the quote {name}, or has it without need"
    for name in sorted(wanted.keys() & quotes.keys()):
        if wanted[name] != quotes[name]:
            yield f"has another sentence for the quote {name} than {CLAIMS}"
