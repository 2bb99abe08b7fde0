"""Bytes → text: by a byte order mark, as UTF-8, by the charset that the page declares, else by detection."""

import codecs
import re
from typing import BinaryIO

from kg.errors import DocumentError

__all__ = ["decode", "encoding_of"]

# UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s*=\s*["']?
    (windows-125\d|iso-8859-\d{1,2}|latin1|ascii|us-ascii|macintosh)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# The single-byte encodings in which French and English are still found; the rest of the hundred that
# charset-normalizer knows can only be wrong guesses here.
_LEGACY = ["cp1252", "mac_roman"]
_PIECE = 1 << 20
_AROUND = 1 << 16
_CLEAR = 0.2  # share of odd characters up to which charset-normalizer's guess is taken
# Signs inside a word, a fraction before one, a capital with an accent after a small letter: they stand
# where another encoding has é, ô or œ, and the guess is wrong.
_MOJIBAKE = re.compile(r"[^\W\d_][‚ƒ„†‡ˆ‰‹›“•˜¤¯¨¸][^\W\d_]|[½¼¾ƒ†‡ˆ˜][a-zà-ÿ]|[a-zà-ÿ][À-ÞŠŒŽ]")


def decode(data: bytes, where: str) -> str:
    """Decode the bytes of a document.

    Args:
        data: the bytes.
        where: the name of the source, for messages.

    Returns:
        The text, without a byte order mark; line ends are unchanged.

    Raises:
        DocumentError: the text is not UTF-8, and its encoding cannot be detected with certainty.

    Detection is by `charset-normalizer <https://charset-normalizer.readthedocs.io>`_, among Windows-1252 and
    Mac Roman only.

    >>> decode("déjà".encode("utf-8-sig"), "deal.txt")
    'déjà'

    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, where)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = _declared(data) or _detected(data)
    if text is None:
        raise _unknown(where)
    return text


def encoding_of(handle: BinaryIO, where: str) -> str:
    r"""Return the encoding of a file that is too long to be read at once, as `decode` would find it.

    Only what lies around the first byte that is no UTF-8 is looked at for an older encoding. Raises `DocumentError`
    where none can be told with certainty.

    >>> import io
    >>> encoding_of(io.BytesIO("société;60,5\n".encode("cp1252")), "list.csv")
    'cp1252'

    """
    start = handle.read(4)
    handle.seek(0)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    decoder, offset = codecs.getincrementaldecoder("utf-8")(), 0
    while piece := handle.read(_PIECE):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            break
        offset += len(piece)
    else:
        return "utf-8-sig"
    handle.seek(max(0, offset - _AROUND))
    found = _best(handle.read(_PIECE + 2 * _AROUND))
    if found is None:
        raise _unknown(where)
    return found[0]


def _unknown(where: str) -> DocumentError:
    return DocumentError(
        f"{where}: is not text in UTF-8 nor in an encoding that can be recognised; "
        f"convert it with `iconv -f ENCODING -t UTF-8 FILE`"
    )


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{where}: begins as {encoding.upper()} and breaks off at byte {error.start}: get a whole copy of it"
        ) from error


def _declared(data: bytes) -> str | None:
    """Decode by the charset that an HTML page declares; None if there is none, or it is wrong."""
    match = _CHARSET.search(data[:4096])
    if not match:
        return None
    name = match[1].decode("ascii").lower()
    # https://encoding.spec.whatwg.org/#names-and-labels: on the web these names mean Windows-1252.
    name = "cp1252" if name in {"iso-8859-1", "latin1", "ascii", "us-ascii"} else name
    try:
        return data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return None


def _detected(data: bytes) -> str | None:
    found = _best(data)
    return None if found is None else found[1]


def _best(data: bytes) -> tuple[str, str] | None:
    """Return the encoding that is most likely, with the text by it; None where none is likely enough."""
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_LEGACY).best()
    if best is None or best.chaos > _CLEAR:
        return None
    text = str(best)
    return None if _MOJIBAKE.search(text) else (best.encoding, text)
