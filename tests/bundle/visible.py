"""What a reader sees of a page, as text."""

from html.parser import HTMLParser


class Visible(HTMLParser):
    """What a reader sees of a page, a line an element; what folds away is left out."""

    BLOCKS = ("h1", "h2", "h3", "p", "li", "tr", "blockquote", "figcaption", "title", "text", "div", "section")

    def __init__(self):
        super().__init__()
        self.lines, self.hidden = [""], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in {"details", "style", "head"} or ("aria-hidden", "true") in attrs
        if tag in self.BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag):
        self.hidden -= tag in {"details", "style", "head"}
        self.hidden = 0 if tag in {"text", "span"} and self.hidden == 1 else self.hidden
        if tag in self.BLOCKS:
            self.lines.append("")

    def handle_data(self, data):
        if not self.hidden:
            self.lines[-1] += data


def visible(html):
    parser = Visible()
    parser.feed(html)
    return "\n".join(line.strip() for line in parser.lines if line.strip()) + "\n"
