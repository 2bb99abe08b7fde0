"""A bundle: the files that say a story, those that are made of them, and a manifest of their hashes ("kg-bundle/1").

=====================  ====================================================================================
story.html, story.pdf  the page of the story, and the same on paper (where typst is installed)
claims.jsonl           its claims (kg-claims/1)
claims.csv             the same as a table
claims.trig            the same as RDF 1.1, admitted claims alone
claims-rdf12.trig      the same as RDF 1.2, in which each claim reifies its triple
claims.ftm.json        what FollowTheMoney can say of them
citations.bib, .json   each claim as an entry of BibTeX, and as an item of CSL-JSON
documents.json         the documents: ids, titles, addresses, dates, SHA-256 of their texts
judgements.jsonl       what people say of the claims, and of who is whom
notes.json             notes, saved views and places (kg-scenes/1)
story.json             what the story was asked to be about, and what is left out
texts/                 the texts, where they were asked for
manifest.json          the SHA-256 of each of these
=====================  ====================================================================================
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg import formats
from kg.bundle.archive import packed
from kg.bundle.codec import story_files
from kg.bundle.page import html_of
from kg.bundle.pdf import pdf_of
from kg.bundle.rdf import story_store, trig
from kg.bundle.story import Story
from kg.bundle.tables import csv_of, ftm_of, ties_in
from kg.bundle.whole_page import whole_page
from kg.errors import MissingExtra
from kg.export.citation import csl_item
from kg.export.latex import bibtex_entry

__all__ = ["MANIFEST", "MOST_ON_PAPER", "PAPER", "Bundle", "bundled", "manifest_of"]

MANIFEST, PAPER = "manifest.json", "story.pdf"
MOST_ON_PAPER = 4000
"""Claims that are set as a PDF, at most: a thousand pages, which take a gigabyte of memory to set."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A story with its files by name; `notes` are a line on each thing that a file cannot say, or that is not there."""

    story: Story
    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()

    def archive(self) -> bytes:
        """Return the bundle as a ZIP archive: the same story gives the same bytes."""
        return packed(self.files)

    @property
    def id(self) -> str:
        """The hash by which its manifest is called: told apart from the bundle, it proves the bundle."""
        return str(json.loads(self.files[MANIFEST])["id"])


def bundled(story: Story, *, with_paper: bool = True) -> Bundle:
    """Return the bundle of a story; without typst, or where no paper is asked for, it has no PDF, and says so."""
    page = whole_page(story)
    with story_store(story) as store:
        ties = ftm_of(story, store)
        rdf = {"claims.trig": trig(story, store), "claims-rdf12.trig": trig(story, store, is_reified=True)}
    notes = _unsaid(len(ties_in(ties)), len(story.claims))
    items = [(csl_item(claim, story.by_source[claim.document])) for claim in story.claims]
    files = {
        **story_files(story),
        **rdf,
        "story.html": html_of(page).encode(),
        "claims.csv": csv_of(story),
        "claims.ftm.json": ties,
        "citations.bib": "\n\n".join(map(bibtex_entry, items)).encode() + b"\n",
        "citations.json": json.dumps(items, ensure_ascii=False, indent=1).encode() + b"\n",
    }
    if with_paper and len(story.claims) > MOST_ON_PAPER:
        notes = (
            *notes,
            f"{PAPER} is left out: {len(story.claims)} claims are too many for paper, {MOST_ON_PAPER} at most",
        )
    elif with_paper:
        try:
            files[PAPER] = pdf_of(page)
        except MissingExtra as error:
            notes = (*notes, f"{PAPER} is left out: {error}")
    return Bundle(story, files | {MANIFEST: manifest_of(files, story)}, notes)


def _unsaid(ties: int, claims: int) -> tuple[str, ...]:
    if ties == claims:
        return ()
    return (f"claims.ftm.json has {ties} of {claims} claims: FollowTheMoney has no terms for the others",)


def manifest_of(files: Mapping[str, bytes], story: Story) -> bytes:
    """Return the manifest of files: what each is called, how long it is, its SHA-256; and an `id` over all of that."""
    record: dict[str, Any] = {
        "format": formats.BUNDLE,
        "title": story.request.title,
        "claims": len(story.claims),
        "files": [
            {"name": name, "bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
            for name in sorted(files)
        ],
    }
    record["id"] = hashlib.sha256(json.dumps(record, ensure_ascii=False).encode()).hexdigest()
    return json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n"
