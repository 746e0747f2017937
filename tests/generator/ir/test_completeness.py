"""Coverage: what gets lost on the way into the representation is an error that names it."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from generator.errors import GeneratorError
from generator.ir import AnyType, Api, ObjectType, Ref, Union, mentioned
from generator.ir.completeness import check_completeness
from generator.normalise.webhooks import with_webhook_event
from generator.render import represent

from .. import whole
from ..mini import document, quiet

SCHEMAS = """
Cat: {properties: {tail: {properties: {long: {}}}, toys: {type: array, items: {properties: {name: {}}}}}}
Lion: {allOf: [{$ref: '#/components/schemas/Cat'}, {properties: {pride: {additionalProperties: {properties: {age: {}}}}}}]}
"""
PATHS = """
/cats: {get: {parameters: [{name: q, in: query}], responses: {'200': {}}}, post: {responses: {'200': {}}}}
"""
HOOKS = "{webhooks: {a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}}}}}"


def without(api: Api, *, cls: str, key: str) -> Api:
    """Lose one field of a class."""
    obj = api.objects[cls]
    smaller = evolve(obj, fields=tuple(f for f in obj.fields if f.key != key))
    return evolve(api, objects={**api.objects, cls: smaller})


LOSSES: dict[str, tuple[Callable[[Api], Api], str]] = {
    "an operation": (lambda api: evolve(api, operations=api.operations[:1]), "POST /cats got lost"),
    "an operation said twice": (
        lambda api: evolve(api, operations=(*api.operations, api.operations[0])), "2 operations became 3",
    ),
    "a parameter": (
        lambda api: evolve(api, operations=tuple(evolve(o, params=()) for o in api.operations)),
        "the query parameter 'q' got lost",
    ),
    "a schema": (lambda api: evolve(api, schemas=api.schemas[:1]), "the schema Lion got lost"),
    "a property": (lambda api: without(api, cls="Cat", key="tail"), "the property tail of the schema Cat got lost"),
    "an inner property": (lambda api: without(api, cls="CatTail", key="long"), "the property tail.long of the schema Cat"),
    "a property of an item": (
        lambda api: without(api, cls="CatToy", key="name"), "the property toys.[items].name of the schema Cat",
    ),
    "a property of a value": (
        lambda api: without(api, cls="LionPrideValue", key="age"), "pride.[additionalProperties].age of the schema Lion",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lose", "said"), LOSSES.values(), ids=list(LOSSES))
def test_a_loss_is_an_error_that_names_it(lose: Callable[[Api], Api], said: str) -> None:
    """The whole representation passes; without one part it does not."""
    data = document(SCHEMAS, PATHS)
    api, _ = represent(data, quiet())
    check_completeness(data, api)
    with pytest.raises(GeneratorError) as caught:
        check_completeness(data, lose(api))
    assert said in caught.value.problem


def test_a_lost_webhook_is_an_error() -> None:
    """The events of webhooks must all have names."""
    data, key, _ = with_webhook_event(document(SCHEMAS, more=HOOKS))
    api, _ = represent(document(SCHEMAS, more=HOOKS), quiet())
    check_completeness(data, api, key)
    with pytest.raises(GeneratorError, match="the schema WebhookEvent got lost"):
        check_completeness(data, evolve(api, schemas=tuple(s for s in api.schemas if s.name != "WebhookEvent")), key)
    events = next(s for s in api.schemas if s.name == "WebhookEvent")
    cut = evolve(events, body=AnyType())
    with pytest.raises(GeneratorError, match="some events of the webhooks have no name"):
        check_completeness(data, evolve(api, schemas=tuple(cut if s is events else s for s in api.schemas)), key)


def test_the_pinned_document_is_there_as_a_whole() -> None:
    """389 operations, 2,168 schemas and the union of 16 webhooks' events, each with a class of its own."""
    data = whole.corrected()
    api, _ = represent(data, quiet())
    keys = {s.key for s in api.schemas}
    assert len(api.operations) == 389
    assert len(data["components"]["schemas"]) == 2168
    assert data["components"]["schemas"].keys() <= keys
    events = next(s for s in api.schemas if s.name == "WebhookEvent").body
    assert isinstance(events, Union)
    assert len(mentioned(events)) == len(data["webhooks"]) == 16
    assert all(isinstance(api.resolve(Ref(name)), ObjectType) for name in mentioned(events))
    assert AnyType() not in events.members
