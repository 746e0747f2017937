"""Bodies that are not JSON, or not always: forms, multipart, text and bytes as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..errors import RequestError
from ..files import is_file
from ..http import Content
from ..model import ApiModel
from . import styles

if TYPE_CHECKING:
    from .data import RequestData

FORM = "application/x-www-form-urlencoded"


def content(request: RequestData[Any, Any], body: Any) -> Content:
    """Return the body of a request by what its operation takes; a file among its fields makes it multipart."""
    settings, kind = request.spec, request.spec.body
    if kind == "raw":
        return _raw(request, body, settings.content_type)
    if isinstance(body, ApiModel):
        body = body.to_dict()
    if not isinstance(body, Mapping):
        raise RequestError(f"the body of {settings.name} is an object, not {type(body).__name__}")
    if settings.raw_alternative and body.keys() == {settings.raw_alternative[0]}:
        return _raw(request, next(iter(body.values())), settings.raw_alternative[1])
    if kind == "multipart" or (kind != "form" and any(_holds_file(v, k in settings.files) for k, v in body.items())):
        from .multipart import multipart

        extra = request.options.get("extra_body") or {}
        nulls = [name for name, value in extra.items() if value is None]  # what is laid over is sent as it is
        content_type, stream = multipart(
            body, settings.part_types, settings.styles, _starts(request), settings.files, nulls
        )
        return Content.of(stream, content_type)
    if kind == "auto":
        return Content(styles.json(body), settings.content_type or "application/json")
    return Content(styles.joined(styles.query(body, settings.styles)).encode(), FORM)


def _raw(request: RequestData[Any, Any], body: object, content_type: str | None) -> Content:
    if isinstance(body, str | int | float | date):
        return Content(styles.scalar(body, "body").encode(), content_type or "text/plain; charset=utf-8")
    if not is_file(body) or isinstance(body, tuple):
        raise RequestError(f"the body is text, bytes, a path or an open binary file, not {type(body).__name__}")
    from ..files import file_parts
    from .file_stream import FileStream, Source, where

    content, _, guessed, on_progress = file_parts(body, "body")
    start = _starts(request).setdefault(id(content), where(content)) if hasattr(content, "read") else None
    stream = FileStream([Source(content, "body", start=start, on_progress=on_progress)])
    return Content.of(stream, content_type or guessed)


def _starts(request: RequestData[Any, Any]) -> dict[int, int | None]:
    """Return where each open file stood when it was first met, by id(): a request can be sent more than once."""
    if request.file_positions is None:
        request.file_positions = {}
    return request.file_positions


def _holds_file(value: object, text_too: bool) -> bool:
    """Tell whether a file stands here, or text in its place, which the multipart body will refuse."""
    if isinstance(value, list | tuple) and not is_file(value):
        return any(_holds_file(v, text_too) for v in value)
    return is_file(value) or (text_too and isinstance(value, str))
