"""The page of a story as a PDF, set by typst out of one template (`story.typ`).

Texts reach the template as data, never as markup: they are strings in JSON, and the template shows strings as they are
(https://typst.app/docs/reference/foundations/str/). Nothing is fetched: no package is used, and typst's own fonts are.
Its date is the day of the story: with these fonts the same story gives the same bytes, a PDF/A-2b. Letters that they
lack (Chinese, Arabic …) are taken from the fonts of the machine, on which the bytes depend then; where these lack them,
too, the PDF is no PDF/A, and shows boxes.
"""

import json
import warnings
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.resources import files
from typing import Any, Final, Literal
from xml.etree.ElementTree import Element, tostring

from kg.bundle.whole_page import WholePage
from kg.errors import BundleError, MissingExtra

__all__ = ["pdf_of"]

_WAYS: Final[Sequence[tuple[Literal["a-2b", "1.7"], bool]]] = (("a-2b", True), ("a-2b", False), ("1.7", False))
"""Standards, and whether typst's own fonts alone are used: the first way in which all letters can be set."""
_ROOM = "data"


def pdf_of(page: WholePage) -> bytes:
    """Return the PDF of a story; raise `MissingExtra` without typst."""
    try:
        import typst
    except ImportError as error:
        raise MissingExtra("a PDF needs typst: pip install 'kg[pdf]'") from error
    data = json.dumps(_values(page), ensure_ascii=False, sort_keys=True)
    template, failed = (files("kg.bundle") / "story.typ").read_bytes(), None
    for standard, own_fonts in _WAYS:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", typst.TypstWarning)  # letters that no font has are shown as boxes
                compiler = typst.Compiler(template, ignore_system_fonts=own_fonts)
                made = compiler.compile(format="pdf", sys_inputs={_ROOM: data}, pdf_standards=standard, timestamp=0)
        except typst.TypstError as error:
            failed = error
        else:
            if isinstance(made, bytes):
                return made
    raise BundleError(f"the PDF could not be set: {' '.join(str(failed).split())}") from failed


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
