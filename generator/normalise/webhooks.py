"""The events that the document's webhooks send, as one named union."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..document.media import essence, is_json
from ..document.pointer import escape, resolved
from ..errors import GeneratorError
from ..policy import STRICT, Policy, Report
from .components import component_pointer, numbered

NAME = "WebhookEvent"


class WithWebhookEvent(NamedTuple):
    """A document with a component schema for the union of its webhooks' events, and the key of that schema.

    Without such events the document is unchanged, and the key is None.
    """

    document: Mapping[str, Any]
    key: str | None
    report: Report = Report()


def with_webhook_event(document: Mapping[str, Any], policy: Policy = STRICT) -> WithWebhookEvent:
    """Return the document with the union of its webhooks.

    Raises: GeneratorError, by the policy, for a webhook that sends no JSON, and for a name that is taken.
    """
    bodies: list[Any] = []
    notes: list[str] = []
    for name, item in (document.get("webhooks") or {}).items():
        if name.startswith("x-"):
            continue
        post = resolved(document, item).get("post") or {}
        content = resolved(document, post.get("requestBody") or {}).get("content") or {}
        schema = next((m.get("schema") for kind, m in content.items() if is_json(essence(kind))), None)
        if schema is not None:
            bodies.append(schema)
        elif policy.standalone:
            notes.append(f"left out: the webhook {name} does not say what it sends as JSON")
        else:
            raise GeneratorError(
                f"the webhook {name} does not say what it sends as JSON", pointer=f"/webhooks/{escape(name)}",
                hint="give it post.requestBody.content['application/json'].schema in spec/overlay.yaml",
            )  # fmt: skip
    if not bodies:
        return WithWebhookEvent(document, None, Report.of(notes))
    components = document.get("components", {})
    schemas = components.get("schemas", {})
    union: dict[str, Any] = {"oneOf": bodies}
    key = numbered(NAME, schemas)
    if key != NAME and "x-sdk-name" in schemas[NAME]:
        union = {**union, "x-sdk-name": NAME}  # the one that has the key is called something else
    elif key != NAME and policy.resolves_names:
        notes.append(f"renamed: the union of all webhooks is {key}, because a schema is called {NAME}")
    elif key != NAME:
        raise GeneratorError(
            f"a schema has the name {NAME}, which the union of all webhooks takes",
            pointer=component_pointer(NAME), hint="give it another name with x-sdk-name in spec/overlay.yaml",
        )  # fmt: skip
    result = {**document, "components": {**components, "schemas": {**schemas, key: union}}}
    return WithWebhookEvent(result, key, Report.of(notes))
