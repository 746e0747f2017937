"""An operation of the API as one object, with `sync`, `asyncio`, their detailed forms, `request`, streams and pages.

Generated code decorates a function that only builds the request; every form has its signature.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar

from ..client.request import Request
from ..lazy import lazy_function
from ..public import expose
from ..request.data import OPTION_NAMES, RequestOptions
from ..request.spec import EndpointSpec, Style
from .forms import form

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from ..client.default import client_of
    from ..errors.redact import redact_arguments
    from ..reply.response import APIResponse
    from ..tracebacks import drop_frames
    from .old_names import accept_old_names, warn_deprecated
else:
    client_of = lazy_function(globals(), "..client.default", "client_of")
    drop_frames = lazy_function(globals(), "..tracebacks", "drop_frames")
    redact_arguments = lazy_function(globals(), "..errors.redact", "redact_arguments")
    accept_old_names = lazy_function(globals(), ".old_names", "accept_old_names")
    warn_deprecated = lazy_function(globals(), ".old_names", "warn_deprecated")

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C")


class Operation(Generic[P, R]):
    """An endpoint. Every form takes the same arguments; `client=` is one of the request options."""

    def __init__(self, build: Callable[P, Request[R, Any]], spec: EndpointSpec, client: Any = None) -> None:
        self._build, self._spec, self._client = build, spec, client
        self.__doc__ = build.__doc__
        self.__name__ = build.__name__
        self.__module__ = build.__module__
        self.__wrapped__ = build  # inspect.signature and help() show the real arguments

    @property
    def name(self) -> str:
        """The dotted name, such as `chat.create`."""
        return self._spec.name

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self._spec.method

    @property
    def path(self) -> str:
        """The path template below the API's base URL."""
        return self._spec.path

    def bind(self, client: Any) -> Self:
        """Return the same operation with `client` as the client of its calls."""
        return type(self)(self._build, self._spec, client)

    def unwarned(self) -> Self:
        """Return the same operation without warnings of deprecation, for callers who did not choose it."""
        from copy import copy  # here: no plain call needs it

        spec = copy(self._spec)
        spec.deprecated, spec.deprecated_arguments, spec.replaced_by = False, frozenset(), ""
        return type(self)(self._build, spec, self._client)

    @form
    def request(self, *args: P.args, **kwargs: P.kwargs) -> Request[R, Any]:
        """Build the request without sending it.

        Raises: TypeError for a wrong argument, RequestError for a value that cannot be sent.
        """
        return self._request(args, kwargs)

    @form
    def sync(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the API and return the typed reply.

        Raises: APIError and its subclasses, see the module `errors`.
        """
        try:
            request = self._request(args, kwargs)
            reply: R = client_of(request.options, request.spec.root).send(request).parsed
            return reply
        except Exception as error:
            drop_frames(error)
            raise

    @form
    async def asyncio(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the API from a coroutine and return the typed reply; see `sync`."""
        try:
            request = self._request(args, kwargs)
            reply: R = (await client_of(request.options, request.spec.root).asend(request)).parsed
            return reply
        except Exception as error:
            drop_frames(error)
            raise

    @form
    def sync_detailed(self, *args: P.args, **kwargs: P.kwargs) -> APIResponse[R]:
        """Call the API and return the reply with its status, headers, raw content and attempts."""
        try:
            request = self._request(args, kwargs)
            return client_of(request.options, request.spec.root).send(request)
        except Exception as error:
            drop_frames(error)
            raise

    @form
    async def asyncio_detailed(self, *args: P.args, **kwargs: P.kwargs) -> APIResponse[R]:
        """Call the API from a coroutine; see `sync_detailed`."""
        try:
            request = self._request(args, kwargs)
            return await client_of(request.options, request.spec.root).asend(request)
        except Exception as error:
            drop_frames(error)
            raise

    def _request(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Request[R, Any]:
        spec, client = self._spec, self._client
        if client is not None and kwargs.get("client") is None:
            kwargs["client"] = client
        if spec.old_names:
            accept_old_names(self, kwargs)
        if "extra_headers" in kwargs or "extra_query" in kwargs:
            redact_arguments(kwargs)  # in place: these are the variables of the method that was called, too
        try:
            request = self._build(*args, **kwargs)
        except TypeError as error:
            from .usage_errors import bad_arguments

            raise bad_arguments(self, args, kwargs) or error from None
        if not request.options.keys() <= OPTION_NAMES:
            from .usage_errors import unknown_argument

            raise unknown_argument(self, next(name for name in request.options if name not in OPTION_NAMES))
        request.spec = spec
        if spec.deprecated or not spec.deprecated_arguments.isdisjoint(kwargs):
            warn_deprecated(self, kwargs)
        return request

    if not TYPE_CHECKING:  # type checkers refuse a missing form, and a call, themselves

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            from .usage_errors import missing_form

            raise missing_form(self, name)

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            raise TypeError(f"{self.name} is an endpoint: call {self.name}.sync(...) or await {self.name}.asyncio(...)")

    def __repr__(self) -> str:
        return f"<operation {self.name}: {self.method} {self.path}>"


class BinaryOperation(Operation[P, R]):
    """An endpoint whose reply is bytes."""

    @form
    def download(self, path: str | PathLike[str], /, *args: P.args, **kwargs: P.kwargs) -> Path:
        """Call the API, write the reply to `path` while it arrives, and return the path.

        The file appears complete or not at all, and replaces an existing one. The reply may be larger than memory and
        than max_response_bytes. Raises: APIError as `sync` does, OSError if the file cannot be written.
        """
        from .download import download

        return download(self._request(args, kwargs), path)

    @form
    async def asyncio_download(self, path: str | PathLike[str], /, *args: P.args, **kwargs: P.kwargs) -> Path:
        """Call the API from a coroutine and write the reply to `path`; see `download`."""
        from .download import asyncio_download

        return await asyncio_download(self._request(args, kwargs), path)


class PagedOperation(Operation[P, R], Generic[P, R, C]):
    """An endpoint that lists in pages."""

    if TYPE_CHECKING:

        def __init__(self, build: Callable[P, Request[R, C]], spec: EndpointSpec, client: Any = None) -> None: ...

    @form
    def iter(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[C]:
        """Yield every item of every page; the next page is requested after the last item of a page."""
        from .pages import pages

        self._request(args, kwargs)  # raises for a wrong argument here, not with the first item
        return pages(self.sync_detailed, self._spec, args, kwargs)

    @form
    def asyncio_iter(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[C]:
        """Yield every item of every page, from a coroutine; see `iter`."""
        from .pages import asyncio_pages

        self._request(args, kwargs)
        return asyncio_pages(self.asyncio_detailed, self._spec, args, kwargs)


def make_spec(build: Callable[..., Any], name: str, method: str, path: str, facts: dict[str, Any]) -> EndpointSpec:
    return EndpointSpec(name, method, path, root=build.__module__.partition(".api.")[0], **facts)


def operation(name: str, method: str, path: str, **facts: Any) -> Callable[[Callable[P, Request[R]]], Operation[P, R]]:
    """Turn a function that builds a request into an endpoint; `facts` are arguments of `EndpointSpec`."""
    return lambda build: Operation(build, make_spec(build, name, method, path, facts))


def binary(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R]]], BinaryOperation[P, R]]:
    """Create an endpoint that replies with bytes."""
    return lambda build: BinaryOperation(build, make_spec(build, name, method, path, facts))


def paged(
    name: str, method: str, path: str, **facts: Any
) -> Callable[[Callable[P, Request[R, C]]], PagedOperation[P, R, C]]:
    """Create an endpoint that lists in pages."""
    return lambda build: PagedOperation(build, make_spec(build, name, method, path, facts))


__all__ = [
    "BinaryOperation", "EndpointSpec", "Operation", "PagedOperation", "Request", "RequestOptions", "Style", "binary",
    "operation", "paged",
]  # fmt: skip


expose(globals(), "operation")
