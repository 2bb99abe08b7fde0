"""A mail → its text: the plain body, else the one in HTML, without what it quotes of others and without signature.

The mail is parsed by the standard library (https://docs.python.org/3/library/email.html), quotes and signatures are
found by `mail-parser-reply <https://github.com/alfonsrv/mail-parser-reply>`_.
"""

import email
import email.policy
import email.utils
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import PurePath
from typing import TYPE_CHECKING

from kg.documents import formats
from kg.documents.html.fragment import fragment_text
from kg.documents.metadata import Metadata
from kg.documents.page import Page
from kg.errors import DocumentError, MissingReader
from kg.places import Place, PlaceKind

if TYPE_CHECKING:
    from mailparser_reply import EmailReply

__all__ = ["Attachment", "attachments", "has_body", "parse_mail", "read_mail"]

PARTS = 1000
"""The most parts of one mail: real ones have a few dozen."""
_HEADER = 2000
"""Characters of a header that are looked at: the standard library takes quadratic time for long ones."""
_CUT, _LINE = 200_000, 2000
"""Characters of a text, and of a line, in which quotes and signatures are sought: the patterns take quadratic time."""
_SIGNATURE = 1000
"""The longest signature; what "Best regards" would cut beyond is the article."""
_STUB, _MUCH = 600, 3
"""A plain text that is shorter, and that the one in HTML exceeds so many times, stands for it."""
_KNOWN = frozenset({"from", "to", "subject", "date", "received", "message-id", "mime-version", "content-type"})
_REPLY = re.compile(r"\s*(?:re|aw|sv|antw|rép|réf)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:fwd?|tr|wg|i)\s*:\s*", re.IGNORECASE)
_FORWARDED = re.compile(
    r"^[ \t>]*(?:[-_—]{2,} *)?"
    r"(?:Forwarded message|Begin forwarded message|Message transféré|Message transmis|Message réexpédié"
    r"|Début du message (?:réexpédié|transféré|transmis))"
    r" *:?(?: *[-_—]{2,})?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
# The head of a mail that another forwards: from, date, subject, to, each in a line that may be folded.
_FORWARDED_HEAD = re.compile(
    r"\A(?:[ \t>*]*(?:From|Sent|Date|To|Cc|Subject|Reply-To|De|Envoyé|Le|À|A|Objet|Répondre à) ?:[^\n]*\n?|[ \t>]*\n)+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^(?:> ?)+", re.MULTILINE)
_SENT_FROM = re.compile(r"^(?:Sent from|Envoyé (?:de|depuis|à partir de)) [^\n]{1,60}\Z", re.IGNORECASE)
# Parts that are no documents: pictures, sounds, fonts, and what mail programs say to each other.
_NO_DOCUMENT = re.compile(
    r"(?:image|audio|video|font)/|text/(?:calendar|css|x-vcard|vcard)|application/(?:pgp-|(?:x-)?pkcs7-sig|ics|ms-tnef)"
    r"|message/(?:delivery|disposition|external)|text/rfc822-headers"
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail beside its body; `media_type` is None where it is of no format that kg reads."""

    name: str
    part: EmailMessage
    media_type: str | None

    @property
    def is_document(self) -> bool:
        """Whether it may be one: a picture is none."""
        return self.media_type is not None or not _NO_DOCUMENT.match(self.part.get_content_type())

    def data(self) -> bytes:
        """Return its bytes."""
        if self.part.get_content_type() == formats.MAIL:
            inner = self.part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            return first.as_bytes() if isinstance(first, EmailMessage) else b""
        payload = self.part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""


def parse_mail(data: bytes) -> EmailMessage:
    """Parse the bytes of a mail; raise `DocumentError`, without its name, where they are none or are encrypted."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        kind = message.get_content_type()
    except (RecursionError, ValueError, LookupError, AttributeError, IndexError) as error:
        raise DocumentError("holds no mail that can be read: save its text instead") from error
    if not any(name.lower() in _KNOWN for name in message.keys()):  # noqa: SIM118 - a mail is no mapping
        raise DocumentError("is no mail: it has neither sender nor subject nor date")
    if kind == "multipart/encrypted" or kind.endswith("pkcs7-mime"):
        raise DocumentError("is encrypted: decrypt it in the mail program, and save it anew")
    return message


def has_body(message: EmailMessage) -> bool:
    """Return whether a mail has a text of its own, beside what is attached."""
    try:
        return bool(_body(message)[0].strip())
    except DocumentError:
        # It fails again where it is read, and is told of then.
        return True


def read_mail(data: bytes, where: str) -> Page:
    r"""Read the text of a mail; its subject is the title, and stands above the text if the mail is no reply.

    Raises `DocumentError` where the bytes are no mail or hold no text.

    >>> mail = b"Subject: Oracle buys Opower\nDate: Mon, 2 May 2016 08:00:00 +0000\n\nIt pays $532 million."
    >>> page = read_mail(mail, "deal.eml")
    >>> page.text, page.detected.published
    ('Oracle buys Opower\n\nIt pays $532 million.\n', '2016-05-02')

    """
    try:
        message = parse_mail(data)
        body, number = _body(message)
    except DocumentError as error:
        raise DocumentError(f"{where}: {error}") from error
    subject = _header(message, "subject")
    text = _own_text(body, forwarded=bool(_FORWARD.match(subject)))
    if not text:
        raise DocumentError(f"{where}: is a mail without a text of its own: there is nothing to read")
    title = _FORWARD.sub("", _REPLY.sub("", subject)).strip()
    head = f"{title}\n\n" if title and not _REPLY.match(subject) and not text.startswith(title) else ""
    place = Place(len(head), len(head) + len(text), PlaceKind.PART, number)
    detected = Metadata(title=title or None, published=_day(_header(message, "date")))
    return Page(f"{head}{text}\n", detected=detected, places=(place,))


def attachments(message: EmailMessage) -> Iterator[Attachment]:
    """Yield what is attached to a mail, in its order, each by a name of its own; no more than `PARTS`."""
    taken: dict[str, int] = {}
    for number, part in _parts(message):
        name = _file_name(part)
        kind = part.get_content_type()
        if kind.startswith("multipart/") or _is_text(part, name):
            continue
        name = name or f"part-{number or 1}{'.eml' if kind == formats.MAIL else mimetypes.guess_extension(kind) or ''}"
        taken[name] = taken.get(name, 0) + 1
        name = name if taken[name] == 1 else f"{taken[name]}~{name}"
        media_type = formats.MAIL if kind == formats.MAIL else formats.media_type(PurePath(name))
        yield Attachment(name, part, media_type)


def _parts(message: EmailMessage) -> Iterator[tuple[str, EmailMessage]]:
    """Yield the parts of a mail with their numbers (RFC 3501, section 6.4.5), not those of mails within it.

    The mail itself has none.
    """
    stack = [("", message)]
    count = 0
    while stack and count < PARTS:
        number, part = stack.pop()
        count += 1
        yield number, part
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            prefix = f"{number}." if number else ""
            below = [(f"{prefix}{index}", one) for index, one in enumerate(inner[:PARTS], 1)]
            stack += [(index, one) for index, one in reversed(below) if isinstance(one, EmailMessage)]


def _body(message: EmailMessage) -> tuple[str, str]:
    """Return the text of a mail, and the numbers of the parts that it stands in."""
    parts = list(_parts(message))
    texts = [
        _BodyPart(number, part.get_content_type(), _text(part))
        for number, part in parts
        if _is_text(part, _file_name(part))
    ]
    alternatives = [number for number, part in parts if part.get_content_type() == "multipart/alternative"]
    for number in reversed(alternatives):
        texts = _chosen(texts, f"{number}." if number else "")
    told = [(each.number or "1", text) for each in texts if (text := each.rendered().strip())]
    return "\n\n".join(text for _, text in told), ", ".join(number for number, _ in told)


@dataclass(frozen=True, slots=True)
class _BodyPart:
    """A text in the body of a mail."""

    number: str
    media_type: str
    text: str

    def rendered(self) -> str:
        """Return it without markup."""
        return fragment_text(self.text) if self.media_type == formats.HTML else self.text


def _is_text(part: EmailMessage, file_name: str) -> bool:
    """Whether a part is of the body."""
    is_attached = file_name or part.get_content_disposition() == "attachment"
    return not is_attached and part.get_content_type() in {formats.TEXT, formats.HTML}


def _chosen(texts: list[_BodyPart], prefix: str) -> list[_BodyPart]:
    """Return the texts of a mail with one of those that are alternatives: the plain one, unless it is a stub."""
    inside = [each for each in texts if each.number.startswith(prefix)]
    branches: dict[str, list[_BodyPart]] = {}
    for each in inside:
        branches.setdefault(each.number[len(prefix) :].partition(".")[0], []).append(each)
    length, choice = 0, inside
    # A stub sends the reader to the other one: "View this mail in your browser".
    for branch in sorted(branches.values(), key=lambda branch: any(each.media_type == formats.HTML for each in branch)):
        rendered = sum(len(each.rendered().strip()) for each in branch) if length < _STUB else 0
        if rendered > _MUCH * length:
            length, choice = rendered, branch
    dropped = {each.number for each in inside} - {each.number for each in choice}
    return [each for each in texts if each.number not in dropped]


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        text = data.decode(str(part.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeError, ValueError):
        text = _guessed(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if str(part.get_param("format", "")).lower() == "flowed":
        # RFC 3676: a line that ends in a space goes on in the next; "-- " heads a signature.
        joint = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
        text = re.sub(r"(?<!^--) \n(?!>)", joint, text, flags=re.MULTILINE)
    return text


def _guessed(data: bytes) -> str:
    """Decode a text whose charset is wrong or unknown."""
    from kg.documents.encoding import decode

    try:
        return decode(data, "")
    except DocumentError:
        return data.decode("cp1252", "replace")


def _own_text(text: str, *, forwarded: bool) -> str:
    """Return what the mail's author says, or forwards."""
    marker = _FORWARDED.search(text)
    if marker or forwarded:
        before, after = (text[: marker.start()], text[marker.end() :]) if marker else ("", text)
        after = _QUOTED.sub("", after)
        return f"{before.strip()}\n\n{_unsigned(_FORWARDED_HEAD.sub('', after.lstrip()))}".strip()
    return _unsigned(_without_quotes(text)) if _is_short(text) else text.strip()


def _is_short(text: str) -> bool:
    return len(text) <= _CUT and max(map(len, text.splitlines()), default=0) <= _LINE


def _without_quotes(text: str) -> str:
    first = _latest(text)
    content = first.content.replace(first.headers or "", "")
    # A mail that quotes in between is a conversation: what is quoted was said by another, elsewhere.
    return "\n".join(line for line in content.splitlines() if not line.lstrip().startswith(">")).strip()


def _unsigned(text: str) -> str:
    first = _latest(text) if _is_short(text) else None
    if first and first.signatures and len(first.signatures) <= _SIGNATURE and first.content.endswith(first.signatures):
        rest = first.content[: -len(first.signatures)].rstrip()
        text = rest or text
    above, _, last = text.strip().rpartition("\n")
    return above.strip() if _SENT_FROM.match(last) else text.strip()


def _tidied(text: str) -> str:
    """Return a text with one empty line at the most between others: the patterns are slow in a run of them."""
    lines = [line.strip() for line in text.splitlines()]
    return "\n".join(line for line, above in zip(lines, ["x", *lines], strict=False) if line or above)


def _latest(text: str) -> "EmailReply":
    """Return the newest of the mails that a text holds one under the other."""
    try:
        from mailparser_reply.parser import EmailMessage as Conversation
    except ImportError as error:
        raise MissingReader("reading mail needs mail-parser-reply: pip install 'kg[office]'") from error
    # A list with hyphens is no signature.
    replies: list[EmailReply] = Conversation(_tidied(text), ["fr", "en"], keep_hyphen_lists=True).read().replies
    return replies[0]


def _file_name(part: EmailMessage) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return ""
    return re.split(r"[\\/]", " ".join(name.split()))[-1]


def _header(message: EmailMessage, name: str) -> str:
    """Return the words of a header; "" where it is missing or means nothing."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    try:
        text = str(email.policy.default.header_fetch_parse(name, raw[:_HEADER]))
    except (ValueError, LookupError, AttributeError, IndexError, TypeError, RecursionError):
        return ""
    return " ".join(re.sub(r"[\x00-\x1f\ud800-\udfff\ufffd]", " ", text).split())


def _day(date: str) -> str | None:
    """Return the day of a mail, as it was where it was sent."""
    try:
        return email.utils.parsedate_to_datetime(date).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
