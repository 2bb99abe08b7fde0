"""The registers that kg reads, by name: what each is, how its files are recognised, and what reads them."""

import gzip
import importlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from kg.errors import DocumentError
from kg.importers.contract import Register

__all__ = ["REGISTERS", "RegisterKind", "head_of", "recognised", "register"]

_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class RegisterKind:
    """A register: its `name`, what it is in a line, and the package that reads it.

    The package has ``recognises(head, name)``, which tells whether a file that begins so and is called so is of this
    register, and ``reader(path, name=…, retrieved=…, is_delta=…)``, which gives a `Register`.
    """

    name: str
    about: str
    package: str


_KINDS = (
    RegisterKind("gleif", "GLEIF: LEI records, relationships, reporting exceptions (XML, JSON, CSV, RDF)", "gleif"),
    RegisterKind("bods", "Beneficial ownership data, BODS 0.2 to 0.4 (JSON, JSON lines)", "bods"),
    RegisterKind("ftm", "FollowTheMoney entities or statements, sanctions lists too (JSON lines, CSV)", "ftm"),
    RegisterKind("wikidata", "Wikidata: lines of a JSON dump, results of a SPARQL query", "wikidata"),
    RegisterKind("sec", "SEC: company tickers, schedules 13D and 13G, 13F holdings", "sec"),
    RegisterKind("opencorporates", "OpenCorporates: companies as CSV", "opencorporates"),
)
REGISTERS: Mapping[str, RegisterKind] = {kind.name: kind for kind in _KINDS}


def register(
    kind: str, path: Path, *, name: str | None = None, retrieved: str | None = None, is_delta: bool = False
) -> Register:
    """Return what reads a file of a register.

    Args:
        kind: a name of `REGISTERS`.
        path: the file, which may be packed (.gz, .zip).
        name: what the source is called in the graph; by default as its register, or its file.
        retrieved: the day on which it was fetched, a partial date, where the file does not say.
        is_delta: whether it has only what changed since an earlier one; some files say so themselves.

    """
    module = importlib.import_module(f"kg.importers.{REGISTERS[kind].package}")
    return cast("Register", module.reader(path, name=name, retrieved=retrieved, is_delta=is_delta))


def recognised(path: Path) -> str | None:
    """Return the name of the register whose file this is; None where it is none's. Raises `DocumentError`."""
    head = head_of(path)
    for kind in _KINDS:
        if importlib.import_module(f"kg.importers.{kind.package}").recognises(head, path.name):
            return kind.name
    return None


def head_of(path: Path) -> bytes:
    """Return the first 64 KiB of a file, unpacked where it is packed."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as unpacked:
                return unpacked.read(_HEAD)
        if head.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as first:
                return first.read(_HEAD)
    # A zip archive under a password is a RuntimeError, one packed in an unknown way a NotImplementedError.
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, IndexError, RuntimeError) as error:
        raise DocumentError(f"{path} cannot be read: {error}") from error
    return head
