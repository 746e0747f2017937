"""Bodies that are not JSON, or not always: forms, multipart, raw text and raw bytes."""

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
#: The formats of media types that are neither JSON nor raw.
_FORMATS = {FORM: "form", "multipart/form-data": "multipart"}


def content(request: RequestData[Any, Any], body: Any, chosen: str = "") -> Content:
    """Return the body of a request in the format of its operation, or as the media type that the call has chosen.

    Without a choice a file among its fields makes it multipart.
    """
    spec = request.spec
    kind = _FORMATS.get(chosen, spec.body)
    if kind == "raw":
        return _raw(request, body, chosen or spec.content_type)
    if kind == "json":
        return Content(styles.json(body), chosen)
    if isinstance(body, ApiModel):
        body = body.to_dict()
    if not isinstance(body, Mapping):
        raise RequestError(f"the body of {spec.name} must be an object, not {type(body).__name__}")
    if spec.raw_alternative and chosen in ("", spec.raw_alternative[1]) and body.keys() == {spec.raw_alternative[0]}:
        return _raw(request, next(iter(body.values())), spec.raw_alternative[1])
    if kind == "multipart" or (
        kind != "form" and not chosen and any(_holds_file(v, k in spec.files) for k, v in body.items())
    ):
        from .multipart import multipart

        extra = request.options.get("extra_body") or {}
        nulls = [name for name, value in extra.items() if value is None]
        positions = _positions(request)
        content_type, stream = multipart(body, spec.part_types, spec.styles, positions, spec.files, nulls)
        return Content.of(stream, content_type)
    if kind == "auto":
        return Content(styles.json(body), chosen or spec.content_type or "application/json")
    return Content(styles.joined(styles.query(body, spec.styles)).encode(), FORM)


def _raw(request: RequestData[Any, Any], body: object, content_type: str | None) -> Content:
    if isinstance(body, str | int | float | date):
        return Content(styles.scalar(body, "body").encode(), content_type or "text/plain; charset=utf-8")
    if not is_file(body) or isinstance(body, tuple):
        raise RequestError(f"the body must be a str, bytes, a path or an open binary file, not {type(body).__name__}")
    from ..files import file_parts
    from .file_stream import FileStream, Source, file_position

    content, _, guessed, on_progress = file_parts(body, "body")
    start = _positions(request).setdefault(id(content), file_position(content)) if hasattr(content, "read") else None
    stream = FileStream([Source(content, "body", start=start, on_progress=on_progress)])
    return Content.of(stream, content_type or guessed)


def _positions(request: RequestData[Any, Any]) -> dict[int, int | None]:
    """Return the first known position of each open file, by id(): a retry sends it from there again."""
    if request.file_positions is None:
        request.file_positions = {}
    return request.file_positions


def _holds_file(value: object, strings_too: bool) -> bool:
    """Return whether a value is or contains a file; or, with `strings_too`, a str, which the multipart body rejects."""
    if isinstance(value, list | tuple) and not is_file(value):
        return any(_holds_file(v, strings_too) for v in value)
    return is_file(value) or (strings_too and isinstance(value, str))
