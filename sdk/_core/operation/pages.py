"""Lists in pages: ask for the next one with the cursor that the last one gave."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..public import expose

if TYPE_CHECKING:
    from ..request.spec import EndpointSpec

#: Cursors that are the id of the last item, and so are never the last of another page.
_IDS = ("last_id", "data.id")


class _Cursor:
    """Decide what to take of each page, whether there is another, and what to ask for then."""

    def __init__(self, settings: EndpointSpec, kwargs: dict[str, Any]) -> None:
        if settings.page is None:
            raise TypeError(f"{settings.name} is not paged")
        self._param, self._place, *numbers = settings.page
        self._kind = int if numbers else str
        self._kwargs = kwargs
        self._seen = {kwargs.get(self._param)}

    def read(self, page: Any) -> tuple[Sequence[Any], dict[str, Any] | None]:
        """Return the items of a page, and the arguments for the next page: None after the last.

        The last page says so, gives no cursor, or one that was there before. A page without items is the last one
        too, unless it says that there are more, as a page of which a filter leaves nothing does. A page that ends where
        an earlier one did is that page again, from a server that does not know cursors: its items are not taken twice.
        """
        items = getattr(page, "data", None) or ()
        cursor = self._cursor(page, items)
        if cursor is None:
            return items, None
        if cursor in self._seen:
            return (() if self._place in _IDS else items), None
        self._seen.add(cursor)
        more = getattr(page, "has_more", None)
        if more is None:  # a cursor alone says it of a page with items, a token of any page
            more = bool(items) or (self._kind is str and self._place not in _IDS)
        return items, {**self._kwargs, self._param: cursor} if more is not False else None

    def _cursor(self, page: Any, items: Sequence[Any]) -> Any:
        cursor = getattr(page, self._place, None) if self._place not in ("", "data.id") else None
        # Servers that leave last_id out mean the same id.
        if not cursor and items and self._place in _IDS:
            cursor = getattr(items[-1], "id", None)
        return cursor if cursor.__class__ is self._kind and cursor else None


def pages(
    fetch: Callable[..., Any], settings: EndpointSpec, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Iterator[Any]:
    """Yield the items of every page."""
    cursor, following = _Cursor(settings, kwargs), dict[str, Any](kwargs)
    while True:
        items, more = cursor.read(fetch(*args, **following))
        yield from items
        if more is None:
            return
        following = more


async def asyncio_pages(
    fetch: Callable[..., Awaitable[Any]], settings: EndpointSpec, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> AsyncIterator[Any]:
    """Yield the items of every page, from a coroutine."""
    cursor, following = _Cursor(settings, kwargs), dict[str, Any](kwargs)
    while True:
        items, more = cursor.read(await fetch(*args, **following))
        for item in items:
            yield item
        if more is None:
            return
        following = more


expose(globals(), "pages")
