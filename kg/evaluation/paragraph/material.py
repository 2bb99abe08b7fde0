"""Write the windows that the model of the paragraph is fitted on: ``python -m kg.evaluation.paragraph.material``.

Out of marked passages (those of the project and those below a shared folder), marked real texts, the corpus's
sentences and, where its folder is named, CORE's (Borchert et al., CC BY 4.0). Each window of a passage is written
twice: with the names that the reader finds, errors included, and with those that the marks give. Passages of the part
``frozen`` are for scoring only: none is written.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import accumulate, chain, permutations
from pathlib import Path
from typing import Any

from kg.evaluation.core import RELATIONS, SAME, core_items
from kg.evaluation.fit import sentences
from kg.evaluation.labelled import document_of
from kg.evaluation.paragraph.labelled import (
    FITTED,
    FOUND,
    MARKED,
    WATCHED,
    LabelledWindow,
    Tie,
    read_windows,
    write_windows,
)
from kg.evaluation.paragraph.labels import labelled, marked, marks_of, occurrences
from kg.evaluation.paragraph.sources import digests, record
from kg.evaluation.passages import Passage, part_of, read_half, read_marked, read_passages, text_of
from kg.evaluation.report import is_read_half
from kg.extract.corpus import Item
from kg.extract.lexicon import LANGUAGES, Lexicon, load
from kg.extract.paragraph.network import RELATIONS as ALL
from kg.extract.paragraph.windows import KINDS, windows
from kg.extract.reader import named
from kg.model import Document
from kg.resolve import Resolver

__all__ = ["WINDOWS", "core_windows", "corpus_windows", "counter_windows", "main", "passage_windows", "passages"]

WINDOWS = "windows.jsonl"
"""The file of windows, in the folder that a fit is made in."""

_CORPUS = Path("ontology/corpus")
_PLAIN = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")"}
"""How CORE's tokens write quotation marks and brackets."""


def main() -> None:
    """Write windows, and the digests of the files that they come from."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder with passages and marked texts")
    parser.add_argument("--core", type=Path, help="folder of CORE's sentences")
    parser.add_argument("--out", type=Path, required=True, help="folder that the fit is made in")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes that read passages")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / WINDOWS
    write_windows(_all(options.shared, options.core, options.jobs), path)
    record(path, digests({"shared": options.shared, "ontology/corpus": _CORPUS, "core": options.core}, _used))
    counts = Counter((window.part, window.names_by) for window in read_windows(path))
    for (part, names_by), number in sorted(counts.items()):
        sys.stdout.write(f"{part}, names {names_by}: {number} windows\n")


def _used(root: str, folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that windows are made of."""
    if root == "core":
        yield folder / "train.json"
        return
    yield from folder.glob("passages/*.jsonl")
    if root == "shared":
        gold = (path for path in folder.glob("gold/*.gold.json") if is_read_half(path.name))
        for path in (*folder.glob("marked/read/*.gold.json"), *gold):
            yield from (path, text_of(json.loads(path.read_text("utf-8")), folder))
    else:
        yield from (path for path in folder.glob("*.jsonl") if not path.name.endswith(".test.jsonl"))


def _all(shared: Path, core: Path | None, jobs: int) -> Iterator[LabelledWindow]:
    told = passages(shared, _CORPUS)
    if jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            yield from chain.from_iterable(pool.map(_listed, told, chunksize=4))
    else:
        yield from chain.from_iterable(map(_listed, told))
    yield from corpus_windows(sentences(_CORPUS))
    for lang in LANGUAGES:
        yield from counter_windows(load(lang), lang)
    if core is not None:
        yield from core_windows(core_items(core))


def passages(shared: Path, corpus: Path) -> Iterator[tuple[str, Passage]]:
    """Yield the passages and texts that may be fitted or watched on, each with its part."""
    for folder in (shared / "passages", corpus / "passages"):
        for passage in read_passages(folder):
            if passage.part in FITTED or passage.part == WATCHED:
                yield passage.part, passage
    for passage in (*read_marked(shared / "marked" / "read", shared), *read_half(read_marked(shared / "gold", shared))):
        yield "real", passage


