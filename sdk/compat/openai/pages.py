"""Pages of lists: one page as a reply, which iterates over the items of all pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from functools import cache
from typing import Any, Generic, Self, TypeVar

from ...pages import pages
from .base_model import BaseModel

T = TypeVar("T")


class _Following(Exception):
    """Carries the arguments of the next page."""


class PageInfo:
    """What requests the next page: its query."""

    def __init__(self, *, params: Any = None, url: Any = None, json: Any = None) -> None:
        self.params, self.url, self.json = params, url, json


class BasePage(BaseModel):
    """One page. `_call` is what requests another one: the function, its arguments, and the response of this page."""

    __slots__ = ()

    def _items(self) -> list[Any]:
        items = getattr(self, "data", None)
        return items if isinstance(items, list) else []

    _get_page_items = _items

    def _following(self) -> dict[str, Any] | None:
        """Return the arguments for the next page, None after the last."""
        _, args, kwargs, response = self._call
        spec = response.request.spec
        if spec.page is None:
            return _after_last(self._items(), getattr(self, "has_more", None), kwargs)
        asked = False

        def fetch(*_: Any, **following: Any) -> Any:
            nonlocal asked
            if asked:
                raise _Following(following)
            asked = True
            return response

        try:
            for _item in pages(fetch, spec, args, kwargs):
                pass
        except _Following as found:
            following: dict[str, Any] = found.args[0]
            return following
        return None

    def has_next_page(self) -> bool:
        """Return whether there is another page."""
        return bool(self._items()) and self._following() is not None

    def next_page_info(self) -> PageInfo | None:
        """Return what requests the next page, None after the last."""
        following = self._following()
        if following is None:
            return None
        _, _, kwargs, _ = self._call
        return PageInfo(params={name: value for name, value in following.items() if kwargs.get(name) != value})


def _after_last(items: list[Any], more: Any, kwargs: dict[str, Any]) -> dict[str, Any] | None:
    last = getattr(items[-1], "id", None) if items else None
    return {**kwargs, "after": last} if more and last and last != kwargs.get("after") else None


class BaseSyncPage(BasePage):
    """A page that iterates over the items of this page and of all that follow."""

    __slots__ = ()

    def iter_pages(self) -> Iterator[Self]:
        """Yield this page and all that follow."""
        page = self
        while True:
            yield page
            if not page.has_next_page():
                return
            page = page.get_next_page()

    def __iter__(self) -> Iterator[Any]:
        for page in self.iter_pages():
            yield from page._items()

    def get_next_page(self) -> Self:
        """Request the next page. Raises: RuntimeError after the last."""
        following = self._following()
        if following is None:
            raise RuntimeError("there is no next page; `has_next_page()` says so")
        call, args, _, _ = self._call
        return call(*args, **following)  # type: ignore[no-any-return]


class BaseAsyncPage(BasePage):
    """A page that iterates asynchronously."""

    __slots__ = ()

    async def iter_pages(self) -> AsyncIterator[Self]:
        """Yield this page and all that follow."""
        page = self
        while True:
            yield page
            if not page.has_next_page():
                return
            page = await page.get_next_page()

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for page in self.iter_pages():
            for item in page._items():
                yield item

    async def get_next_page(self) -> Self:
        """Request the next page. Raises: RuntimeError after the last."""
        following = self._following()
        if following is None:
            raise RuntimeError("there is no next page; `has_next_page()` says so")
        call, args, _, _ = self._call
        return await call(*args, **following)  # type: ignore[no-any-return]


class AsyncPaginator(Generic[T]):
    """A list that is being requested: await it for one page, or iterate over the items of all pages."""

    def __init__(self, fetch: Callable[[], Awaitable[Any]]) -> None:
        self._fetch = fetch

    def __await__(self) -> Generator[Any, None, Any]:
        return self._fetch().__await__()

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for item in await self._fetch():
            yield item


KINDS = ("Page", "CursorPage", "ConversationCursorPage", "NextCursorPage", "TokenPage")
for _kind in KINDS:
    for _prefix, _base in (("Sync", BaseSyncPage), ("Async", BaseAsyncPage)):
        globals()[_prefix + _kind] = type(
            _prefix + _kind, (_base,), {"__slots__": (), "__module__": __name__, "__doc__": "A page of a list."}
        )


@cache
def page_class(kind: str, model: str) -> Any:
    """Return the class of a page: that of a model, with a kind of page before it."""
    from .replies import PAGES

    return PAGES.member(PAGES.model(model), globals()[kind])
