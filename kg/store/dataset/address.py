"""Where a dataset stands, and where its clone does on this machine."""

import hashlib
from pathlib import Path

from kg.settings import setting

__all__ = ["clone_folder", "is_dataset", "is_remote"]

_SCHEMES = ("s3://", "s3a://", "gs://", "az://", "abfs://", "abfss://")
_CLONE = "clone"


def is_remote(path: object) -> bool:
    """Whether what is given for a store is the address of an object store.

    >>> is_remote("s3://bucket/graph"), is_remote("kg-store")
    (True, False)
    """
    return isinstance(path, str) and path.lower().startswith(_SCHEMES)


def is_dataset(path: str | Path) -> bool:
    """Whether what is given for a store is a dataset: an address of an object store, or a folder with its tables."""
    return is_remote(path) or (Path(path) / "journal" / "_delta_log").is_dir()


def clone_folder(address: str) -> Path:
    """Return the folder of a dataset's clone: in its own folder, or below KG_CACHE (``~/.cache/kg`` without it)."""
    if not is_remote(address):
        return Path(address) / _CLONE
    cache = setting("KG_CACHE")
    below = Path.home() / ".cache" / "kg" if cache is None else Path(cache)
    return below / "datasets" / hashlib.sha256(address.rstrip("/").encode()).hexdigest()[:16]
