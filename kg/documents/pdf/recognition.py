"""Pictures of text → words, by the program tesseract, where it is installed and somebody asks for it.

It runs as a process of its own, gets a picture over its standard input and opens nothing else. What it prints is a
table with a line for each word: https://tesseract-ocr.github.io/tessdoc/Command-Line-Usage.html
"""

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.documents.pdf.words import Word
from kg.errors import DocumentError, MissingReader
from kg.settings import environment

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["DPI", "MOST_PAGES", "check_installed", "is_installed", "recognised", "scale_of"]

DPI = 300
"""Pixels to an inch, which suits print of usual size; tesseract was trained on it."""
MOST_PAGES = 200
"""The most pages that are recognised in one document: at seconds a page, more is work for a night and `ocrmypdf`."""
_PIXELS = 40_000_000
"""The most pixels of a picture, four times a page of A4: tesseract takes several bytes for each."""
_SECONDS = 120
"""The time that a page may take: a dense one takes ten."""
_LANGUAGES = "fra+eng"
_WORD, _LINE = "5", "4"
"""The levels of the table's lines."""
_FIELDS = 12
_LEAST_SURE = 20.0
"""Of a hundred; below are specks and pieces of pictures."""
_INSTALL = (
    "recognising pictures needs the program tesseract with its French and English: "
    "`apt-get install tesseract-ocr tesseract-ocr-fra`, or `brew install tesseract tesseract-lang`"
)


def is_installed() -> bool:
    """Return whether tesseract is on the PATH."""
    return shutil.which("tesseract") is not None


def check_installed() -> None:
    """Raise `MissingReader`, which says what to install, where tesseract is not on the PATH."""
    if not is_installed():
        raise MissingReader(_INSTALL)


def scale_of(width: float, height: float) -> float:
    """Return how many pixels to a point a page of so many points is drawn with, to be recognised.

    >>> round(scale_of(595, 842), 2), round(scale_of(72_000, 72_000), 3)
    (4.17, 0.088)
    """
    return float(min(DPI / 72, (_PIXELS / max(width * height, 1.0)) ** 0.5))


def recognised(picture: "Image", scale: float, where: str) -> list[Word]:
    """Return the words that are printed on a picture, in points.

    Args:
        picture: it.
        scale: its pixels to a point.
        where: its name, for messages.

    Raises:
        MissingReader: tesseract is not installed.
        DocumentError: it fails on the picture, or takes too long.

    """
    check_installed()
    if picture.width * picture.height > 1.1 * _PIXELS:
        raise DocumentError(f"{where}: is a picture of more than {_PIXELS:,} pixels: make it smaller")
    buffer = io.BytesIO()
    picture.convert("L").save(buffer, "PNG")
    command = [str(shutil.which("tesseract")), "stdin", "stdout", "-l", _LANGUAGES, "--dpi", str(round(72 * scale))]
    try:
        done = subprocess.run(  # noqa: S603 - the program that the user has, with arguments that are kg's
            [*command, "tsv"],
            input=buffer.getvalue(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**environment(), "OMP_THREAD_LIMIT": "1"},
            preexec_fn=None if sys.platform == "win32" else _limit,
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            f"{where}: tesseract takes longer than {_SECONDS} seconds for a page: it is no text"
        ) from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[-200:]
        raise DocumentError(f"{where}: tesseract fails ({said or f'status {done.returncode}'}); {_INSTALL}")
    return list(_words(done.stdout.decode("utf-8", "replace"), scale))


def _limit() -> None:
    """End the program by itself where the process that waits for it was killed."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _words(table: str, scale: float) -> Iterator[Word]:
    """Yield the words of a table; each is as high as its line, whichever letters it has."""
    top = bottom = 0.0
    for row in table.splitlines()[1:]:
        fields = row.split("\t")
        if len(fields) != _FIELDS or fields[0] not in {_WORD, _LINE}:
            continue
        left, above, width, height, sure = (float(field) for field in fields[6:11])
        if fields[0] == _LINE:
            top, bottom = above / scale, (above + height) / scale
        elif fields[11].strip() and sure >= _LEAST_SURE and width > 0 and bottom > top:
            yield Word(fields[11].strip(), left / scale, top, (left + width) / scale, bottom)