def _listed(job: tuple[str, Passage]) -> list[LabelledWindow]:
    """The windows of a passage, in a process of its own."""
    return list(passage_windows(job[1], job[0]))


def passage_windows(passage: Passage, part: str) -> Iterator[LabelledWindow]:
    """Yield the windows of a passage, with the names found and with the names marked."""
    document, marks = document_of(passage), marks_of(passage)
    for window in windows(document, named(document, Resolver().kind)):
        if window.body[0] >= passage.limit:
            continue
        yield labelled(window, marks, part, FOUND)
        given = marked(window, marks)
        if len(given.names) > 1:
            yield labelled(given, marks, part, MARKED)


def corpus_windows(items: Iterator[Item]) -> Iterator[LabelledWindow]:
    """Yield a window for each sentence of the corpus that names two parties."""
    for item in items:
        found = occurrences(item.text, {name: name for name in item.names})
        numbers = {name: number for number, name in enumerate(dict.fromkeys(name for _, _, name in found))}
        if len(numbers) < len("XY"):
            continue
        ties = tuple(
            Tie(numbers[claim.subject], claim.relation, numbers[claim.object], "core", claim.modality.value)
            for claim in item.claims
            if claim.subject in numbers and claim.object in numbers
        )
        kinds = {name: kind if kind in KINDS else "Company" for name, kind in item.names.items()}
        yield LabelledWindow(
            *(item.id, item.lang, "corpus", MARKED, ((0, len(item.text)),), (item.text,)),
            marks=tuple((start, end, kinds[name], numbers[name]) for start, end, name in found),
            names=tuple(numbers),
            kinds=tuple(item.names[name] for name in numbers),
            ties=ties,
        )


def counter_windows(lexicon: Lexicon, lang: str) -> Iterator[LabelledWindow]:
    """Yield a window for each counter-example of a lexicon's entries: no pair of names is tied by its relation there.

    Of the other relations nothing is known.
    """
    for entry in lexicon.entries:
        for text in entry.counter:
            document = Document(text, text, lang)
            for window in windows(document, named(document, Resolver().kind)):
                pairs = permutations(range(len(window.names)), 2)
                others = [relation for relation in ALL if relation != entry.relation]
                yield LabelledWindow(
                    *(text, lang, "corpus", MARKED, window.spans, (text,)),
                    marks=tuple((mark.start, mark.end, mark.kind, mark.name) for mark in window.marks),
                    names=window.names,
                    kinds=(None,) * len(window.names),
                    ties=tuple(Tie(one, relation, two, "mask") for one, two in pairs for relation in others),
                )


def core_windows(items: list[dict[str, Any]]) -> Iterator[LabelledWindow]:
    """Yield a window for each sentence of CORE that may be fitted on, whose two marked names are its names."""
    for item in items:
        if part_of(str(item["id"])) == "frozen":
            continue
        words = [_PLAIN.get(word, word) for word in item["context"]]
        starts = list(accumulate((len(word) + 1 for word in words), initial=0))
        text = " ".join(words)
        ends = [(starts[item[f"{end}_start"]], starts[item[f"{end}_end"] + 1] - 1) for end in ("e1", "e2")]
        names = tuple(text[start:end] for start, end in ends)
        if names[0] == names[1] or (ends[0][0] < ends[1][1] and ends[1][0] < ends[0][1]):
            continue
        yield LabelledWindow(
            *(item["id"], "en", "core", MARKED, ((0, len(text)),), (text,)),
            marks=tuple(sorted((start, end, "Company", number) for number, (start, end) in enumerate(ends))),
            names=names,
            kinds=("Company", "Company"),
            ties=tuple(_core_ties(item)),
        )


def _core_ties(item: Mapping[str, Any]) -> Iterator[Tie]:
    """Yield the tie of a sentence of CORE; what CORE has as one relation with it is neither right nor wrong."""
    if item["relation"] not in RELATIONS:
        return
    relation, turned = RELATIONS[item["relation"]]
    subject, object_ = (0, 1) if bool(item["invert_relation"]) == turned else (1, 0)
    yield Tie(subject, relation, object_, "core")
    yield from (Tie(subject, ours, object_, "mask") for ours, theirs in SAME.items() if theirs == relation)


if __name__ == "__main__":
    main()
