"""Types of users as parameters: response formats, and tools of pydantic models."""

from __future__ import annotations

from typing import Any

from ...structured import OutputType, output_type_of


def to_strict_json_schema(model: Any) -> dict[str, Any]:
    """Return the strict JSON schema of a type."""
    schema: dict[str, Any] = output_type_of(model).schema
    return schema


def _ensure_strict_json_schema(schema: dict[str, Any], *, path: Any = (), root: Any = None) -> dict[str, Any]:
    """Return a JSON schema whose objects require all of their properties, and have no others."""
    if isinstance(schema.get("properties"), dict):
        schema.setdefault("additionalProperties", False)
        schema["required"] = list(schema["properties"])
    for value in schema.values():
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            if isinstance(inner, dict):
                _ensure_strict_json_schema(inner)
        if isinstance(value, dict):
            _ensure_strict_json_schema(value)
    return schema


class PydanticFunctionTool(dict[str, Any]):
    """A tool whose arguments are a pydantic model."""

    def __init__(self, definition: dict[str, Any], model: Any) -> None:
        super().__init__(definition)
        self.model = model


ResponsesPydanticFunctionTool = PydanticFunctionTool


def _function(model: Any, name: str | None, description: str | None) -> dict[str, Any]:
    doc = description or model.__doc__
    found = {"name": name or model.__name__, "strict": True, "parameters": to_strict_json_schema(model)}
    return {**found, "description": doc} if doc else found


def pydantic_function_tool(model: Any, *, name: str | None = None, description: str | None = None) -> Any:
    """Return a tool for chat completions; `parse` reads its arguments as the model."""
    function = PydanticFunctionTool(_function(model, name, description), model)
    return {"type": "function", "function": function}


def pydantic_responses_function_tool(model: Any, *, name: str | None = None, description: str | None = None) -> Any:
    """Return a tool for responses; `parse` reads its arguments as the model."""
    return PydanticFunctionTool({"type": "function", **_function(model, name, description)}, model)


def _is_type(value: Any) -> bool:
    return isinstance(value, type) or getattr(value, "__origin__", None) is not None


def type_to_response_format_param(response_format: Any) -> Any:
    """Return the parameter `response_format` for a type; what is a parameter already stays."""
    if not _is_type(response_format):
        return response_format
    kind: OutputType = output_type_of(response_format)
    schema = {"name": kind.name, "schema": kind.schema, "strict": kind.strict}
    return {"type": "json_schema", "json_schema": schema}


def type_to_text_format_param(type_: Any) -> Any:
    """Return the parameter `text.format` for a type."""
    if not _is_type(type_):
        return type_
    kind: OutputType = output_type_of(type_)
    return {"type": "json_schema", "name": kind.name, "schema": kind.schema, "strict": kind.strict}


def read(kind: Any, text: str) -> Any:
    """Return an answer as a value of a type. Raises: the error of pydantic for a model of it, else ValueError."""
    if not _is_type(kind):
        return None
    validate = getattr(kind, "model_validate_json", None)
    return output_type_of(kind).read(text) if validate is None else validate(text)
