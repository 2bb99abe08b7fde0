"""A whole page of the server, with its style and script."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from kg.view.markup import Child, element

__all__ = ["page"]


def page(lang: str, title: str, body: Iterable[Child], *, script: str | None = None, root: str = "") -> str:
    """Return a whole page with the style of `style.css`, and a script file that runs once the page is parsed.

    `root` is the way from the page's address to the server's root, such as "../".
    """
    html = Element("html", lang=lang)
    head = SubElement(html, "head")
    head.extend(
        [
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            element("title", title),
            element("link", rel="icon", href="data:,"),
            element("link", rel="stylesheet", href=f"{root}assets/style.css"),
        ]
    )
    if script is not None:
        head.append(element("script", src=f"{root}assets/{script}", defer=True))
    html.append(element("body", *body))
    return f"<!doctype html>\n{tostring(html, 'unicode', method='html')}\n"
