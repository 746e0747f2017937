"""Lists in pages: request the next page with the cursor of the last one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from ..errors import APIResponseError
from ..public import expose

if TYPE_CHECKING:
    from ..reply.response import APIResponse
    from ..request.spec import EndpointSpec

#: Cursors that are the id of the last item, and so differ from page to page.
_IDS = ("last_id", "data.id")


class _Cursor:
    """Decide which items of a page to yield, whether there is another page, and with which arguments."""

    def __init__(self, spec: EndpointSpec, kwargs: dict[str, Any]) -> None:
        if spec.page is None:
            raise TypeError(f"{spec.name} is not paged")
        self._param, self._place, *numbers = cast("tuple[Any, ...]", spec.page)
        self._kind = int if numbers else str
        self._kwargs = kwargs
        self._seen = {kwargs.get(self._param)}

    def read(self, response: APIResponse[Any]) -> tuple[Sequence[Any], dict[str, Any] | None]:
        """Return the items of a page, and the arguments for the next page: None after the last.

        The last page says so, or has no cursor, or the cursor of an earlier page. A page without items is the last one
        too, unless it says that there are more: a filter can remove all items of a page. A page with the last item of
        an earlier page is that page again, from a server that ignores cursors: its items are not yielded twice.
        Raises APIResponseError for a page whose `data` is not a list.
        """
        page = response.parsed
        items = getattr(page, "data", None)
        if items is None:
            items = ()
        elif not isinstance(items, list):
            raise _unreadable(response, items)
        cursor = self._cursor(page, items)
        if cursor is None:
            return items, None
        if cursor in self._seen:
            return (() if self._place in _IDS else items), None
        self._seen.add(cursor)
        more = getattr(page, "has_more", None)
        if more is None:  # of a page without items, only an opaque token says that there are more
            more = bool(items) or (self._kind is str and self._place not in _IDS)
        return items, {**self._kwargs, self._param: cursor} if more is not False else None

    def _cursor(self, page: Any, items: Sequence[Any]) -> Any:
        cursor = getattr(page, self._place, None) if self._place not in ("", "data.id") else None
        # Servers that omit last_id take the id of the last item.
        if not cursor and items and self._place in _IDS:
            cursor = getattr(items[-1], "id", None)
        return cursor if cursor.__class__ is self._kind and cursor else None


class _ByKind:
    """Read pages by a convention that only some APIs have."""

    def __init__(self, spec: EndpointSpec, kwargs: dict[str, Any]) -> None:
        from .page_kinds import PageKind

        self._kind = PageKind(cast("tuple[str, str, str, str, str]", spec.page), kwargs)

    def read(self, response: APIResponse[Any]) -> tuple[Sequence[Any], dict[str, Any] | None]:
        """Return the items of a page, and the arguments for the next page. Raises APIResponseError without a list."""
        items = self._kind.items(response)
        if not isinstance(items, list | tuple):
            raise _unreadable(response, items)
        return self._kind.read(response, items)


def _cursor_of(spec: EndpointSpec, kwargs: dict[str, Any]) -> _Cursor | _ByKind:
    return _ByKind(spec, kwargs) if spec.page is not None and len(spec.page) > 3 else _Cursor(spec, kwargs)


def _unreadable(response: APIResponse[Any], items: Any) -> APIResponseError:
    """Return the error of a page whose `data` is not a list."""
    from ..client.default import client_of
    from ..errors.attempt import RequestInfo
    from ..errors.redact import redact
    from ..reply.json_types import json_type

    request = response.request
    error = APIResponseError(
        f"the data of the list is {json_type(items)} where an array was expected",
        request=RequestInfo(request.method, request.url),
        attempts=response.attempts,
        request_id=response.request_id,
        body=response.parsed.to_dict() if hasattr(response.parsed, "to_dict") else response.parsed,
        request_sent=True,
        status_code=response.status_code,
        headers=response.headers,
    )
    redact(error, client_of(request.options, request.spec.root)._context.secrets(request))
    return error


def pages(
    fetch: Callable[..., APIResponse[Any]], spec: EndpointSpec, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Iterator[Any]:
    """Yield the items of every page."""
    cursor, following = _cursor_of(spec, kwargs), dict[str, Any](kwargs)
    while True:
        items, more = cursor.read(fetch(*args, **following))
        yield from items
        if more is None:
            return
        following = more


async def asyncio_pages(
    fetch: Callable[..., Awaitable[APIResponse[Any]]],
    spec: EndpointSpec,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> AsyncIterator[Any]:
    """Yield the items of every page, from a coroutine."""
    cursor, following = _cursor_of(spec, kwargs), dict[str, Any](kwargs)
    while True:
        items, more = cursor.read(await fetch(*args, **following))
        for item in items:
            yield item
        if more is None:
            return
        following = more


expose(globals(), "pages")
