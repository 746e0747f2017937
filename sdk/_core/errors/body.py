"""Parse the many formats of error bodies. Pure."""

import re
from collections.abc import Mapping
from typing import TypeAlias

# message, type, code, param
ErrorFields: TypeAlias = tuple[str, str | None, str | None, str | None]

# A flat object is an error only if it has no other keys: an ordinary reply may have a `message` too.
FLAT = frozenset(
    {
        *("code", "detail", "error", "event_id", "message", "object", "param"),
        *("request_id", "sequence_number", "status", "status_code", "type"),
    }
)
_TITLE = r"(?is)<title[^>]*>(.*?)</title"
_HTML = r"(?i)\s*<(!doctype html|html|head|body)\b"


def error_in_body(obj: object) -> ErrorFields | None:
    """Return (message, type, code, param) if a reply or chunk is in fact an error object, else None.

    Known formats: `{"error": {...}}`, `{"error": "text"}` (Ollama), `[{"error": {...}}]` (Gemini), `{"object": "error",
    ...}` (vLLM), `{"type": "error", ...}` (Responses), a flat `{"message", "code"}` and `{"detail"}` alone (FastAPI).
    Call it only if the schema of the reply declares no `error`.
    """
    if isinstance(obj, list) and len(obj) == 1:
        obj = obj[0]
    if not isinstance(obj, Mapping):
        return None
    error = obj.get("error")
    if error:
        return _fields(error, obj)
    if obj.get("object") == "error" or obj.get("type") == "error":
        return _fields(obj, obj)
    if obj.keys() <= FLAT:
        message, detail = obj.get("message"), obj.get("detail")
        if isinstance(message, str) and message and (obj.get("code") or obj.get("type")):
            return _fields(obj, obj)
        if detail and isinstance(detail, str | list) and len(obj) == 1:
            return _fields(obj, obj)
    return None


def error_fields(body: object) -> ErrorFields:
    """Return (message, type, code, param) from the body of a failed request; the message may be ""."""
    found = error_in_body(body)
    if found is not None:
        return found
    if isinstance(body, list) and body:
        body = body[0]
    if isinstance(body, Mapping):
        errors = body.get("errors")  # JSON:API and Cloudflare
        return _fields(errors[0] if isinstance(errors, list) and errors else body, body)
    if isinstance(body, str):
        return _page(body), None, None, None
    return "", None, None, None


def parse_body(body: bytes, content_type: str | None) -> object:
    """Return the body as parsed JSON if it is JSON, else as a str if it is text, else as bytes; None if it is empty."""
    if not body:
        return None
    stripped = body.removeprefix(b"\xef\xbb\xbf").strip()
    if stripped.startswith(b"data:"):  # LiteLLM: a stream that fails at its start sends an event with an error status
        event = stripped[5:].partition(b"\n")[0].strip()
        stripped = event if event[:1] == b"{" else stripped
    # The content type is unreliable: gateways send JSON as text/plain, and HTML as application/json.
    if stripped[:1] in (b"{", b"[", b'"'):
        import orjson  # imported here to keep the import of the error classes fast

        try:
            return orjson.loads(stripped)
        except ValueError:
            import json

            try:  # orjson rejects NaN and lone surrogates
                return json.loads(stripped)
            except (ValueError, RecursionError):
                pass
    charset = re.search(r"charset=\"?([A-Za-z0-9._-]+)", content_type or "", re.IGNORECASE)
    for encoding in ("utf-8", charset[1] if charset else "utf-8"):
        try:
            return body.decode(encoding)
        except (ValueError, LookupError):
            continue
    return body


def _fields(error: object, around: Mapping[object, object]) -> ErrorFields:
    """Parse an error object; the object around it may hold the missing fields."""
    if not isinstance(error, Mapping):
        # {"error": "text"} and {"error": true, "message": "text"}
        message = _first(around, "error_description", "message", "detail")
        text = _text(error)
        kind = _word(around.get("error_type")) or _word(around.get("type"))
        if error is True:
            text = message
        elif message and message != text:
            text, kind = f"{text}: {message}", kind or text
        return text or "error", kind, _word(around.get("code")), _word(around.get("param"))
    message = _first(error, "message", "msg", "detail", "error", "error_description", "title", "reason", "description")
    # "type": "error" only marks the object as an error; it is not the type of the error.
    kind = _word(error.get("type")) or _word(error.get("error_type"))
    if kind in (None, "error"):
        status = error.get("status")  # Google's "INVALID_ARGUMENT"
        kind = _word(status) if isinstance(status, str) else None
    code = _word(error.get("code")) or _word(around.get("code"))
    return message or kind or code or "", kind, code, _word(error.get("param"))


def _first(obj: Mapping[object, object], *names: str, depth: int = 0) -> str:
    for name in names:
        text = _text(obj.get(name), depth)
        if text:
            return text
    return ""


def _text(value: object, depth: int = 0) -> str:
    """Return a message as a str: a list is joined, FastAPI's entries become "body.model: Field required"."""
    if isinstance(value, str):
        return value.strip()
    if depth > 3:
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, (_text(part, depth + 1) for part in value[:10])))
    if isinstance(value, Mapping):
        text = _first(value, "message", "msg", "detail", "error", depth=depth + 1)
        where = value.get("loc")
        if text and isinstance(where, list):
            # Leave out the key `input`: it echoes the request.
            text = f"{'.'.join(str(part) for part in where[:20])}: {text}"
        return text
    return ""


def _word(value: object) -> str | None:
    """Return a code, type or param as a str. LiteLLM writes a missing one as "None"."""
    if isinstance(value, str):
        return value if value not in ("", "None") else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return None


def _page(text: str) -> str:
    """Return the message of a text body; for an HTML page that is its title."""
    if not re.match(_HTML, text[:2000]):
        return text.strip()
    title = re.search(_TITLE, text[:20000])
    words = " ".join(title[1].split()) if title else ""
    return f'an HTML page titled "{words}"' if words else "an HTML page"
