"""A request as an endpoint function creates it: its arguments by location, validated and not yet serialized."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypedDict, TypeVar

from ..unset import UNSET

if TYPE_CHECKING:
    from typing_extensions import TypeVar as DefaultTypeVar

    from ..options.typed import AnyClient
    from .spec import EndpointSpec

    R = TypeVar("R")
    C = DefaultTypeVar("C", default=Any)
else:
    R = TypeVar("R")
    C = TypeVar("C")


class RequestOptions(TypedDict, total=False):
    """The options of every call, besides the arguments of its operation. Times are seconds; None is no limit."""

    client: AnyClient | None
    timeout: float | None
    stall_timeout: float | None
    deadline: float | None
    max_retries: int
    extra_headers: Mapping[str, str] | None
    extra_query: Mapping[str, Any] | None
    extra_body: Mapping[str, Any] | None
    idempotency_key: str | None
    #: Of a stream: whether it keeps what it hands out, for `final()`, `partial` and `Done`; True by default.
    keep_reply: bool


OPTION_NAMES = frozenset(RequestOptions.__annotations__)


class RequestData(Generic[R, C]):
    """The arguments of one call. `R` is the type of the reply, `C` that of a stream's chunks or a page's items."""

    __slots__ = (
        "body",
        "content_type",
        "cookie_params",
        "file_positions",
        "header_params",
        "options",
        "path_params",
        "query_params",
        "sink",
        "spec",
        "streamed",
    )  # fmt: skip

    spec: EndpointSpec

    def __init__(
        self,
        options: Mapping[str, Any],
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: Any = UNSET,
        cookies: Mapping[str, object] | None = None,
        content_type: object = UNSET,
    ) -> None:
        self.options = options
        self.streamed = False
        #: A function or coroutine function that saves the body of a successful response, which is not read then.
        self.sink: Callable[[Any], Any] | None = None
        self.path_params, self.query_params, self.header_params, self.cookie_params = path, query, headers, cookies
        self.body = body
        #: The media type of the body that the call chooses, of several.
        self.content_type = content_type
        #: The position of each open file when the body was first created, by id(): a retry sends it from there again.
        self.file_positions: dict[int, int | None] | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.spec.method

    def masked(self) -> Self:
        """Return a copy without the client and without the values of headers, cookies and secret query parameters."""
        from copy import copy

        from ..errors.redact import HARMLESS_HEADERS, HARMLESS_QUERY, carries_credentials, masked

        other = copy(self)
        other.options = options = {name: value for name, value in self.options.items() if name != "client"}
        for name, harmless in (("extra_headers", HARMLESS_HEADERS), ("extra_query", HARMLESS_QUERY)):
            if options.get(name):
                options[name] = masked(options[name], harmless)
        other.header_params = self.header_params and masked(self.header_params, HARMLESS_HEADERS)
        other.cookie_params = self.cookie_params and masked(self.cookie_params, ())
        own = self.query_params
        other.query_params = own and masked(own, {n.lower() for n in own if not carries_credentials(n)})
        return other

    @property
    def reply(self) -> str:
        """The name of the reply's model, which an argument of the body may choose."""
        if self.spec.reply_by is None:
            return self.spec.reply
        argument, models = self.spec.reply_by
        given = {**(self.body or {}), **(self.options.get("extra_body") or {})}.get(argument)
        return models.get(given, self.spec.reply) if isinstance(given, str) else self.spec.reply

    def __repr__(self) -> str:
        return f"<Request {self.spec.name}: {self.method} {self.spec.path}>"
