"""Thirty of our passages with answers of a language model: right ones, and spoilt ones.

``python -m tests.llm.passages PASSAGES.jsonl... > tests/llm/passages.jsonl`` writes the passages named in `CHOSEN` with
the answers that belong to each. It is deterministic: the same passages give the same file.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .answers import Marks, Passage, right_answers
from .spoilers import ADMITTED, SPOILERS, expect

FILE = Path(__file__).parent / "passages.jsonl"
CHOSEN = [
    "en-h3-001", "en-h3-003", "en-h3-104", "en-h3-209", "en-h4-003", "en-h4-038", "en-h4-048", "en-h4-151", "en-h5-043",
    "en-h5-135", "en-h5-143", "en-h5-199", "en-h9-006", "en-h9-048", "en-h9-090", "fr-h0-042", "fr-h0-055", "fr-h0-080",
    "fr-h1-012", "fr-h1-021", "fr-h1-045", "fr-h1-055", "fr-h1-243", "fr-h2-058", "fr-h2-064", "fr-h2-117", "fr-h2-124",
    "fr-h8-015", "fr-h8-054", "fr-h8-074",
]  # fmt: skip
"""Fifteen a language: agency, daily, trade press, press release, regulator's notice, market column, deal round-up,
interview, obituary, 10-K, annual report, newsletter, call transcript, tables, and general news without a tie."""


A_PASSAGE = 5
"""How many answers of a passage are spoilt, each in another way."""


def _spoilt(passage: Passage, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Yield spoilt answers: in the ways that were used least so far, each on another tie where that can be."""
    marks = Marks(passage)
    ties = [(relation, said) for relation in marks.core if (said := marks.said(relation)) is not None]
    used: list[int] = []
    for name in sorted(SPOILERS, key=lambda name: counts.get(name, 0)):
        order = sorted(range(len(ties)), key=used.count)
        made = ((number, SPOILERS[name](marks, *ties[number])) for number in order)
        number, spoilt = next(((n, one) for n, one in made if one is not None), (0, None))
        if spoilt is None:
            continue
        used.append(number)
        counts[name] = counts.get(name, 0) + 1
        yield {"spoilt": name, "said": spoilt[0], "expected": spoilt[1]}
        if len(used) == A_PASSAGE:
            return


def with_answers(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Yield passages, each with its right and its spoilt answers."""
    counts: dict[str, int] = {}
    for passage in passages:
        right = [{"spoilt": None, "said": said, "expected": expect(ADMITTED)} for said in right_answers(passage)]
        yield passage | {"answers": [*right, *_spoilt(passage, counts)]}


def load() -> list[Passage]:
    """The thirty passages that we ship, with their answers."""
    return [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def main(*files: str) -> None:
    lines = [line for file in files for line in Path(file).read_text("utf-8").splitlines()]
    passages = {passage["id"]: passage for passage in map(json.loads, lines)}
    for passage in with_answers(passages[name] for name in CHOSEN):
        sys.stdout.write(json.dumps(passage, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
