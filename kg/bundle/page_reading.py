"""What a page of a story says, read out of its HTML: its quotes, and whatever no such page has."""

from html.parser import HTMLParser

__all__ = ["quotes_in", "strange_in"]

_TAGS = frozenset(
    {"a", "b", "blockquote", "body", "code", "details", "div", "figcaption", "figure", "footer", "h1", "h2", "h3",
     "head", "header", "html", "li", "main", "meta", "nav", "ol", "p", "pre", "section", "span", "strong", "style",
     "summary", "table", "tbody", "td", "th", "thead", "title", "tr", "ul", "circle", "path", "polygon", "rect", "svg",
     "text"}
)  # fmt: skip
_ADDRESSES = ("#", "http://", "https://")


class _Quotes(HTMLParser):
    """Takes the quotes out of a page, by claim and number, and the claims that it has an element of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes: dict[str, str] = {}
        self.claims: list[str] = []
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a claim, and where a quote begins."""
        values = dict(attrs)
        if claim := values.get("data-claim"):
            self.claims.append(claim)
        if tag == "blockquote":
            self._open = values.get("data-quote") or ""
            self.quotes[self._open] = ""

    def handle_endtag(self, tag: str) -> None:
        """Note where a quote ends."""
        if tag == "blockquote":
            self._open = None

    def handle_data(self, data: str) -> None:
        """Take what stands in a quote."""
        if self._open is not None:
            self.quotes[self._open] += data


def quotes_in(html: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the ids of the claims that a page has, and its quotes by claim and number ("8f67…-0")."""
    parser = _Quotes()
    parser.feed(html)
    parser.close()
    return tuple(parser.claims), parser.quotes


class _Strange(HTMLParser):
    """Notes what loads, runs or hides something: no page of a story does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note elements and attributes that no page has."""
        if tag not in _TAGS:
            self.found.append(f"an element '{tag[:40]}'")
        for name, value in attrs:
            is_odd_address = name == "href" and not (value or "").startswith(_ADDRESSES)
            if name.startswith("on") or name in {"src", "style", "xlink:href"} or is_odd_address:
                self.found.append(f"an attribute '{name[:40]}' that acts")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - of its base
        """Note a comment: browsers end some of them elsewhere."""
        self.found.append("a comment")

    def handle_pi(self, data: str) -> None:  # noqa: ARG002 - of its base
        """Note an instruction, which browsers take for a comment."""
        self.found.append("an instruction")

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002 - of its base
        """Note a marked section."""
        self.found.append("a marked section")


def strange_in(html: str) -> tuple[str, ...]:
    """Return what a page has that loads, runs or hides something, each once.

    >>> strange_in("<p>1 &lt; 2</p>"), strange_in("<script>alert(1)</script>")
    ((), ("an element 'script'",))
    """
    parser = _Strange()
    parser.feed(html)
    parser.close()
    return tuple(dict.fromkeys(parser.found))
