"""Answers that are kept: one file each, named by all that the answer depends on."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Cache"]


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of answers; without one (None) nothing is kept."""

    folder: str | None

    def path(self, *question: str) -> Path | None:
        """Return where the answer to a question is kept: model, address, instructions and message name it."""
        if self.folder is None:
            return None
        name = hashlib.sha256("\0".join(question).encode()).hexdigest()[:32]
        return Path(self.folder) / f"{name}.json"

    def kept(self, path: Path | None, name: str) -> list[dict[str, Any]] | None:
        """Return the list `name` of a kept answer, or None: what is damaged is asked again."""
        if path is None or not path.is_file():
            return None
        try:
            told = json.loads(path.read_text("utf-8"))[name]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        usable = isinstance(told, list) and all(isinstance(one, dict) for one in told)
        return told if usable else None

    def keep(self, path: Path | None, answer: Mapping[str, Any]) -> None:
        """Keep an answer, whole or not at all; a folder that takes nothing costs only the next build's requests."""
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_text(json.dumps(answer, ensure_ascii=False, separators=(",", ":")), "utf-8")
            part.replace(path)
        except OSError:
            return
