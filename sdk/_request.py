"""A request that is built and not sent: what an endpoint function returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

from . import _encode
from ._model import ApiModel
from ._unset import UNSET
from .errors import RequestError
from .files import is_file

if TYPE_CHECKING:
    from typing_extensions import TypeVar as DefaultTypeVar

    from ._body import Stream
    from ._client import BaseClient
    from ._settings import Settings
    from .errors import APIError

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


#: Bodies up to this size are put together before they are sent: one write is faster than several.
SMALL = 1024 * 1024
FORM = "application/x-www-form-urlencoded"

OPTION_NAMES = frozenset(RequestOptions.__annotations__)


class Request(Generic[R, C]):
    """One request of an operation: its method, path, query, headers and body, checked and not yet sent.

    `R` is the type of the reply, `C` that of a stream's chunks or a page's items.
    """

    __slots__ = ("_cookies", "_first", "_headers", "_path", "_query", "body", "options", "settings", "sink", "streamed")

    settings: Settings

    def __init__(
        self,
        options: Mapping[str, Any],
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: Any = UNSET,
        cookies: Mapping[str, object] | None = None,
    ) -> None:
        self.options = options
        self.streamed = False
        #: Takes the response of a success and saves its body, which is not read then; may be a coroutine function.
        self.sink: Callable[[Any], Any] | None = None
        self._path, self._query, self._headers, self._cookies = path, query, headers, cookies
        self.body = body
        self._first: dict[int, int | None] | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.settings.method

    @property
    def path(self) -> str:
        """The path below the API's base URL, parameters filled in and percent-encoded."""
        settings = self.settings
        return _encode.path(settings.path, self._path, settings.placed.get("path")) if self._path else settings.path

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
        placed = self.settings.placed
        if self._cookies:
            cookies = _encode.cookies(self._cookies, placed.get("cookie", {}))
            given = {"Cookie": cookies, **given} if cookies else given
        if not given:
            return {}
        styles = placed.get("header", {})
        sent = {k: v for k, v in given.items() if v is not UNSET and v is not None}
        return {k: _encode.header(k, v, styles.get(k, "")) for k, v in sent.items()}

    @property
    def url(self) -> str:
        """The whole URL, by the client of the call or the environment."""
        from ._client import client_of

        return client_of(self.options, self.settings.root)._url(self)

    def content(self) -> Content:
        """Return the body as it goes over the wire.

        Raises RequestError for what the body's format cannot hold; nothing has been sent then.
        """
        body, extra = self._fields(), self.options.get("extra_body")
        if extra:
            if not isinstance(body, Mapping) and body is not UNSET:
                raise RequestError("extra_body= needs a body that is an object")
            body = {**(body if body is not UNSET else {}), **extra}
        settings = self.settings
        if body is UNSET or (settings.omits and not body):
            return Content()
        kind = settings.body
        if kind == "raw":
            return self._raw(body, settings.content_type)
        if kind == "json":
            return Content(_encode.json(body), settings.content_type or "application/json")
        if isinstance(body, ApiModel):
            body = body.to_dict()
        if not isinstance(body, Mapping):
            raise RequestError(f"the body of {settings.name} is an object, not {type(body).__name__}")
        if settings.alone and body.keys() == {settings.alone[0]}:
            return self._raw(next(iter(body.values())), settings.alone[1])
        if kind == "multipart" or (
            kind != "form" and any(_holds_file(v, k in settings.files) for k, v in body.items())
        ):
            from ._multipart import multipart

            content_type, stream = multipart(body, settings.part_types, settings.styles, self._starts, settings.files)
            return Content.of(stream, content_type)
        if kind == "auto":
            return Content(_encode.json(body), settings.content_type or "application/json")
        return Content(_encode.joined(_encode.query(body, settings.styles)).encode(), FORM)

    def _raw(self, body: object, content_type: str | None) -> Content:
        if isinstance(body, str | int | float | date):
            return Content(_encode.scalar(body, "body").encode(), content_type or "text/plain; charset=utf-8")
        if not is_file(body) or isinstance(body, tuple):
            raise RequestError(f"the body is text, bytes, a path or an open binary file, not {type(body).__name__}")
        from ._body import Source, Stream, where
        from .files import file_parts

        content, _, guessed, on_progress = file_parts(body, "body")
        start = self._starts.setdefault(id(content), where(content)) if hasattr(content, "read") else None
        stream = Stream([Source(content, "body", start=start, on_progress=on_progress)])
        return Content.of(stream, content_type or guessed)

    @property
    def _starts(self) -> dict[int, int | None]:
        """Where each open file stood when it was first met, by id(): a request can be sent more than once."""
        if self._first is None:
            self._first = {}
        return self._first

    def _fields(self) -> Any:
        body = self.body
        if isinstance(body, dict):
            body = {k: v for k, v in body.items() if v is not UNSET}
            if self.settings.asks:
                body |= {k: v for k, v in self.settings.asks.items() if k not in body}
        switch = self.settings.switch
        if self.streamed and switch and switch[0] == "body":
            body = {**(body if body is not UNSET else {}), switch[1]: switch[2]}
        return body

    def __repr__(self) -> str:
        return f"<Request {self.settings.name}: {self.method} {self.settings.path}>"


class Content:
    """A body on its way: `data` where it is all in memory, else a `stream` that sync and async senders can iterate.

    A sender gives httpx `content=data` or `stream=stream`, and the headers `framing`.
    """

    __slots__ = ("content_type", "data", "stream")

    def __init__(self, data: bytes | None = None, content_type: str | None = None) -> None:
        self.data, self.content_type = data, content_type
        self.stream: Stream | None = None

    @classmethod
    def of(cls, stream: Stream, content_type: str | None) -> Content:
        """Return the content that a stream holds, as bytes if it is small."""
        self = cls(stream.joined(SMALL), content_type)
        if self.data is None:
            self.stream = stream
        return self

    @property
    def length(self) -> int | None:
        """The bytes of the body; None where they are not known before its end."""
        if self.stream is not None:
            return self.stream.length
        return len(self.data or b"")

    @property
    def framing(self) -> dict[str, str]:
        """The headers that tell where the body ends; none where there is no body."""
        if self.stream is None and self.data is None:
            return {}
        length = self.length
        return {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": str(length)}

    def rewind(self, error: APIError | None = None) -> bool:
        """Tell whether the body can be sent again, from where each file stood; if not, `error` says why."""
        field = self.stream.stuck() if self.stream is not None else None
        if field is not None and error is not None:
            told = f"Not tried again: the file of {field} can be read only once; give bytes, a path or a seekable file."
            error.hint = f"{error.hint} {told}" if error.hint else told
        return field is None

    def close(self) -> None:
        """Close the files that were opened from a path."""
        if self.stream is not None:
            self.stream.close()


def _holds_file(value: object, text_too: bool) -> bool:
    """Tell whether a file stands here, or text in its place, which the multipart body will refuse."""
    if isinstance(value, list | tuple) and not is_file(value):
        return any(_holds_file(v, text_too) for v in value)
    return is_file(value) or (text_too and isinstance(value, str))
