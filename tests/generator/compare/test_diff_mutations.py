"""The differ against changes at random places of the pinned document: each is told once, and classed right."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from attrs import evolve

from generator.compare.diff import Change, compare
from generator.compare.surface import REPLY, REQUEST, ModelSurface, OperationSurface, Slot, Surface

from .. import whole

_TIMES = 25


def _told(after: Surface) -> list[tuple[str, str, str, bool]]:
    return [(c.kind, c.name, c.what, c.breaking) for c in compare(whole.surface(), after).changes]


def _with_operation(name: str, operation: OperationSurface | None, *, new: str = "") -> Surface:
    operations = dict(whole.surface().operations)
    operations.pop(name, None)
    if operation is not None:
        operations[new or name] = operation
    return evolve(whole.surface(), operations=operations)


def _with_model(name: str, model: ModelSurface) -> Surface:
    return evolve(whole.surface(), models={**whole.surface().models, name: model})


def _operations(chance: random.Random) -> tuple[str, OperationSurface]:
    return chance.choice(sorted(whole.surface().operations.items(), key=lambda item: item[0]))


@cache
def _owners(side: str | None) -> list[tuple[str, ModelSurface]]:
    """Return the classes that have fields; those that one side alone uses, if it is named.

    Not one whose fields are arguments: its changes are told there.
    """
    bodies = {name for operation in whole.surface().operations.values() for name in operation.bodies}
    return [
        (n, m)
        for n, m in sorted(whole.surface().models.items(), key=lambda item: item[0])
        if m.fields and (side is None or m.sides == {side}) and (m.sides or n not in bodies)
    ]


def _fields(chance: random.Random, side: str | None = None) -> tuple[str, ModelSurface, str, Slot]:
    """Return a class and one of its fields."""
    name, model = chance.choice(_owners(side))
    assert model.fields
    key = chance.choice(sorted(model.fields))
    return name, model, key, model.fields[key]


def _arguments(chance: random.Random) -> tuple[str, OperationSurface, str, Slot]:
    name, operation = chance.choice([(n, o) for n, o in sorted(whole.surface().operations.items()) if o.arguments])
    key = chance.choice(sorted(operation.arguments))
    return name, operation, key, operation.arguments[key]


def _set_argument(name: str, operation: OperationSurface, key: str, slot: Slot | None, *, new: str = "") -> Surface:
    arguments = {k: v for k, v in operation.arguments.items() if k != key}
    if slot is not None:
        arguments[new or key] = slot
    return _with_operation(name, evolve(operation, arguments=arguments))


def _set_field(name: str, model: ModelSurface, key: str, slot: Slot | None, *, new: str = "") -> Surface:
    fields = {k: v for k, v in (model.fields or {}).items() if k != key}
    if slot is not None:
        fields[new or key] = slot
    return _with_model(name, evolve(model, fields=fields))


_NEW = Slot(frozenset({"string"}), required=False)
Mutation = Callable[[random.Random], tuple[Surface, list[tuple[str, str, str, bool]]]]


def add_operation(chance: random.Random) -> Any:
    name, operation = _operations(chance)
    added = evolve(operation, path=f"{operation.path}/brand-new")
    operations = {**whole.surface().operations, f"{name}_too": added}
    return evolve(whole.surface(), operations=operations), [("operation", f"{name}_too", "added", False)]


def remove_operation(chance: random.Random) -> Any:
    name, _ = _operations(chance)
    return _with_operation(name, None), [("operation", name, "removed", True)]


def rename_operation(chance: random.Random) -> Any:
    name, operation = _operations(chance)
    return _with_operation(name, operation, new=f"{name}_now"), [("operation", name, "renamed", True)]


def move_operation(chance: random.Random) -> Any:
    name, operation = _operations(chance)
    return _with_operation(name, evolve(operation, path="/elsewhere")), [("operation", name, "moved", False)]


def retype_reply(chance: random.Random) -> Any:
    name, operation = _operations(chance)
    after = evolve(operation, reply=frozenset({"Elsewhat"}))
    return _with_operation(name, after), [("operation", name, "replies with another type", True)]


def add_argument(chance: random.Random) -> Any:
    name, operation = _operations(chance)
    return _set_argument(name, operation, "brand_new", _NEW), [("argument", f"{name}.brand_new", "added", False)]


def add_required_argument(chance: random.Random) -> Any:
    name, operation = _operations(chance)
    after = _set_argument(name, operation, "brand_new", evolve(_NEW, required=True))
    return after, [("argument", f"{name}.brand_new", "added", True)]


def remove_argument(chance: random.Random) -> Any:
    name, operation, key, _ = _arguments(chance)
    return _set_argument(name, operation, key, None), [("argument", f"{name}.{key}", "removed", True)]


def require_argument(chance: random.Random) -> Any:
    name, operation, key, slot = _arguments(chance)
    after = _set_argument(name, operation, key, evolve(slot, required=not slot.required))
    what = ("now optional", False) if slot.required else ("now required", True)
    return after, [("argument", f"{name}.{key}", *what)]


def retype_argument(chance: random.Random) -> Any:
    name, operation, key, slot = _arguments(chance)
    after = _set_argument(name, operation, key, evolve(slot, alternatives=frozenset({"Elsewhat"})))
    return after, [("argument", f"{name}.{key}", "changed its type", True)]


def rename_argument(chance: random.Random) -> Any:
    name, operation, key, slot = _arguments(chance)
    after = _set_argument(name, operation, key, slot, new=f"{key}_now")
    return after, [("argument", f"{name}.{key}", "renamed", True)]


def rename_argument_in_its_place(chance: random.Random) -> Any:
    while True:
        name, operation, key, _ = _arguments(chance)
        if len(operation.arguments) > 1:
            arguments = {"xyz" if k == key else k: s for k, s in operation.arguments.items()}
            after = _with_operation(name, evolve(operation, arguments=arguments))
            return after, [("argument", f"{name}.{key}", "renamed", True)]


def rename_argument_with_alias(chance: random.Random) -> Any:
    name, operation, key, slot = _arguments(chance)
    after = _set_argument(name, operation, key, evolve(slot, former=(key,)), new="xyz")
    return after, [("argument", f"{name}.{key}", "renamed", False)]


def tighten_argument(chance: random.Random) -> Any:
    name, operation, key, slot = _arguments(chance)
    after = _set_argument(name, operation, key, evolve(slot, limits={**slot.limits, "maxLength": 0}))
    return after, [("argument", f"{name}.{key}", "limit tightened", True)]


def rename_field(chance: random.Random) -> Any:
    name, model, key, slot = _fields(chance)
    return _set_field(name, model, key, slot, new=f"{key}_now"), [("field", f"{name}.{key}", "renamed", True)]


def add_field(chance: random.Random) -> Any:
    name, model, _, _ = _fields(chance)
    return _set_field(name, model, "brand_new", _NEW), [("field", f"{name}.brand_new", "added", False)]


def add_required_field_of_a_request(chance: random.Random) -> Any:
    name, model, _, _ = _fields(chance, REQUEST)
    after = _set_field(name, model, "brand_new", evolve(_NEW, required=True))
    return after, [("field", f"{name}.brand_new", "added", True)]


def add_required_field_of_a_reply(chance: random.Random) -> Any:
    name, model, _, _ = _fields(chance, REPLY)
    after = _set_field(name, model, "brand_new", evolve(_NEW, required=True))
    return after, [("field", f"{name}.brand_new", "added", False)]


def remove_field(chance: random.Random) -> Any:
    name, model, key, _ = _fields(chance)
    return _set_field(name, model, key, None), [("field", f"{name}.{key}", "removed", True)]


def require_field_of_a_request(chance: random.Random) -> Any:
    name, model, key, slot = _fields(chance, REQUEST)
    after = _set_field(name, model, key, evolve(slot, required=not slot.required))
    what = ("now optional", False) if slot.required else ("now required", True)
    return after, [("field", f"{name}.{key}", *what)]


def require_field_of_a_reply(chance: random.Random) -> Any:
    name, model, key, slot = _fields(chance, REPLY)
    after = _set_field(name, model, key, evolve(slot, required=not slot.required))
    what = ("now optional", True) if slot.required else ("now required", False)
    return after, [("field", f"{name}.{key}", *what)]


def retype_field(chance: random.Random) -> Any:
    name, model, key, slot = _fields(chance)
    after = _set_field(name, model, key, evolve(slot, alternatives=frozenset({"Elsewhat"})))
    return after, [("field", f"{name}.{key}", "changed its type", True)]


def _valued(chance: random.Random, side: str) -> tuple[str, ModelSurface, str, Slot]:
    while True:
        found = _fields(chance, side)
        values = [text for text in found[3].alternatives if text.startswith("'")]
        if len(values) > 1 and len(values) == len(found[3].alternatives):
            return found


def add_value_of_a_reply(chance: random.Random) -> Any:
    name, model, key, slot = _valued(chance, REPLY)
    after = _set_field(name, model, key, evolve(slot, alternatives=slot.alternatives | {"'brand-new'"}))
    return after, [("value", f"{name}.{key}", "added", False)]


def remove_value_of_a_reply(chance: random.Random) -> Any:
    name, model, key, slot = _valued(chance, REPLY)
    after = _set_field(name, model, key, evolve(slot, alternatives=slot.alternatives - {min(slot.alternatives)}))
    return after, [("value", f"{name}.{key}", "removed", False)]


def remove_value_of_a_request(chance: random.Random) -> Any:
    name, model, key, slot = _valued(chance, REQUEST)
    after = _set_field(name, model, key, evolve(slot, alternatives=slot.alternatives - {min(slot.alternatives)}))
    return after, [("value", f"{name}.{key}", "removed", True)]


def deprecate_field(chance: random.Random) -> Any:
    while True:
        name, model, key, slot = _fields(chance)
        if not slot.deprecated:
            return _set_field(name, model, key, evolve(slot, deprecated=True)), [
                ("field", f"{name}.{key}", "deprecated", False)
            ]


_MUTATIONS = [value for name, value in list(globals().items()) if getattr(value, "__module__", "") == __name__
              and getattr(value, "__code__", None) is not None and value.__code__.co_varnames[:1] == ("chance",)
              and not name.startswith("_")]  # fmt: skip


@pytest.mark.parametrize("mutation", _MUTATIONS, ids=lambda m: m.__name__)
def test_each_change_is_told_once(mutation: Mutation) -> None:
    """A change at a random place is one row of the report, and rightly called breaking or not."""
    chance = random.Random(mutation.__name__)
    for _ in range(_TIMES):
        after, expected = mutation(chance)
        assert _told(after) == expected


def test_every_kind_of_mutation_is_there() -> None:
    """Adding, removing, renaming, retyping and requiring are all tried."""
    names = " ".join(m.__name__ for m in _MUTATIONS)
    assert len(_MUTATIONS) >= 20
    assert all(verb in names for verb in ("add_", "remove_", "rename_", "retype_", "require_", "deprecate_"))


def test_a_renamed_model_is_told_once() -> None:
    """A class under a new name is one row, though every field and reply that mentions it has changed with it."""
    chance = random.Random(3)
    pinned = whole.surface()
    names = [n for n, m in sorted(pinned.models.items()) if m.fields and len(m.fields) > 3]
    for name in chance.sample(names, 12):
        after = _renamed(pinned, name, f"{name}Now")
        assert compare(pinned, after).changes == (Change("model", name, "renamed", True, f"now {name}Now"),)


def _renamed(surface: Surface, old: str, new: str) -> Surface:
    import re

    def text(spelt: str) -> str:
        return spelt if spelt[0] in "'\"" else re.sub(rf"\b{old}\b", new, spelt)

    def slots(given: Any) -> Any:
        return {k: evolve(s, alternatives=frozenset(map(text, s.alternatives))) for k, s in given.items()}

    operations = {
        n: evolve(
            o, arguments=slots(o.arguments), reply=frozenset(map(text, o.reply)), events=frozenset(map(text, o.events))
        )
        for n, o in surface.operations.items()
    }
    models = {
        new if n == old else n: evolve(
            m, fields=None if m.fields is None else slots(m.fields), alternatives=frozenset(map(text, m.alternatives))
        )
        for n, m in surface.models.items()
    }
    return evolve(surface, operations=operations, models=models)
