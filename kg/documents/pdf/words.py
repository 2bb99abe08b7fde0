"""The words of a page of a PDF, as pdfium gives them: what they are, where they stand, how they are set."""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kg.places import Box

if TYPE_CHECKING:
    import pypdfium2 as pdfium

__all__ = ["MARK", "Frame", "Word", "is_raised", "words_of"]

_HYPHEN = "\x02"
"""What pdfium gives for a hyphen at the end of a line, with nothing between it and the next line's first letter."""
_SPACES = frozenset({*range(0x21), 0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000}) - {ord(_HYPHEN)}
_SOFT_HYPHEN = "\u00ad"
_BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_FORCE_BOLD = 1 << 18  # ISO 32000-1, table 123
MARK = re.compile(r"[\d,*†‡§]{1,5}")
"""The mark of a footnote."""
_WITH_MARK = re.compile(rf"(?<=[^\W\d_]|[.,;:!?)»”\"'’]){MARK.pattern}$")
_SMALL, _RAISED = 0.85, 0.1
"""A mark that points to a footnote has so much of the size of what it is set at, and stands so much of it higher."""
_MOST_SLANT = 10
"""Degrees; text that leans more is a stamp or a watermark across the page."""
# Letters of their own in Unicode that are two or three; pdfium takes apart those that it knows.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u200b": "", "\ufeff": ""}
)


class Word(NamedTuple):
    """A run of letters without space in it; points from the upper left corner of the page as it is shown.

    The height is the font's, whichever letters the word has: words of a line stand equally high.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_bold: bool = False
    turn: int = 0
    """Degrees, counter-clockwise, by which the word is turned: 0, 90, 180 or 270."""

    @property
    def height(self) -> float:
        """How high it is, in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """How far down its middle is."""
        return (self.top + self.bottom) / 2


class Frame(NamedTuple):
    """From pdfium's coordinates of a page to those as it is shown: turned, cut to its box, from the upper left."""

    width: float
    height: float
    rotation: int
    x: tuple[float, float, float]
    y: tuple[float, float, float]

    @classmethod
    def of(cls, page: "pdfium.PdfPage") -> "Frame":
        """Return the frame of a page."""
        width, height = page.get_size()
        origin, right, up = (_on_device(page, width, height, *point) for point in ((0, 0), (1000, 0), (0, 1000)))
        x, y = (
            ((right[axis] - origin[axis]) / 1000, (up[axis] - origin[axis]) / 1000, origin[axis]) for axis in (0, 1)
        )
        return cls(width, height, page.get_rotation(), x, y)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle of pdfium's as it is shown."""
        xs = [self.x[0] * x + self.x[1] * y + self.x[2] for x, y in ((left, bottom), (right, top))]
        ys = [self.y[0] * x + self.y[1] * y + self.y[2] for x, y in ((left, bottom), (right, top))]
        return min(xs), min(ys), max(xs), max(ys)


def _on_device(page: "pdfium.PdfPage", width: float, height: float, x: float, y: float) -> tuple[float, float]:
    from pypdfium2 import raw

    fine = 100  # the device's pixels are whole numbers
    left, top = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, round(width * fine), round(height * fine), 0, x, y, left, top)
    return left.value / fine, top.value / fine


def words_of(page: "pdfium.PdfPage", frame: Frame) -> list[Word]:
    """Return the words of a page in the order in which the file has them, without watermarks across it.

    Ligatures are taken apart; a soft hyphen stays at the end of a word alone. The mark of a footnote behind a word
    ("Nvidia¹") is left out: it is no part of the name.
    """
    from pypdfium2 import raw

    textpage = page.get_textpage()
    try:
        codes = [raw.FPDFText_GetUnicode(textpage, at) for at in range(textpage.count_chars())]
        words = []
        for start, end in _runs(codes):
            word = _word(textpage, codes, start, end, frame)
            if word is not None:
                words.append(word)
        return words
    finally:
        textpage.close()


def _runs(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where each word starts and ends: at white space, and behind a hyphen at the end of a line."""
    start = None
    for at, code in enumerate(codes):
        if code in _SPACES:
            if start is not None:
                yield start, at
            start = None
            continue
        if start is None:
            start = at
        if chr(code) == _HYPHEN:
            yield start, at + 1
            start = None
    if start is not None:
        yield start, len(codes)


def _word(textpage: "pdfium.PdfTextPage", codes: Sequence[int], start: int, end: int, frame: Frame) -> Word | None:
    from pypdfium2 import raw

    # pdfium counts both clockwise.
    turn = -math.degrees(raw.FPDFText_GetCharAngle(textpage, start)) - frame.rotation
    quarter = round(turn / 90)
    if abs(turn - 90 * quarter) > _MOST_SLANT:
        return None
    text = "".join(map(chr, codes[start:end]))
    first, last = _char_box(textpage, start), _char_box(textpage, end - 1)
    mark = None if text[-1].isalpha() else _WITH_MARK.search(text)
    if mark is not None and is_raised(last[3] - last[1], first[3] - first[1], last[1] - first[1]):
        end = start + mark.start()
        text, last = text[: mark.start()], _char_box(textpage, end - 1)
    text = _tidy(text)
    box = frame.box(min(first[0], last[0]), min(first[1], last[1]), max(first[2], last[2]), max(first[3], last[3]))
    if not text or box[2] <= 0 or box[3] <= 0 or box[0] >= frame.width or box[1] >= frame.height:
        return None
    return Word(text, *box, is_bold=_is_bold(textpage, start), turn=90 * quarter % 360)


def _char_box(textpage: "pdfium.PdfTextPage", at: int) -> Box:
    """Return the box of a letter as high as its font: left, bottom, right, top."""
    from pypdfium2 import raw

    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, at, rect)
    return rect.left, rect.bottom, rect.right, rect.top


def is_raised(height: float, beside: float, above: float) -> bool:
    """Return whether letters of some height are a mark at a word: smaller than it, and `above` points higher."""
    return height <= _SMALL * beside and above >= _RAISED * beside


def _tidy(text: str) -> str:
    """Return a word without what only the page needs."""
    text = text.replace(_HYPHEN, "-").translate(_LIGATURES)
    inner = text[:-1].replace(_SOFT_HYPHEN, "") + text[-1:]
    # A surrogate without its other half is no text, and NUL is what pdfium gives for no letter.
    return inner.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")


def _is_bold(textpage: "pdfium.PdfTextPage", at: int) -> bool:
    from pypdfium2 import raw

    name, flags = ctypes.create_string_buffer(80), ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, at, name, 80, flags)
    return bool(flags.value & _FORCE_BOLD) or bool(_BOLD_NAME.search(name.value))
