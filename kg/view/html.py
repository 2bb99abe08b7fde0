"""The viewer as one HTML page that needs no network, and that no text of a source can make run a script.

What sources wrote stands in one block of packed JSON (gzip, base64), in which no tag can stand, and which the
viewer shows through ``textContent`` and on a canvas only. A strict Content-Security-Policy
(https://www.w3.org/TR/CSP3/) lets nothing run but the one script and the one style of the page, by their hashes,
and lets nothing load.
"""

import base64
import gzip
import hashlib
import html
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from kg.wording.viewer import wording

__all__ = ["asset", "framed", "html_of", "json_of"]

_ASSETS = "assets"


def html_of(view: Mapping[str, Any], more: str | None = None, csrf: str | None = None) -> str:
    """Return the page of a view ("kg-view/1").

    `more` is the address, on the page's own server, that tells more about a company; without one the
    page asks nobody. `csrf` is the token of whoever is signed in there: with it the page takes
    judgements. Raises `QueryError` for a language that the page is not written in.
    """
    words, script, style = wording(view["lang"]), asset("viewer.js"), asset("style.css")
    connect = "connect-src 'self'; " if more else ""
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; {connect}"
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    values = {
        "lang": html.escape(view["lang"]),
        "policy": html.escape(policy, quote=False).replace('"', "&quot;"),
        "csrf": f'<meta name="kg-csrf" content="{html.escape(csrf)}">\n' if csrf else "",
        "title": html.escape(view["title"]),
        "style": style,
        "more": f' data-more="{html.escape(more)}"' if more else "",
        "noscript": html.escape(words["no_script"]),
        "data": _packed(json_of(view)),
        "script": script,
    }
    template = (files("kg.view") / "viewer.html").read_text("utf-8")
    # In one pass: what is filled in is not filled in again.
    head, *parts = template.split("{")
    return head + "".join(values[name] + rest for name, _, rest in (part.partition("}") for part in parts))


def json_of(view: Mapping[str, Any]) -> str:
    """Return a view as JSON that can stand in a page: no tag can open or close in it."""
    text = json.dumps(view, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (
        text.replace("<", "\\u003c").replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )


def _packed(text: str) -> str:
    """Return a text as a page holds it: a large graph takes an eighth of its room, and is sooner read in."""
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


def framed(page: str, height: str) -> str:
    """Return a frame that shows a page inside a notebook, apart from the notebook's own page."""
    return (
        f'<iframe srcdoc="{html.escape(page)}" width="100%" height="{html.escape(height)}" '
        'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads" frameborder="0" '
        f'style="border:0;width:100%;height:{html.escape(height)}"></iframe>'
    )


def asset(name: str) -> str:
    """Return a file of the viewer's bundle: viewer.js, widget.js, style.css."""
    return (files("kg.view") / _ASSETS / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
