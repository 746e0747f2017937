"""Lists in pages: ask for the next one with the cursor that the last one gave."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .operation import Settings


class _Cursor:
    """Decide after each page whether there is another, and what to ask for. Stops on a cursor seen before."""

    def __init__(self, settings: Settings, kwargs: dict[str, Any]) -> None:
        if settings.page is None:
            raise TypeError(f"{settings.name} is not paged")
        self._param, self._place = settings.page
        self._kwargs, self._seen = kwargs, set[str]()

    def next(self, page: Any) -> dict[str, Any] | None:
        """Return the arguments for the next page, None after the last."""
        items = getattr(page, "data", None) or []
        if getattr(page, "has_more", None) is False:
            return None
        cursor = (
            getattr(items[-1], "id", None) if self._place == "data.id" and items else getattr(page, self._place, None)
        )
        if not cursor or not isinstance(cursor, str) or cursor in self._seen:
            return None
        if getattr(page, "has_more", None) is None and not items:
            return None
        self._seen.add(cursor)
        return {**self._kwargs, self._param: cursor}


def pages(
    fetch: Callable[..., Any], settings: Settings, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Iterator[Any]:
    """Yield the items of every page."""
    cursor, following = _Cursor(settings, kwargs), dict[str, Any](kwargs)
    while True:
        page = fetch(*args, **following)
        yield from getattr(page, "data", None) or ()
        more = cursor.next(page)
        if more is None:
            return
        following = more


async def asyncio_pages(
    fetch: Callable[..., Awaitable[Any]], settings: Settings, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> AsyncIterator[Any]:
    """Yield the items of every page, from a coroutine."""
    cursor, following = _Cursor(settings, kwargs), dict[str, Any](kwargs)
    while True:
        page = await fetch(*args, **following)
        for item in getattr(page, "data", None) or ():
            yield item
        more = cursor.next(page)
        if more is None:
            return
        following = more
