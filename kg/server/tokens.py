"""Who may judge over HTTP: tokens with a name, a role and an end, kept hashed in a file beside no store.

A token is 256 bits by chance, so its SHA-256 cannot be turned back, and no slow hash is needed. The file is read again
whenever it has changed: who is revoked is refused from the next request on.
"""

import datetime as dt
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from kg import formats
from kg.errors import KgError
from kg.judgements import moment

__all__ = ["Role", "Token", "TokenFile", "TokenFileError", "digest", "new_token"]

_PREFIX = "kg_"
_OPEN_TO_OTHERS = 0o077
_ID = 8
_NAME = re.compile(r"[^\W_][\w .'@+-]{0,63}")


class TokenFileError(KgError):
    """A file of tokens cannot be used."""


class Role(StrEnum):
    """What the bearer of a token may do: a reader sees what is to be judged, a reviewer judges and adds claims."""

    READER = "reader"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token: never the token itself.

    `name` is the author of what its bearer says; `expires` a UTC time (`kg.judgements.moment`). `id` names it to who
    revokes it.
    """

    id: str
    name: str
    role: Role
    hash: str
    expires: str
    revoked: bool = False

    def is_good(self, now: dt.datetime) -> bool:
        """Whether it opens anything at a time."""
        return not self.revoked and now < dt.datetime.fromisoformat(self.expires)


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_token(name: str, role: Role, days: float, now: dt.datetime) -> tuple[str, Token]:
    """Return a new token, to be told to its bearer once, and what is kept of it.

    Example:
        >>> secret, token = new_token("ada", Role.REVIEWER, 30, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        >>> token.expires, token.hash == digest(secret)
        ('2026-01-31T00:00:00.000000Z', True)

    """
    if not _NAME.fullmatch(name):
        raise TokenFileError(f"'{name}' is no name for an author: write a letter or digit first, at most 64 characters")
    secret = _PREFIX + secrets.token_urlsafe(32)
    hash_ = digest(secret)
    return secret, Token(secrets.token_hex(_ID // 2), name, role, hash_, moment(now + dt.timedelta(days=days)))


class TokenFile:
    """The tokens in a file that nobody but its owner can read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, ...] = ()
        self._tokens: tuple[Token, ...] = ()

    def tokens(self) -> tuple[Token, ...]:
        """Return the tokens as the file has them now; raise `TokenFileError` where it cannot be used."""
        try:
            status = self.path.stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode)
            if seen != self._seen:
                self._check(status.st_mode)
                self._tokens, self._seen = _parsed(self.path.read_bytes(), self.path), seen
        except OSError as error:
            message = f"the tokens' file {self.path} cannot be read: {error.strerror}; 'kg token add' makes one"
            raise TokenFileError(message) from error
        return self._tokens

    def find(self, secret: str, now: dt.datetime) -> Token | None:
        """Return the token that a secret is, if it is good; the time that it takes does not tell which came near."""
        hash_, found = digest(secret), None
        for token in self.tokens():
            if hmac.compare_digest(token.hash, hash_):
                found = token
        return found if found is not None and found.is_good(now) else None

    def by_id(self, id_: str, now: dt.datetime) -> Token | None:
        """Return the token of an id, if it is good."""
        return next((token for token in self.tokens() if token.id == id_ and token.is_good(now)), None)

    def add(self, token: Token) -> None:
        """Keep another token; the file is made where there is none, but in no store, whose backups would hold it."""
        if (self.path.parent / "journal.jsonl").exists():
            raise TokenFileError(f"{self.path.parent} is a store: keep tokens elsewhere, as with --file kg-tokens.json")
        self._write((*(self.tokens() if self.path.exists() else ()), token))

    def revoke(self, named: str) -> tuple[Token, ...]:
        """Make the tokens of a name, or the one of an id, open nothing more; return them."""
        gone = tuple(token for token in self.tokens() if named in {token.name, token.id} and not token.revoked)
        if not gone:
            raise TokenFileError(f"no token in {self.path} is called '{named}': 'kg token list' shows those there are")
        self._write(replace(token, revoked=True) if token in gone else token for token in self.tokens())
        return gone

    def _check(self, mode: int) -> None:
        if mode & _OPEN_TO_OTHERS:
            raise TokenFileError(f"others can read {self.path}: close it with 'chmod 600 {self.path}'")

    def _write(self, tokens: Iterable[Token]) -> None:
        """Put the file in place whole, closed to others from its first byte."""
        content = json.dumps({"format": formats.TOKENS, "tokens": [asdict(token) for token in tokens]}, indent=1)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(content + "\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            raise TokenFileError(f"{self.path} cannot be written: {error.strerror}; choose another --file") from error
        finally:
            part.unlink(missing_ok=True)


def _parsed(content: bytes, path: Path) -> tuple[Token, ...]:
    try:
        record: Mapping[str, Any] = json.loads(content)
        if record["format"] != formats.TOKENS:
            raise TokenFileError(f"{path} has the format {record['format']}, this kg reads {formats.TOKENS}")
        tokens = tuple(Token(**{**fields, "role": Role(fields["role"])}) for fields in record["tokens"])
        for token in tokens:
            dt.datetime.fromisoformat(token.expires)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TokenFileError(f"{path} is no file of tokens: make one with 'kg token add --file {path}'") from error
    return tokens
