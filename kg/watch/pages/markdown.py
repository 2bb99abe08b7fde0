"""The newest digest of an interest as Markdown (CommonMark): no text of a source can become markup."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from kg.watch.digest import Citation, DigestLine
from kg.watch.pages.page import DigestPage

__all__ = ["escaped", "render"]

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!$^=])")
_AUTOLINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(?=:)|\b(www)(?=\.)|@(?=\w)|:(?=[\w+-]+:)")
"""What GitHub makes a link, a mention or a picture of, without being asked to:
https://github.github.com/gfm/#autolinks-extension-, https://docs.github.com/en/get-started/writing-on-github."""
_BLOCK = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s|$)")


def escaped(text: str) -> str:
    r"""Return a text of one line as Markdown that shows it to the letter.

    >>> escaped("a_b <i>c</i> [d](e)")
    'a\\_b \\<i\\>c\\</i\\> \\[d\\](e)'

    """
    text = _AUTOLINK.sub(lambda match: f"{match[0]}\N{WORD JOINER}", _MARKS.sub(r"\\\1", text))
    return _BLOCK.sub(lambda match: f"{match[1]}{match[2][:-1]}\\{match[2][-1]}", text)


def render(page: DigestPage) -> str:
    """Return the page."""
    return "\n".join([f"# {escaped(page.title)}", "", escaped(page.subtitle), "", *_lines(page)]).rstrip() + "\n"


def _lines(page: DigestPage) -> Iterator[str]:
    for line in page.lines:
        yield from _line(page, line)
    footers = list(page.footers())
    if footers:
        yield ""
        yield escaped("; ".join(footers))


def _line(page: DigestPage, line: DigestLine) -> Iterator[str]:
    details, (kind, statement) = page.details(line), page.headline(line)
    tail = f" · {escaped(details)}" if details else ""
    yield f"- **{kind}** {escaped(statement)}{tail}  "
    yield f"  {_sentence(page, line.citation)}{'  ' if line.earlier else ''}"
    if line.earlier:
        yield f"  {page.earlier(line)} {_sentence(page, line.earlier)}"


def _sentence(page: DigestPage, citation: Citation) -> str:
    where = escaped(page.where(citation))
    link = f"[{where}](<{quote(citation.url, safe=_IN_ADDRESS)}>)" if citation.url else where
    return f"{escaped(page.quoted(citation))} {link}"


_IN_ADDRESS = ":/?#[]@!$&'()*+,;=%-._~"
"""The characters of RFC 3986 that stay as they are."""
