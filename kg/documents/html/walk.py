"""The elements of a page, in order → blocks of text: headings, paragraphs, items of lists, tables."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from kg.documents.html.cells import TableCells, is_captured
from kg.documents.html.elements import HEADINGS, is_block, is_furniture, is_mark, is_skipped, link_target
from kg.documents.html.marks import Mark, Marks
from kg.documents.page import INVISIBLE

__all__ = ["Block", "alphanumeric", "blocks"]

_BREAK = "\x1e"
"""Stands for a ``<br>`` in the pieces of a block; no page holds it, XML has no such character."""
_BLANK = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_PARAGRAPHS = re.compile(rf"{_BREAK}(?:\s*{_BREAK})+")
_ENDED = re.compile(r"[.!?:;…][»”\"')\]]*$")
_GOES_ON = re.compile(
    r"(?:[,(«“/&-]|\b(?:a|an|and|at|by|for|from|in|its|of|on|or|the|to|with|"
    r"à|au|aux|avec|chez|dans|de|des|du|en|et|la|le|les|leur|ou|par|pour|sa|ses|son|sur|un|une))$",
    re.IGNORECASE,
)
_WRAPPED = 50
"""Characters of a line that ends where the page's width did, not where a title or an address does."""
_CLOCK = re.compile(r"\d{1,2}[:h.]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?", re.IGNORECASE)
_SIGNS = {"tm": "™", "sm": "℠"}
_STEP = re.compile(r"[a-z][a-z0-9]*")
_NAME = re.compile(r"[\w.:-]{1,100}")
_DEEPEST = 24
"""Steps of the longest XPath that is written out; a deeper element is counted by its name in the whole page."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text and its element.

    `kind` is the element's name, "p" for what is none of heading, item, table, time, caption and preformatted text.
    `key` is the text's letters and digits, footnote marks included. `steps` tell where its element stands, from the
    root down. `linked` is the share of the text that links hold, `furniture` whether an element around it says
    that it is none of the article, `cells` where in `text` the cells of a table stand, each with its XPath, `marks`
    where the marked elements do.
    """

    kind: str
    text: str
    key: str
    path: str
    steps: tuple[int, ...] = ()
    linked: float = 0.0
    furniture: bool = False
    cells: tuple[tuple[int, int, str], ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True)
class _Frame:
    """An element that is open: how it is called in a path, and how many children it had so far."""

    element: Any
    step: str
    at: int
    ordinal: int = 0
    block: bool = False
    skipped: bool = False
    fresh: bool = False
    begin: int = 0
    children: int = 0
    named: Counter[str] = field(default_factory=Counter)


def alphanumeric(text: str) -> str:
    """Return the letters and digits of a text in lower case: what is the same however a text is laid out.

    >>> alphanumeric("Nvidia | 21 %")
    'nvidia21'
    """
    return "".join(filter(str.isalnum, text.casefold()))


def blocks(root: Any, where: str, *, preformatted: bool = False, marked: Iterable[Any] = ()) -> list[Block]:
    """Return the blocks of a page's tree.

    Args:
        root: the html element.
        where: the name of the source, for messages.
        preformatted: the page is plain text, of which the line ends count.
        marked: elements to find in the text; `Block.marks` number them in this order.

    Raises:
        DocumentError: a table has too many cells.

    """
    marks = Marks({element: number for number, element in enumerate(marked)})
    return _Walk(root, where, marks, preformatted=preformatted).run()


