"""The page of a story as a PDF, set by typst out of one template (`story.typ`).

Texts reach the template as data, never as markup: they are strings in JSON, and the template shows strings as they are
(https://typst.app/docs/reference/foundations/str/). Nothing is fetched: no package is used, and typst's own fonts are.
Its date is the day of the
story: with these fonts the same story gives the same bytes. Letters that they lack (Chinese, Arabic …)
are taken from the fonts of the machine, on which the bytes depend then.
"""

import json
import warnings
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

from kg.bundle.whole_page import WholePage
from kg.errors import BundleError, MissingExtra

__all__ = ["pdf_of"]

_STANDARD: Final = "a-2b"
_ROOM = "data"
_OWN_LETTERS = (range(0x250), range(0x370, 0x530), range(0x1E00, 0x2070), range(0x20A0, 0x20C0), range(0x2190, 0x2200))
"""Latin, Greek, Cyrillic, punctuation, currencies and arrows: what typst's own fonts have."""


def pdf_of(page: WholePage) -> bytes:
    """Return the PDF of a story (PDF/A-2b: it has all its fonts); raise `MissingExtra` without typst."""
    try:
        import typst
    except ImportError as error:
        raise MissingExtra("a PDF needs typst: pip install 'kg[pdf]'") from error
    data = json.dumps(_values(page), ensure_ascii=False, sort_keys=True)
    template = (files("kg.bundle") / "story.typ").read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", typst.TypstWarning)  # of letters that no font has: they are shown as boxes
            compiler = typst.Compiler(template, ignore_system_fonts=_has_own_letters(data))
            made = compiler.compile(format="pdf", sys_inputs={_ROOM: data}, pdf_standards=_STANDARD, timestamp=0)
    except typst.TypstError as error:
        raise BundleError(f"the PDF could not be set: {' '.join(str(error).split())}") from error
    if not isinstance(made, bytes):
        raise BundleError("the PDF could not be set: typst gave no single file")
    return made


def _has_own_letters(text: str) -> bool:
    return all(_is_own(letter) for letter in set(text))


@cache
def _is_own(letter: str) -> bool:
    return any(ord(letter) in letters for letters in _OWN_LETTERS)


def _values(page: WholePage) -> dict[str, Any]:
    """Return what the page shows as plain values; pictures as the text of SVG."""
    bare = replace(page, picture=None, timeline=(), scenes=())
    values = asdict(bare)
    del values["wording"]
    values["day"] = page.wording.story.day
    values["lang"], values["words"] = page.wording.lang, dict(page.words)
    values["picture"], values["timeline"] = _svg(page.picture), [_svg(part) for part in page.timeline]
    values["scenes"] = [{"heading": s.heading, "note": s.note, "svg": _svg(s.svg)} for s in page.scenes]
    return values


def _svg(picture: Element | None) -> str | None:
    return None if picture is None else tostring(picture, "unicode")
