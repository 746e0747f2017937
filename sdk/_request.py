"""A request that is built and not sent: what an endpoint function returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from . import _encode
from ._unset import UNSET
from .errors import RequestError
from .files import is_file

if TYPE_CHECKING:
    from typing_extensions import TypeVar as DefaultTypeVar

    from ._client import BaseClient
    from .operation import Settings

    R = TypeVar("R")
    C = DefaultTypeVar("C", default=Any)
else:
    R = TypeVar("R")
    C = TypeVar("C")


class RequestOptions(TypedDict, total=False):
    """What every call takes besides the operation's own arguments. Times are seconds; None is no limit."""

    client: BaseClient | None
    timeout: float | None
    stall_timeout: float | None
    deadline: float | None
    max_retries: int
    extra_headers: Mapping[str, str] | None
    extra_query: Mapping[str, Any] | None
    extra_body: Mapping[str, Any] | None
    idempotency_key: str | None


OPTION_NAMES = frozenset(RequestOptions.__annotations__)


class Request(Generic[R, C]):
    """One request of an operation: its method, path, query, headers and body, checked and not yet sent.

    `R` is the type of the reply, `C` that of a stream's chunks or a page's items.
    """

    __slots__ = ("_headers", "_path", "_query", "body", "options", "settings", "streamed")

    settings: Settings

    def __init__(
        self,
        options: Mapping[str, Any],
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: Any = UNSET,
    ) -> None:
        self.options = options
        self.streamed = False
        self._path, self._query, self._headers = path, query, headers
        self.body = body

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.settings.method

    @property
    def path(self) -> str:
        """The path below the API's base URL, parameters filled in and percent-encoded."""
        return _encode.path(self.settings.path, self._path) if self._path else self.settings.path

    @property
    def query(self) -> list[tuple[str, str]]:
        """The pairs of the query string."""
        values: dict[str, object] = {**self.settings.fixed_query, **(self._query or {})}
        if self.streamed and self.settings.switch and self.settings.switch[0] == "query":
            values[self.settings.switch[1]] = self.settings.switch[2]
        values.update(self.options.get("extra_query") or {})
        return _encode.query(values, self.settings.styles)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that the arguments ask for; the client adds its own."""
        given: dict[str, object] = {**(self._headers or {}), **(self.options.get("extra_headers") or {})}
        return {k: _encode.header(k, v) for k, v in given.items() if v is not UNSET and v is not None}

    @property
    def url(self) -> str:
        """The whole URL, by the client of the call or the environment."""
        from ._client import client_of

        return client_of(self.options)._url(self)

    def content(self) -> Content:
        """Return the body as it goes over the wire.

        Raises RequestError for what the body's format cannot hold; nothing has been sent then.
        """
        body, extra = self._fields(), self.options.get("extra_body")
        if extra:
            if not isinstance(body, Mapping) and body is not UNSET:
                raise RequestError("extra_body= needs a body that is an object")
            body = {**(body if body is not UNSET else {}), **extra}
        if body is UNSET:
            return Content()
        kind = self.settings.body
        if kind == "raw":
            return Content(_raw(body), content_type=self.settings.content_type)
        if kind == "form":
            from urllib.parse import urlencode

            return Content(urlencode(_encode.form(body)).encode(), content_type="application/x-www-form-urlencoded")
        if self.settings.alone and body.keys() == {self.settings.alone[0]}:
            return Content(_raw(next(iter(body.values()))), content_type=self.settings.alone[1])
        if kind == "multipart" or (kind == "auto" and any(_holds_file(v) for v in body.values())):
            return Content(parts=_encode.multipart(body, self.settings.part_types))
        return Content(_encode.json(body), content_type="application/json")

    def _fields(self) -> Any:
        body = self.body
        if isinstance(body, dict):
            body = {k: v for k, v in body.items() if v is not UNSET}
        switch = self.settings.switch
        if self.streamed and switch and switch[0] == "body":
            body = {**(body if body is not UNSET else {}), switch[1]: switch[2]}
        return body

    def __repr__(self) -> str:
        return f"<Request {self.settings.name}: {self.method} {self.settings.path}>"


class Content:
    """A body on its way: its bytes, or its multipart parts with the files that they are read from."""

    __slots__ = ("_files", "content_type", "data", "parts")

    def __init__(
        self, data: bytes | None = None, content_type: str | None = None, parts: list[_encode.Part] | None = None
    ) -> None:
        self.data, self.content_type, self.parts = data, content_type, parts
        self._files = [part[1] for _, part in parts or () if hasattr(part[1], "read")]

    def rewind(self) -> bool:
        """Make ready to be sent again; False where a file cannot go back to its start."""
        try:
            for file in self._files:
                file.seek(0)
        except (OSError, AttributeError):
            return False
        return True

    def close(self) -> None:
        """Close the files that were opened from a path."""
        for file in self._files:
            if getattr(file, "opened_here", False):
                file.close()


def _raw(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    if hasattr(body, "read"):
        return bytes(body.read())
    raise RequestError(f"the body is text, bytes or an open binary file, not {type(body).__name__}")


def _holds_file(value: object) -> bool:
    return is_file(value) or (isinstance(value, list | tuple) and any(is_file(v) for v in value))
