"""The events that the document's webhooks send, as one named union."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import GeneratorError

NAME = "WebhookEvent"


def with_webhook_event(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the document with a component schema for whatever its webhooks send; unchanged where it has none."""
    bodies: list[Any] = []
    for name, item in (document.get("webhooks") or {}).items():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            raise GeneratorError(
                f"the webhook {name} does not say what it sends as JSON", pointer=f"/webhooks/{name}",
                hint="give it post.requestBody.content['application/json'].schema in spec/overlay.yaml",
            )  # fmt: skip
        bodies.append(schema)
    if not bodies:
        return document
    components = document.get("components", {})
    schemas = components.get("schemas", {})
    if NAME in schemas:
        raise GeneratorError(
            f"a schema has the name {NAME}, which the union of all webhooks takes",
            pointer=f"/components/schemas/{NAME}", hint="give it another name with x-sdk-name in spec/overlay.yaml",
        )  # fmt: skip
    return {**document, "components": {**components, "schemas": {**schemas, NAME: {"oneOf": bodies}}}}
