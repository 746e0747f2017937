"""The union of all webhook events."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.webhooks import with_webhook_event

A, B = {"$ref": "#/components/schemas/A"}, {"type": "object"}


def hook(schema: Any) -> Any:
    """Return a webhook that sends one schema."""
    return {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}


def test_adds_a_union_of_what_is_sent() -> None:
    """Each webhook's body is a member, in the document's order; the document itself is not changed."""
    document = {"components": {"schemas": {"A": B}, "responses": {}}, "webhooks": {"a": hook(A), "b": hook(B)}}
    made = with_webhook_event(document)
    assert made["components"] == {"schemas": {"A": B, "WebhookEvent": {"oneOf": [A, B]}}, "responses": {}}
    assert document["components"] == {"schemas": {"A": B}, "responses": {}}


@pytest.mark.parametrize("document", [{}, {"webhooks": {}}, {"webhooks": None}])
def test_leaves_a_document_without_webhooks(document: Any) -> None:
    """There is no union of nothing."""
    assert with_webhook_event(document) is document


def test_refuses_a_name_that_is_taken() -> None:
    """A schema of that name is a collision, not overwritten."""
    with pytest.raises(GeneratorError, match="a schema has the name WebhookEvent") as caught:
        with_webhook_event({"components": {"schemas": {"WebhookEvent": B}}, "webhooks": {"a": hook(A)}})
    assert caught.value.pointer == "/components/schemas/WebhookEvent"


def test_refuses_a_webhook_that_sends_nothing() -> None:
    """A webhook without a JSON body cannot be typed."""
    with pytest.raises(GeneratorError, match="the webhook a does not say what it sends as JSON") as caught:
        with_webhook_event({"webhooks": {"a": {"post": {}}}})
    assert caught.value.pointer == "/webhooks/a"
