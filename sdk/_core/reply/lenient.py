"""Errors in successful responses: of servers that send them so, for clients of a lenient service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import APIResponseError
from ..errors.body import FLAT, ErrorFields, error_in_body, parse_body
from ..model import ApiModel, required
from .decode import WEB_PAGE

if TYPE_CHECKING:
    from ..request.spec import EndpointSpec

#: A larger body is a file, whatever its first bytes look like.
_MAX_ERROR_BYTES = 64 * 1024


def acceptable_binary(spec: EndpointSpec, kind: str) -> bool:
    """Return whether a binary reply may have this media type. A file download may be HTML; generated audio may not."""
    return not spec.events or not ("html" in kind or "json" in kind)


def refuse_error(spec: EndpointSpec, kind: str, content: bytes, details: dict[str, Any]) -> None:
    """Raise APIResponseError for a JSON error or a web page in place of bytes."""
    wire = parse_body(content, None) if "json" in kind and len(content) < _MAX_ERROR_BYTES else None
    found = error_in_body(wire) if isinstance(wire, dict) and wire.keys() <= FLAT else None
    if found is not None:
        message, type_, code, param = found
        raise APIResponseError(message, body=wire, type=type_, code=code, param=param, **details)
    if not acceptable_binary(spec, kind):
        hint = WEB_PAGE if "html" in kind else None
        raise APIResponseError(f"the reply is {kind} where bytes were expected", body=content, hint=hint, **details)


def error_of(model: Any, wire: dict[str, Any]) -> ErrorFields | None:
    """Return the error that a server sent in place of a reply, or None.

    The key `error` alone is not enough if the model has a field of that name, as a failed response has.
    """
    if wire.get("object") == "error" or (wire.get("error") is not None and not _declares_error(model)):
        return error_in_body(wire)
    if wire.keys() <= FLAT and "object" not in wire and _requires_other_keys(model):
        return error_in_body(wire)
    return None


def _requires_other_keys(model: Any) -> bool:
    """Return whether the model requires a key that no error has."""
    from ..model import members_of

    members: list[Any] = members_of(model)
    return bool(members) and all(
        isinstance(m, type) and issubclass(m, ApiModel) and not required(m) <= FLAT for m in members
    )


def _declares_error(model: Any) -> bool:
    if isinstance(model, type):
        return hasattr(model, "error")
    from ..model import members_of

    return any(hasattr(member, "error") for member in members_of(model))
