"""The API description, as the generated package holds it; the checker of values is the client's own."""

from functools import cache
from typing import Any

from ..._core.reply.validate import Description, Path, Problem, format_path
from ..._core.reply.validate import description as read_description

__all__ = [
    "Description",
    "Path",
    "Problem",
    "description",
    "format_path",
    "json_schema",
    "operations",
    "template_of",
    "websockets",
]


def description() -> Description:
    """Return the description: operations, schemas, and the checker of values."""
    return read_description(__name__.partition(".testing.")[0])


def operations() -> dict[str, dict[str, Any]]:
    """Return the operations by name."""
    return description().operations


def websockets() -> dict[str, dict[str, Any]]:
    """Return the WebSockets by name: path, and the schemas of the events both ways."""
    return description().websockets


def template_of(operation: dict[str, Any]) -> tuple[str, str]:
    """Return the path of an operation with that of its base URL, and the query that it always has."""
    path, _, query = operation["path"].partition("?")
    return f"{operation.get('base', description().base)}{path}", query


def json_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of the description as JSON Schema: references are JSON pointers into its `$defs`."""
    return {**_with_pointers(schema), "$defs": _definitions()}


@cache
def _definitions() -> dict[str, Any]:
    return {name: _with_pointers(schema) for name, schema in description().schemas.items()}


def _with_pointers(node: Any) -> Any:
    """Return a schema whose references, which are keys of schemas, are JSON pointers."""
    if isinstance(node, list):
        return [_with_pointers(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {k: f"#/$defs/{v}" if k == "$ref" and isinstance(v, str) else _with_pointers(v) for k, v in node.items()}
