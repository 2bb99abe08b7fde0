"""The digests of an interest as JSON lines (kg-digest/1): all lines that are kept, the newest digest last."""

import json

from kg.watch.digest import line_record
from kg.watch.pages.page import DigestPage

__all__ = ["render"]


def render(page: DigestPage) -> str:
    """Return the lines, each a JSON object with its id: who has read some knows which."""
    return "".join(json.dumps(line_record(line), ensure_ascii=False) + "\n" for line in page.state.lines)
