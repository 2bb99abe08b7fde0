"""The files that the pages load: built from ``src/`` by ``npm run build``, and committed."""

import functools
from collections.abc import Mapping
from importlib.resources import files

__all__ = ["assets"]

_MEDIA = {"css": "text/css", "js": "text/javascript", "txt": "text/plain"}


@functools.cache
def assets() -> Mapping[str, tuple[bytes, str]]:
    """Return each file's bytes and media type, by its name."""
    folder = files("kg.server.page") / "assets"
    return {
        file.name: (file.read_bytes(), f"{_MEDIA[file.name.rpartition('.')[2]]}; charset=utf-8")
        for file in sorted(folder.iterdir(), key=lambda path: path.name)
    }
