"""The request and the earlier attempts of a failed call, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ..public import expose
from .redact import hide_url

if TYPE_CHECKING:
    from . import APIError


@frozen
class RequestInfo:
    """The request of a failed call. The converter removes the userinfo and hides query values of the URL."""

    method: str
    url: str = field(converter=hide_url)

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


@frozen
class Attempt:
    """One earlier attempt of a call: its number from 1, its result, and its duration in seconds."""

    number: int
    status_code: int | None
    error: APIError | None
    elapsed: float


expose(globals(), "errors")
