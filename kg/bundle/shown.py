"""Text of strangers as the pages of a bundle show it."""

from kg.wording.printable import printable

__all__ = ["shown"]

_NO_CHARACTER = {0xFFFE: "\N{REPLACEMENT CHARACTER}", 0xFFFF: "\N{REPLACEMENT CHARACTER}"}
"""https://www.w3.org/TR/xml/#charsets"""


def shown(text: str, longest: int | None = None) -> str:
    r"""Return a text on one line, without marks that steer; of `longest` characters at most.

    >>> shown("Zeltan\nCorp"), shown("Zeltan", 4)
    ('Zeltan Corp', 'Zel…')
    """
    line = printable(text).translate(_NO_CHARACTER)
    return line if longest is None or len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
