"""The union of all webhook events."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.normalise.webhooks import with_webhook_event
from generator.policy import STRICT, Policy, Report

PACKAGE = Policy.for_package(lenient=False)

A, B = {"$ref": "#/components/schemas/A"}, {"type": "object"}


def hook(schema: Any, kind: str = "application/json") -> Any:
    """Return a webhook that sends one schema."""
    return {"post": {"requestBody": {"content": {kind: {"schema": schema}}}}}


def test_adds_a_union_of_what_is_sent() -> None:
    """Each webhook's body is a member, in the document's order; the document itself is not changed."""
    document = {"components": {"schemas": {"A": B}, "responses": {}}, "webhooks": {"a": hook(A), "b": hook(B)}}
    made, key, report = with_webhook_event(document)
    assert (key, report) == ("WebhookEvent", Report())
    assert made["components"] == {"schemas": {"A": B, "WebhookEvent": {"oneOf": [A, B]}}, "responses": {}}
    assert document["components"] == {"schemas": {"A": B}, "responses": {}}


@pytest.mark.parametrize("document", [{}, {"webhooks": {}}, {"webhooks": None}])
def test_leaves_a_document_without_webhooks(document: Any) -> None:
    """There is no union of nothing."""
    assert with_webhook_event(document) == (document, None, Report())


def test_follows_references() -> None:
    """A webhook and its body may stand among the components."""
    components = {
        "pathItems": {"P": {"post": {"requestBody": {"$ref": "#/components/requestBodies/R"}}}},
        "requestBodies": {"R": {"content": {"application/vnd.x+json; v=1": {"schema": A}}}},
    }
    document = {"components": components, "webhooks": {"a": {"$ref": "#/components/pathItems/P"}}}
    assert with_webhook_event(document)[0]["components"]["schemas"] == {"WebhookEvent": {"oneOf": [A]}}


def test_refuses_a_name_that_is_taken() -> None:
    """A schema of that name is a collision, not overwritten."""
    document = {"components": {"schemas": {"WebhookEvent": B}}, "webhooks": {"a": hook(A)}}
    with pytest.raises(GeneratorError, match="a schema has the name WebhookEvent") as caught:
        with_webhook_event(document)
    assert caught.value.pointer == "/components/schemas/WebhookEvent"


def test_a_name_that_is_taken_gets_a_number_and_a_note() -> None:
    """In a package of its own the union steps back; the overlay can give it the name after all."""
    document = {"components": {"schemas": {"WebhookEvent": B}}, "webhooks": {"a": hook(A)}}
    made, key, report = with_webhook_event(document, PACKAGE)
    assert (key, made["components"]["schemas"]["WebhookEvent2"]) == ("WebhookEvent2", {"oneOf": [A]})
    note = "renamed: the union of all webhooks is WebhookEvent2, because a schema is called WebhookEvent"
    assert report == Report((note,))
    renamed = {"WebhookEvent": {**B, "x-sdk-name": "Event"}}
    for policy in (STRICT, PACKAGE):
        document = {"components": {"schemas": renamed}, "webhooks": {"a": hook(A)}}
        made, key, report = with_webhook_event(document, policy)
        assert made["components"]["schemas"][str(key)] == {"oneOf": [A], "x-sdk-name": "WebhookEvent"}
        assert report == Report()


@pytest.mark.parametrize("item", [{"post": {}}, {"get": {}}, hook(A, "application/xml")])
def test_a_webhook_that_sends_no_json_is_refused_or_noted(item: Any) -> None:
    """A webhook without a JSON body cannot be typed: an error with its place, or left out with a note."""
    with pytest.raises(GeneratorError, match="the webhook a/b does not say what it sends as JSON") as caught:
        with_webhook_event({"webhooks": {"a/b": item}})
    assert caught.value.pointer == "/webhooks/a~1b"
    document = {"webhooks": {"a": item}}
    note = "left out: the webhook a does not say what it sends as JSON"
    assert with_webhook_event(document, PACKAGE) == (document, None, Report((note,)))
