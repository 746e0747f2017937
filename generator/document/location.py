"""Where a document is: a path, or a URL."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import url2pathname

from attrs import frozen

from generator.errors import GeneratorError

#: A URL without a scheme is a path; a letter before a colon is a drive of Windows.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_TIMEOUT = 60.0  # seconds


@frozen
class Url:
    """The address of a document on a server; like a path, it has a name and a suffix."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def name(self) -> str:
        """The last segment of its path, the host if there is none."""
        parts = urlsplit(self.text)
        return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    def read_bytes(self) -> bytes:
        """Return what the server sends, after redirects. Raises: GeneratorError."""
        import httpx  # imported here: most documents are files

        try:
            response = httpx.get(self.text, follow_redirects=True, timeout=_TIMEOUT)
            response.raise_for_status()
        except httpx.HTTPStatusError as error:
            status = f"{error.response.status_code} {error.response.reason_phrase}".strip()
            hint = "check the URL, or download the document"
            if error.response.status_code in (401, 403):
                hint = f'pipe it: curl -H "Authorization: Bearer ..." {self.text} | sdkwright generate --spec -'
            raise GeneratorError(f"the server answers {status}", file=self.text, hint=hint) from error
        except httpx.TimeoutException as error:
            raise GeneratorError(
                f"cannot be read: no answer within {_TIMEOUT:.0f} seconds", file=self.text,
                hint="check the URL, or download the document",
            ) from error  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise GeneratorError(
                f"cannot be read: {error}", file=self.text, hint="check the URL, or download the document"
            ) from error
        return response.content


Location: TypeAlias = Path | Url

#: The standard input.
STDIN = Path("-")


def location_of(text: str) -> Location:
    """Return the location that a command line names: a URL, a path, or `-`. Raises: GeneratorError for another URL."""
    if re.match(r"https?://", text, re.IGNORECASE):
        return Url(text)
    if scheme := re.match(r"([A-Za-z][A-Za-z0-9+.-]+)://", text):
        if scheme[1].lower() != "file":
            raise GeneratorError(
                f"{text}: documents come from http and https alone", hint="download it, and name the file"
            )
        return Path(url2pathname(urlsplit(text).path))
    return Path(text).expanduser()


#: What one command has read of the standard input and of servers, which it may read again.
_READ: dict[Location, bytes] = {}


def content_of(location: Location) -> bytes:
    """Return the bytes of a document; one command asks a server once. Raises: GeneratorError, OSError."""
    if isinstance(location, Path) and location != STDIN:
        return location.read_bytes()
    if location not in _READ:
        _READ[location] = location.read_bytes() if isinstance(location, Url) else sys.stdin.buffer.read()
    return _READ[location]


def forget() -> None:
    """Forget what was read: the next command reads it again."""
    _READ.clear()


def joined(base: Location, reference: str) -> Location:
    """Return the location that a relative or absolute reference without its fragment names (RFC 3986, section 5).

    What the standard input refers to is in the working folder. Raises: GeneratorError for a reference that a document
    may not have, such as that of a server to a file of this machine.
    """
    if isinstance(base, Url):
        found = urljoin(base.text, reference)
        if not re.match(r"https?://", found, re.IGNORECASE):
            raise GeneratorError(f"{reference!r} leads from a server to something else", file=base.text)
        return Url(found)
    if re.match(r"https?://", reference, re.IGNORECASE):
        return Url(reference)
    scheme = _SCHEME.match(reference)
    if scheme is not None and scheme[1].lower() != "file":
        raise GeneratorError(f"{reference!r} is neither a path nor an http URL", file=base)
    path = url2pathname(urlsplit(reference).path) if scheme else unquote(reference)
    return base.parent / path