class _Walk:
    """One way through the tree; the stack is its own, since pages are nested deeper than Python calls."""

    def __init__(self, root: Any, where: str, marks: Marks, *, preformatted: bool) -> None:
        self._root = root
        self._marks = marks
        self._cell = ""
        self._where = where
        self._ids = Counter(str(name) for name in root.xpath("//@id"))
        self._ordinals: Counter[str] = Counter()
        self._frames: list[_Frame] = []
        self._pieces: list[str] = []
        self._raw: list[str] = []
        self._links = self._linked = self._around = 0
        self._pre = int(preformatted)
        self._time = ""
        self._table: TableCells | None = None
        self._blocks: list[Block] = []

    def run(self) -> list[Block]:
        from lxml import etree

        walker = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if self._open(element):
                    self._add(element.text)
                else:
                    walker.skip_subtree()
            else:
                self._close()
                self._add(element.tail)
        return self._blocks

    def _open(self, element: Any) -> bool:
        """Begin an element; return whether what is in it is read."""
        frame = self._push(element)
        if is_skipped(element) or self._is_sign(element):
            frame.skipped = True
            return False
        frame.block = is_block(element)
        if frame.block:
            self._flush()
            frame.fresh = element.tag == "li"
        frame.begin = len(self._pieces)
        self._marks.begin(element, self._pieces)
        self._around += is_furniture(element)
        self._links += bool(link_target(element))
        self._pre += element.tag == "pre"
        if element.tag == "br":
            self._pieces.append("\n" if self._pre else _BREAK)
        elif self._table is not None and element.tag in {"tr", "td", "th"}:
            self._cell = self._path()
            self._table.begin(element, self._cell)
        elif element.tag == "table" and self._table is None and is_captured(element):
            self._table = TableCells(element, self._where)
        return True

    def _is_sign(self, element: Any) -> bool:
        """Whether an element is read as a whole: the mark of a footnote, or a trade mark."""
        if element.tag not in {"sup", "a"} or self._pre:
            return False
        text = "".join(element.itertext())
        sign = _SIGNS.get(text.strip().lower()) if element.tag == "sup" else None
        before = "".join(self._pieces[-4:])
        if sign is None and not is_mark(element, before):
            return False
        self._raw.append(text)
        self._pieces.append(sign or "")
        return True

    def _close(self) -> None:
        frame = self._frames[-1]
        if not frame.skipped:
            element = frame.element
            self._marks.end(element, self._pieces)
            if frame.block:
                self._flush()
            elif element.tag in {"b", "strong", "em", "span"}:
                self._part_title(frame)
            elif element.tag == "time":
                self._time = "".join(self._pieces[frame.begin :]).strip()
            self._around -= is_furniture(element)
            self._links -= bool(link_target(element))
            self._pre -= element.tag == "pre"
            if self._table is not None and element.tag in {"td", "th"}:
                self._table.end()
            elif self._table is not None and element is self._table.element:
                self._end_table(self._table)
        self._frames.pop()

    def _part_title(self, frame: _Frame) -> None:
        """Part a title from the text that is glued to it: ``<b>A new plant</b>Nvidia builds …``."""
        title = "".join(self._pieces[frame.begin :]).strip()
        tail = frame.element.tail or ""
        glued = tail[:1].isupper() and (title[-1:].islower() or title[-1:] in "?!")
        if glued and " " in title and not any(piece.strip() for piece in islice(self._pieces, frame.begin)):
            self._pieces.append(_BREAK)

    def _push(self, element: Any) -> _Frame:
        tag = element.tag
        at, step = 0, f"/{tag}"
        self._ordinals[tag] += 1
        if self._frames:
            parent = self._frames[-1]
            parent.children += 1
            parent.named[tag] += 1
            at = parent.children
            step = f"/{tag}[{parent.named[tag]}]" if _STEP.fullmatch(tag) else f"/*[{at}]"
        frame = _Frame(element, step, at, self._ordinals[tag])
        self._frames.append(frame)
        return frame

    def _path(self) -> str:
        """Return the XPath of the innermost block."""
        inner = max((at for at, frame in enumerate(self._frames) if frame.block), default=0)
        steps: list[str] = []
        for frame in reversed(self._frames[: inner + 1]):
            name = frame.element.get("id") or ""
            if self._ids[name] == 1 and _NAME.fullmatch(name):
                return f"//*[@id='{name}']{''.join(reversed(steps))}"
            steps.append(frame.step)
            if len(steps) > _DEEPEST:
                innermost = self._frames[inner]
                tag = innermost.element.tag
                return f"(//{tag if _STEP.fullmatch(tag) else f'*[name()={tag!r}]'})[{innermost.ordinal}]"
        return "".join(reversed(steps)).replace("/html/body[1]", "/html/body", 1)

    def _add(self, text: str | None) -> None:
        if text and not (self._frames and self._frames[-1].skipped):
            self._raw.append(text)
            if self._links:
                self._linked += len(alphanumeric(text))
            self._pieces.append(text if self._pre else _BLANK.sub(" ", text))

    def _flush(self) -> None:
        """End the block that was gathered, if it holds anything."""
        text, raw = "".join(self._pieces).translate(INVISIBLE), "".join(self._raw)
        linked = self._linked
        self._pieces, self._raw, self._linked = [], [], 0
        key = alphanumeric(raw)
        if self._table is not None and self._table.add(text.replace(_BREAK, " "), key, linked):
            self._marks.in_cell(self._cell)
            return
        if not key:
            return
        kind = self._kind(text)
        parts = text.split("\n\n") if self._pre else _PARAGRAPHS.split(text)
        laid = [_lines(part) if self._pre else _unwrapped(part, join=kind in HEADINGS) for part in parts]
        for part, tidy, marks in zip(parts, laid, self._marks.in_parts(laid), strict=True):
            own = key if len(parts) == 1 else alphanumeric(part)
            # A block may hold the mark of a footnote and nothing else.
            if own and tidy:
                share = linked / max(len(key), 1)
                around = self._around > 0
                self._blocks.append(Block(kind, tidy, own, self._path(), self._steps(), share, around, marks=marks))

    def _kind(self, text: str) -> str:
        for frame in reversed(self._frames):
            tag = frame.element.tag
            if tag == "li":
                fresh, frame.fresh = frame.fresh, False
                return "li" if fresh else "p"
            if tag in HEADINGS or tag in {"figcaption", "caption", "dt", "dd", "pre"}:
                return str(tag)
        return "time" if _CLOCK.fullmatch(text.strip()) or text.strip() == self._time else "p"

    def _steps(self) -> tuple[int, ...]:
        return tuple(frame.at for frame in self._frames)

    def _end_table(self, table: TableCells) -> None:
        self._table = None
        share = table.linked / max(len(table.key), 1)
        for text, path, cells in table.blocks(self._path()):
            kind, key = ("table" if cells else "p"), alphanumeric(text)
            around, marks = self._around > 0, self._marks.in_table(cells) if cells else ()
            self._blocks.append(Block(kind, text, key, path, self._steps(), share, around, cells, marks))


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def _unwrapped(text: str, *, join: bool) -> str:
    """Return a text with a line end for each ``<br>`` that parts, and a space for each within a sentence."""
    told: list[str] = []
    last = ""
    for line in (" ".join(part.split()) for part in text.split(_BREAK)):
        if not line:
            continue
        goes_on = join or line[:1].islower() or _GOES_ON.search(last) or len(last) >= _WRAPPED
        parts = not join and _ENDED.search(last)
        gap = "" if not told else " " if goes_on and not parts else "\n"
        told += (gap, line)
        last = f"{last if gap == ' ' else ''} {line}"[-2 * _WRAPPED :].lstrip()
    return "".join(told)
