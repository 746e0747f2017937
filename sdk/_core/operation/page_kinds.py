"""Lists in pages by the conventions of many APIs: tokens, last items, page numbers, offsets, links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from ..reply.response import APIResponse

#: The target of a link to the next page (RFC 8288, section 3).
_NEXT = re.compile(r"""<([^>]*)>[^,<]*;\s*rel\s*=\s*"?(?:[^",;]*\s)?next\b""", re.IGNORECASE)


class PageKind:
    """Decide which items of a page to yield, and the arguments for the next page.

    `kind` is one of these; `place`, `items` and `more` are attributes of the reply, in dots; "" is none, or, for
    `items`, the reply itself:

    - "token": the argument `param` takes the value at `place`, until there is none;
    - "last": it takes `place` of the last item, while `more` is true;
    - "number": it counts pages, from the number `place`, until a page is empty or a Link header has no next page;
    - "offset": it counts items, until a page is empty or nothing is at `place`;
    - "url": the value at `place` is a URL, whose query requests the next page;
    - "link": the same, in the header Link.
    """

    def __init__(self, page: tuple[str, str, str, str, str], kwargs: dict[str, Any]) -> None:
        self._kind, self._param, self._place, self._items, self._more = page
        self._kwargs, self._position = kwargs, kwargs.get(self._param)
        self._seen: list[Any] = [kwargs.get(self._param)]
        self._before: Any = None

    def items(self, response: APIResponse[Any]) -> Any:
        """Return the items of a page, an empty tuple where it has none."""
        found = _at(response.parsed, self._items)
        return () if found is None else found

    def read(self, response: APIResponse[Any], items: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any] | None]:
        """Return the items to yield, and the arguments for the next page: None after the last.

        A page that is the one before is from a server that does not page: its items are not yielded twice.
        """
        if items and self._kind in ("number", "offset", "last") and items == self._before:
            return (), None
        self._before = items
        if (self._more and _at(response.parsed, self._more) is False) or not (items or self._kind in ("token", "url")):
            return items, None
        cursor = getattr(self, f"_{self._kind}")(response, items)
        if not cursor or cursor in self._seen:
            return items, None
        self._seen.append(cursor)
        if self._kind in ("url", "link"):
            return items, {**self._kwargs, "extra_query": {**(self._kwargs.get("extra_query") or {}), **cursor}}
        return items, {**self._kwargs, self._param: cursor}

    def _token(self, response: APIResponse[Any], _: Sequence[Any]) -> Any:
        found = _at(response.parsed, self._place)
        return found if isinstance(found, str | int) and not isinstance(found, bool) else None

    def _last(self, response: APIResponse[Any], items: Sequence[Any]) -> Any:
        return _at(items[-1], self._place) if _at(response.parsed, self._more) else None

    def _number(self, response: APIResponse[Any], _: Sequence[Any]) -> Any:
        link = response.headers.get("link")
        if link is not None and not _NEXT.search(link):
            return None
        self._position = (int(self._place) if not isinstance(self._position, int) else self._position) + 1
        return self._position

    def _offset(self, response: APIResponse[Any], items: Sequence[Any]) -> Any:
        if self._place and _at(response.parsed, self._place) is None:
            return None
        self._position = (0 if not isinstance(self._position, int) else self._position) + len(items)
        return self._position

    def _url(self, response: APIResponse[Any], _: Sequence[Any]) -> Any:
        return _query(_at(response.parsed, self._place))

    def _link(self, response: APIResponse[Any], _: Sequence[Any]) -> Any:
        found = _NEXT.search(response.headers.get("link") or "")
        return _query(found[1]) if found else None


def _at(value: Any, place: str) -> Any:
    """Return what is at a place of a reply: attributes of models, keys of dicts; None where there is nothing."""
    for name in place.split(".") if place else ():
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    return value


def _query(url: Any) -> dict[str, Any]:
    """Return the query of a URL."""
    found = parse_qs(urlsplit(url).query, keep_blank_values=True) if isinstance(url, str) else {}
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
