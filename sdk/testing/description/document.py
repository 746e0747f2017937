"""The API description, as the generated package holds it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_DESCRIPTION = Path(__file__).resolve().parents[2] / "api" / "_description.json"


@cache
def description() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the operations by name, and the schemas, their references as JSON pointers."""
    data = json.loads(_DESCRIPTION.read_text(encoding="utf-8"))
    return data["operations"], {name: pointed(schema) for name, schema in data["schemas"].items()}


def pointed(node: Any) -> Any:
    """Return a schema with its references, the keys of schemas, as JSON pointers."""
    if isinstance(node, list):
        return [pointed(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {k: f"#/$defs/{v}" if k == "$ref" and isinstance(v, str) else pointed(v) for k, v in node.items()}
