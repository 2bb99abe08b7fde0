"""Text as BibTeX and LaTeX take it: no letter of a source acts there.

Braces are written by their names: BibTeX counts those behind a backslash, too (btxdoc, section 2.1).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from kg.wording.printable import printable

__all__ = ["bibtex_entry", "latex"]

_ESCAPES: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_SPECIAL = str.maketrans(dict(_ESCAPES))
_OF_ADDRESSES = ":/?#[]@!$&'()*+,;=%-._~"
"""What may stand in an address (RFC 3986), as `url` prints it letter by letter."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def latex(text: str) -> str:
    r"""Return a text that LaTeX prints as it is.

    >>> latex("50 % of {A_B} & \\input{x}")
    '50 \\% of \\textbraceleft{}A\\_B\\textbraceright{} \\& \\textbackslash{}input\\textbraceleft{}x\\textbraceright{}'
    """
    return printable(text).translate(_SPECIAL)


def bibtex_entry(item: Mapping[str, Any]) -> str:
    """Return an item of CSL-JSON, as `kg.export.citation.csl_item` makes it, as an entry of BibTeX.

    What has no author is sorted by its title (`key`), what has no date says "n.d." in its note.
    """
    year, *rest = item.get("issued", {}).get("date-parts", [[None]])[0]
    authors = " and ".join(f"{{{latex(each['literal'])}}}" for each in item.get("author", ()))
    url = quote(item.get("URL", ""), safe=_OF_ADDRESSES)
    fields = {
        "author": authors,
        "key": "" if authors else latex(item["title"]),
        "title": f"{{{latex(item['title'])}}}",
        "howpublished": latex(item.get("container-title", "")),
        "year": "" if year is None else f"{year:04}",
        "day": str(rest[1]) if len(rest) > 1 else "",
        "url": url,
        "urldate": "-".join(f"{part:02}" for part in item.get("accessed", {}).get("date-parts", [[]])[0]),
        "language": latex(item.get("language", "")),
        "annote": latex(item.get("annote", "")),
        "note": ("" if year is not None else "n.d. ") + latex(item.get("note", "")),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    month = [f"  month = {_MONTHS[rest[0] - 1]}," if rest else ""]
    return "\n".join([f"@misc{{{item['id']},", *lines, *filter(None, month), "}"])
