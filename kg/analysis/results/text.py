"""Results as people read them: each row with the sentence that says so beneath it.

Rows of one line stand as a table. A row of several, such as a loop of deals, has what they share at its head.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.analysis.records import ResultData
from kg.analysis.results.tables import EVIDENCE, cells_of, in_words
from kg.wording.printable import printable

__all__ = ["as_text"]

_GAP = "  "
_LONGEST = 300
_QUOTES: Mapping[str, tuple[str, str]] = {"en": ("“", "”"), "fr": ("« ", " »")}
_MORE: Mapping[str, tuple[str, str]] = {"en": ("1 more claim", "{} more claims"), "fr": ("1 autre", "{} autres")}
_NOTHING: Mapping[str, str] = {"en": "nothing found", "fr": "rien trouvé"}


def as_text(result: ResultData[Any], *, lang: str = "en", width: int = 100) -> str:
    """Return a result as text of about `width` characters a line: its title, its rows, each with its evidence.

    The title and the notes are in English; relations, figures and answers are in `lang`, English or French.
    """
    rows = [cells_of(row) for row in result]
    lines = [printable(result.title), ""]
    if not rows:
        lines.append(_NOTHING[lang])
    elif all(len(cells) == 1 for cells in rows):
        lines += _block([cells[0] for cells in rows], lang, width, head=True)
    else:
        lines += [line for cells in rows for line in (*_row(cells, lang, width), "")][:-1]
    return "\n".join([*lines, *([""] if result.notes else []), *_notes(result.notes, width)])


def _notes(notes: Iterable[str], width: int) -> Iterator[str]:
    for note in notes:
        yield from textwrap.wrap(f"note: {printable(note)}", width, subsequent_indent="      ")


def _row(cells: Sequence[Mapping[str, Any]], lang: str, width: int) -> Iterator[str]:
    """Yield what the lines of a row share, and under it what each says of its own."""
    names = dict.fromkeys(name for line in cells for name in line if name not in EVIDENCE)
    shared = [name for name in names if len({repr(line.get(name)) for line in cells}) == 1]
    texts = ((name, _in_words(name, cells[0].get(name), lang)) for name in shared)
    first, *rest = [(name, text) for name, text in texts if text] or [("", "")]
    head = " · ".join([first[1], *(f"{name.replace('_', ' ')}: {text}" for name, text in rest)])
    yield from textwrap.wrap(head, width, subsequent_indent="  ", break_on_hyphens=False) if first[1] else ()
    own = [{name: value for name, value in line.items() if name not in shared or name in EVIDENCE} for line in cells]
    yield from (f"  {line}" for line in _block(own, lang, width - 2, head=False))


def _block(lines: Sequence[Mapping[str, Any]], lang: str, width: int, *, head: bool) -> Iterator[str]:
    """Yield lines as aligned columns, the evidence of each beneath it; columns that say nothing are left out."""
    names = dict.fromkeys(name for line in lines for name in line if name not in EVIDENCE)
    table = [[_in_words(name, line.get(name), lang) for name in names] for line in lines]
    columns = [at for at, _ in enumerate(names) if any(row[at] for row in table)]
    titles = [name.replace("_", " ") for at, name in enumerate(names) if at in columns]
    rows = [[row[at] for at in columns] for row in table]
    shown = [titles, *rows] if head else rows
    widths = [max(len(row[at]) for row in shown) for at in range(len(columns))]
    for at, row in enumerate(shown):
        if columns:
            yield _GAP.join(text.ljust(size) for text, size in zip(row, widths, strict=True)).rstrip()
        if at >= len(shown) - len(rows):
            yield from _evidence(lines[at - len(shown) + len(rows)], lang, width)


def _evidence(line: Mapping[str, Any], lang: str, width: int) -> Iterator[str]:
    """Yield the sentence, the document, and how many other claims there are."""
    if not line.get("sentence"):
        return
    open_, shut = _QUOTES[lang]
    quote = textwrap.shorten(printable(str(line["sentence"])), _LONGEST, placeholder="…")
    more = max(0, len((line.get("claims") or "").split()) - 1)
    others = "" if not more else f" · {_MORE[lang][0] if more == 1 else _MORE[lang][1].format(more)}"
    text = f"{open_}{quote}{shut} {printable(str(line['document']))}{others}"
    yield from textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)


def _in_words(name: str, value: Any, lang: str) -> str:
    return printable(in_words(name, value, lang) or "")
