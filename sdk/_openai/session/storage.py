"""Sessions as files: JSON with a version, and no key in it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..._core.errors import MessageError
from ..._core.files import replacing
from .tools import definitions, name_of

#: The layout of a saved session.
VERSION = 1
#: The options of a call, which belong to a connection and not to a conversation, or may hold a key; extra_body is part
#: of what the model is asked.
_LEFT_OUT = frozenset(
    {
        *("client", "timeout", "stall_timeout", "deadline", "max_retries"),
        *("extra_headers", "extra_query", "idempotency_key"),
    }
)
#: Of what goes into the body: the names that gateways give to keys, and how a remote MCP server is told who calls.
_KEYS = re.compile(r"(?i)(.*[-_])?(authorization|api[-_]?key|secret|password|(access|auth|bearer)[-_]token)")
_MCP = frozenset({"authorization", "headers"})


def save(path: str | os.PathLike[str], kind: str, data: dict[str, Any]) -> Path:
    """Write a session. Raises: MessageError for arguments that JSON cannot hold; OSError."""
    params = {k: v for k, v in data["params"].items() if k not in _LEFT_OUT}
    if isinstance(params.get("extra_body"), Mapping):
        params["extra_body"] = {k: v for k, v in params["extra_body"].items() if not _KEYS.fullmatch(str(k))}
    tools = [{k: v for k, v in t.items() if t.get("type") != "mcp" or k not in _MCP} for t in data["tools"]]
    whole = {"version": VERSION, "kind": kind, **data, "tools": tools, "params": params}
    try:
        text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise MessageError(f"the session holds something that JSON cannot: {error}") from error
    with replacing(path) as file:
        file.write(text)
    return Path(path)


def load(path: str | os.PathLike[str], kind: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Read a session; `wanted` says of what type each key is.

    Raises: MessageError for a file that is none of this kind, of another layout, or damaged; OSError.
    """
    name = Path(path).name
    try:
        data: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        version, found = data["version"], data.get("kind", "chat")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MessageError(f"{name} is not a saved session") from error
    if version != VERSION:
        raise MessageError(f"{name} has layout {version!r}; this version of the SDK reads {VERSION}")
    if found != kind:
        raise MessageError(f"{name} holds a session of the kind {found!r}, not {kind!r}")
    for key, types in wanted.items():
        value = data.get(key)
        if not isinstance(value, types) or (isinstance(value, list) and not all(isinstance(v, dict) for v in value)):
            raise MessageError(f"{name} is damaged: {key!r} is missing, or not what it should be")
    return data


def with_functions(given: Iterable[Any], saved: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return tools of this process, and those that were saved and that none of them replaces by name."""
    mine = list(given)
    names = [_identity(definition) for definition in definitions(mine)]
    return [*mine, *(dict(s) for s in saved if _identity(s) not in names)]


def _identity(definition: Mapping[str, Any]) -> Any:
    """Return the name of a function, and of what the server itself carries out the type and the remote server."""
    name = name_of(definition)
    return name if name is not None else (definition.get("type"), definition.get("server_label"))
