"""HTML made of elements, so that no text can become markup: a tag cannot be written as text."""

from collections.abc import Iterable
from typing import TypeAlias
from xml.etree.ElementTree import Element

__all__ = ["Child", "element"]

Child: TypeAlias = "Element | str | None"


def element(tag: str, *children: Child, **attributes: str | bool | None) -> Element:
    """Return an element; "class_" becomes "class", "aria_label" "aria-label"; True has no value, None is left out.

    >>> from xml.etree.ElementTree import tostring
    >>> tostring(element("a", "1 < 2", href="#x", class_="skip", hidden=True), "unicode", method="html")
    '<a href="#x" class="skip" hidden="">1 &lt; 2</a>'
    """
    new = Element(tag)
    for name, value in attributes.items():
        if value is not None and value is not False:
            new.set(name.rstrip("_").replace("_", "-"), "" if value is True else str(value))
    _append(new, children)
    return new


def _append(parent: Element, children: Iterable[Child]) -> None:
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            parent.append(child)
            last = child
        elif child is not None and last is None:
            parent.text = (parent.text or "") + child
        elif child is not None and last is not None:
            last.tail = (last.tail or "") + child
