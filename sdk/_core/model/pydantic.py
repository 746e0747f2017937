"""Models as types of pydantic's: fields of its models, arguments of `TypeAdapter`, bodies and replies of FastAPI.

pydantic calls the hooks of a model; nothing here is imported before.
Source: pydantic, "Custom types", and its GetJsonSchemaHandler.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any

from pydantic_core import PydanticCustomError, SchemaSerializer
from pydantic_core import core_schema as core

from .base import ApiModel
from .json_schema import json_schema

#: The models whose schema is being written: one that contains itself is referred to.
_writing: ContextVar[tuple[type[ApiModel], ...]] = ContextVar("writing", default=())


def core_schema_of(model: Any) -> Any:
    """Return the core schema of a model or a union: it takes models and objects, and gives objects back.

    An object is read as a reply is: leniently, nothing is lost, and `to_dict` gives it back.
    """
    name = getattr(model, "__name__", "model")

    def read(value: Any) -> Any:
        if isinstance(value, model if isinstance(model, type) else ApiModel):
            return value
        if isinstance(value, Mapping):
            return model.from_dict(dict(value))
        if not isinstance(model, type) and hasattr(model, "decode"):
            return model.decode(value)
        raise PydanticCustomError("model_type", "Input should be an object, or a {name}", {"name": name})

    return core.no_info_plain_validator_function(
        read,
        ref=_reference(model) if isinstance(model, type) else None,
        metadata={"pydantic_js_functions": [model.__get_pydantic_json_schema__]},
        serialization=core.plain_serializer_function_ser_schema(_written),
    )


@cache
def serializer_of(model: Any) -> SchemaSerializer:
    """Return what writes the models of a class."""
    return SchemaSerializer(core_schema_of(model))


def json_schema_of(model: Any, handler: Any) -> Any:
    """Return the JSON schema of a model or a union; `handler` writes those of the models inside as definitions."""

    def refer(inner: type[ApiModel]) -> Any:
        if inner in _writing.get():
            return handler(core.definition_reference_schema(_reference(inner)))
        # A handler alone ignores the hooks of a schema inside; within definitions it follows them.
        return handler(core.definitions_schema(core_schema_of(inner), []))

    token = _writing.set((*_writing.get(), model))
    try:
        return json_schema(model, refer)
    finally:
        _writing.reset(token)


def _reference(model: type[ApiModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}:{id(model)}"


def _written(value: Any) -> Any:
    if isinstance(value, ApiModel):
        return value.to_dict()
    return [_written(one) for one in value] if isinstance(value, list) else value
