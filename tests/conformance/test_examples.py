"""The upstream document's own examples, and payloads made from the pinned document, decode and come back out equal."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import yaml

import sdk.models
from sdk._core.reply.decode import decode
from sdk.sse import Decoder

from .document import JSON, METHODS, ROOT, SCHEMAS, pinned
from .payload import Maker
from .surface import endpoints

UPSTREAM = ROOT.parent / "shared" / "upstream" / "openapi-2026-08-21.yaml"
needs_upstream = pytest.mark.skipif(
    not UPSTREAM.is_file(),
    reason="needs ../shared/upstream/, the upstream document, which the repository does not hold",
)

_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


@functools.cache
def upstream() -> dict[str, Any]:
    """Load the upstream document, once; only it has examples."""
    data: dict[str, Any] = yaml.load(UPSTREAM.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return data


def parsed(example: Any) -> dict[str, Any] | None:
    """Return an example that is a JSON object, written as one or as text."""
    if isinstance(example, str):
        try:
            example = json.loads(_TRAILING_COMMA.sub(r"\1", example))
        except ValueError:  # prose, several objects in a row, JavaScript, or JSON cut short by "..."
            return None
    return example if isinstance(example, dict) else None


def of_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (schema, example) for the component schemas."""
    for name, schema in upstream()["components"]["schemas"].items():
        for example in (schema.get("example"), schema.get("x-oaiMeta", {}).get("example")):
            found = parsed(example)
            if found is not None:
                yield name, found


def of_replies() -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield (operation, text of the example) for the replies of operations."""
    for path, item in upstream()["paths"].items():
        for method in METHODS:
            shown = item.get(method, {}).get("x-oaiMeta", {}).get("examples", ())
            for example in shown if isinstance(shown, list) else [shown]:
                if "response" in example:
                    yield (method.upper(), path), example["response"]


@needs_upstream
def test_examples_of_schemas() -> None:
    """Every example of a component schema decodes, and `to_dict` gives it back.

    A schema that no operation, webhook or stream reaches has no model.
    """
    count, missing = 0, set()
    for name, example in of_schemas():
        model = getattr(sdk.models, pinned().python(name), None)
        if model is None:
            missing.add(name)
        elif hasattr(model, "from_dict"):
            assert model.from_dict(example).to_dict() == example, name
            count += 1
    assert count > 250
    assert missing.isdisjoint(pinned().used(parts=False))


@needs_upstream
def test_examples_of_replies() -> None:
    """Every JSON example of a reply decodes as its operation's reply, and `to_dict` gives it back."""
    count = 0
    for key, text in of_replies():
        example, endpoint = parsed(text), endpoints()[key]
        if example is not None and endpoint._spec.reply_kind == "json":
            reply = decode(endpoint._spec, JSON, {}, orjson.dumps(example), {})
            assert reply.to_dict() == example, key
            count += 1
    assert count > 250


@needs_upstream
def test_examples_of_streams() -> None:
    """Every event of an example stream decodes as its operation's event, and `to_dict` gives it back."""
    count = 0
    for key, text in of_replies():
        settings = endpoints()[key]._spec
        if not settings.events or not isinstance(text, str) or "data: {" not in text:
            continue
        for event in Decoder().feed(f"{text}\n\n".encode()):
            example = parsed(event.data)
            if example is not None:
                wire = {"event": event.event, "data": example} if settings.envelope else example
                assert settings.model(settings.events).from_dict(wire).to_dict() == wire, key
                count += 1
    assert count > 50


@pytest.mark.parametrize("full", [False, True], ids=["required fields", "all fields"])
def test_payloads_of_schemas(full: bool) -> None:
    """A payload made for any component schema that is in use decodes, and `to_dict` gives it back.

    A schema that repeats another has no model of its own: operations decode it as the other one.
    """
    count = 0
    repeats = pinned().repeats(dir(sdk.models))
    assert len(repeats) > 100
    for name in pinned().used(parts=False, without=repeats):
        model = getattr(sdk.models, pinned().python(name))
        payload = Maker(pinned(), full=full).make({"$ref": f"{SCHEMAS}{name}"})
        if hasattr(model, "from_dict") and isinstance(payload, dict):
            found = model.from_dict(payload)
            assert (found.to_dict() if hasattr(found, "to_dict") else found) == payload, name
            count += 1
    assert count > 1_000
