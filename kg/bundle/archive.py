"""The ZIP archive that a bundle is: one way to write some files, so that no byte of it can differ unnoticed.

Members are stored as they are, in order of name, without extra fields and without a time: the archive of the same files
is the same on every machine, whichever library compresses there, and no member can grow when it is unpacked.
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kg.errors import BundleError

__all__ = ["LARGEST", "MOST", "check_names", "packed", "read_files"]

LARGEST = 1 << 30
"""Bytes of a bundle: what is larger is read by nobody."""
MOST = 20_000
"""Files in a bundle."""

_NAME = re.compile(r"(texts/)?[a-z0-9][a-z0-9.-]{0,63}", re.ASCII)
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o644 << 16


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of some files.

    >>> packed({"a.txt": b"a"}) == packed({"a.txt": b"a"})
    True
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.create_system, member.external_attr = _UNIX, _READABLE
            try:
                archive.writestr(member, files[name])
            except zipfile.LargeZipFile as error:
                raise BundleError(f"{name} is too large for a bundle: ask for fewer companies or years") from error
    return out.getvalue()


def read_files(path: str | Path) -> tuple[dict[str, bytes], bytes | None]:
    """Return the files of a bundle by name, and its bytes where it is an archive; None where it is a folder.

    Nothing is unpacked to disk. Raises `BundleError`, in one line, for what is no bundle: names that lead
    elsewhere, are there twice or are no names, members that are compressed, too many or too large.
    """
    place = Path(path)
    try:
        if place.is_dir():
            return _of_folder(place), None
        if place.stat().st_size > LARGEST:
            raise BundleError(f"{place} is larger than {LARGEST >> 20} MiB: this is no bundle of kg")
        data = place.read_bytes()
    except OSError as error:
        raise BundleError(
            f"{place} cannot be read: {error.strerror}; name a bundle, or the folder it was unpacked to"
        ) from error
    return _of_archive(place, data), data


def check_names(names: Sequence[str], where: str) -> None:
    """Refuse names that stand twice, that are no names of a bundle's files, or too many."""
    if len(names) > MOST:
        raise BundleError(f"{where} has {len(names)} files: a bundle has at most {MOST}")
    for name in names:
        if not _NAME.fullmatch(name) or ".." in name:
            raise BundleError(f"{where} has a file {name[:80]!a}, a name that no bundle has: it is not unpacked")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise BundleError(f"{where} has the file '{twice[0]}' more than once: nobody knows which one is shown")


def _of_archive(place: Path, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            check_names([member.filename for member in members], str(place))
            for member in members:
                if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1:
                    raise BundleError(
                        f"{place} was packed anew, or is none of kg's: '{member.filename}' is compressed or encrypted. "
                        "Unpack it, and name the folder"
                    )
            if sum(member.file_size for member in members) > len(data):
                raise BundleError(f"{place} has files that share their bytes, or more of them than it is long: a bomb")
            return dict(_contents(place, data, members))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise BundleError(f"{place} is no whole ZIP archive: {error}") from error


def _contents(place: Path, data: bytes, members: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Yield members by name, whatever their check sums say: hashes tell more, and by name."""
    for member in members:
        start = member.header_offset
        head = data[start : start + 30]
        lengths = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
        begin = start + 30 + sum(lengths)
        content = data[begin : begin + member.file_size]
        if start < 0 or len(head) < 30 or len(content) != member.file_size:  # noqa: PLR2004 - of a local header
            raise BundleError(f"{place} is no whole ZIP archive: '{member.filename}' lies beyond its end")
        yield member.filename, content


def _of_folder(place: Path) -> dict[str, bytes]:
    files: list[tuple[str, Path]] = []
    for file in sorted(place.rglob("*")):
        if file.is_symlink():
            raise BundleError(f"{place} has a link, '{file.relative_to(place).as_posix()}': a bundle has none")
        if file.is_file():
            files.append((file.relative_to(place).as_posix(), file))
    check_names([name for name, _ in files], str(place))
    if sum(file.stat().st_size for _, file in files) > LARGEST:
        raise BundleError(f"{place} is larger than {LARGEST >> 20} MiB: this is no bundle of kg")
    return {name: file.read_bytes() for name, file in files}
