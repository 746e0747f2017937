"""Save and load sessions: JSON files with a version, and without keys."""

from __future__ import annotations

import json
import os
import re
import reprlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..._core.errors import MessageError
from ..._core.files import replacing
from .tools import definitions, name_of

#: The layout of a saved session.
VERSION = 1
#: Request options that belong to a connection, or may contain a key. They are not saved; extra_body is, because it is
#: part of the request to the model.
_NOT_SAVED = frozenset(
    {
        *("client", "timeout", "stall_timeout", "deadline", "max_retries"),
        *("extra_headers", "extra_query", "idempotency_key", "keep_reply"),
    }
)
#: Members of the body that are not saved: the names of keys at gateways, and the credentials of a remote MCP server.
_KEY_NAMES = re.compile(r"(?i)(.*[-_])?(authorization|api[-_]?key|secret|password|(access|auth|bearer)[-_]token)")
_MCP_CREDENTIALS = frozenset({"authorization", "headers"})


def save(path: str | os.PathLike[str], kind: str, data: dict[str, Any]) -> Path:
    """Write a session. Raises: MessageError for values that are not JSON; OSError."""
    params = {k: v for k, v in data["params"].items() if k not in _NOT_SAVED}
    if isinstance(params.get("extra_body"), Mapping):
        params["extra_body"] = {k: v for k, v in params["extra_body"].items() if not _KEY_NAMES.fullmatch(str(k))}
    tools = [{k: v for k, v in t.items() if t.get("type") != "mcp" or k not in _MCP_CREDENTIALS} for t in data["tools"]]
    content = {"version": VERSION, "kind": kind, **data, "tools": tools, "params": params}
    try:
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise MessageError(f"the session contains a value that is not JSON: {error}") from error
    with replacing(path) as file:
        file.write(text)
    return Path(path)


def load(path: str | os.PathLike[str], kind: str, types: Mapping[str, Any]) -> dict[str, Any]:
    """Read a session; `types` maps each key to the type of its value.

    Raises: MessageError for a file that is not a session of this kind, has another layout, or is damaged; OSError.
    """
    name = Path(path).name
    try:
        data: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        version, found = data["version"], data.get("kind", "chat")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MessageError(f"{name} is not a saved session") from error
    if version != VERSION:
        raise MessageError(f"{name} has layout {reprlib.repr(version)}; this version of the SDK reads {VERSION}")
    if found != kind:
        raise MessageError(f"{name} is a session of the kind {reprlib.repr(found)}, not {kind!r}")
    for key, type_ in types.items():
        value = data.get(key)
        if not isinstance(value, type_) or (isinstance(value, list) and not all(isinstance(v, dict) for v in value)):
            raise MessageError(f"{name} is damaged: {key!r} is missing or has a wrong type")
    return data


def with_functions(given: Iterable[Any], saved: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return the given tools, and the saved ones without a given tool of the same name."""
    tools = list(given)
    names = [_identity(definition) for definition in definitions(tools)]
    return [*tools, *(dict(s) for s in saved if _identity(s) not in names)]


def _identity(definition: Mapping[str, Any]) -> Any:
    """Return the name of a function, or the type and the MCP server of a tool that the server runs."""
    name = name_of(definition)
    return name if name is not None else (definition.get("type"), definition.get("server_label"))
