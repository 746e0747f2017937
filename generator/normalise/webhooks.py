"""The events that the document's webhooks send, as one named union."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document.media import essence, is_json
from ..document.pointer import escape, resolved
from ..errors import GeneratorError
from .components import component_pointer, numbered

NAME = "WebhookEvent"


def with_webhook_event(
    document: Mapping[str, Any], notes: list[str] | None = None
) -> tuple[Mapping[str, Any], str | None]:
    """Return the document with a component schema for whatever its webhooks send, and the key of that schema.

    The document stays as it is, and the key is None, where nothing is sent. With `notes`, webhooks that send no JSON
    are left out and noted, and a name that is taken gets a number; else both are errors.
    """
    bodies: list[Any] = []
    for name, item in (document.get("webhooks") or {}).items():
        if name.startswith("x-"):
            continue
        post = resolved(document, item).get("post") or {}
        content = resolved(document, post.get("requestBody") or {}).get("content") or {}
        schema = next((m.get("schema") for kind, m in content.items() if is_json(essence(kind))), None)
        if schema is not None:
            bodies.append(schema)
        elif notes is not None:
            notes.append(f"left out: the webhook {name} does not say what it sends as JSON")
        else:
            raise GeneratorError(
                f"the webhook {name} does not say what it sends as JSON", pointer=f"/webhooks/{escape(name)}",
                hint="give it post.requestBody.content['application/json'].schema in spec/overlay.yaml",
            )  # fmt: skip
    if not bodies:
        return document, None
    components = document.get("components", {})
    schemas = components.get("schemas", {})
    union: dict[str, Any] = {"oneOf": bodies}
    key = numbered(NAME, schemas)
    if key != NAME and "x-sdk-name" in schemas[NAME]:
        union = {**union, "x-sdk-name": NAME}  # the one that has the key is called something else
    elif key != NAME and notes is not None:
        notes.append(f"renamed: the union of all webhooks is {key}, because a schema is called {NAME}")
    elif key != NAME:
        raise GeneratorError(
            f"a schema has the name {NAME}, which the union of all webhooks takes",
            pointer=component_pointer(NAME), hint="give it another name with x-sdk-name in spec/overlay.yaml",
        )  # fmt: skip
    return {**document, "components": {**components, "schemas": {**schemas, key: union}}}, key
