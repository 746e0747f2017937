"""A call of each operation, with the arguments that it needs."""

from __future__ import annotations

import json
import re
from typing import Any

from sdk.testing.api.prompt_example import PromptExample
from sdk.testing.description.document import description, json_schema, operations
from sdk.testing.description.schemas import fits

from .operations import Argument, Endpoint

#: Values that readers know, by the name of an argument.
_KNOWN: dict[str, Any] = {
    "messages": [{"role": "user", "content": "Hello!"}],
    "input": "Hello!",
    "prompt": "A lighthouse at dusk",
    "instructions": "Answer in one sentence.",
    "name": "example",
    "query": "refunds",
    "completion_window": "24h",
}
#: A model by the first part of an operation's name.
_MODELS = {
    "audio.speech": "gpt-4o-mini-tts",
    "audio": "gpt-4o-transcribe",
    "embeddings": "text-embedding-3-small",
    "images": "gpt-image-1",
    "moderations": "omni-moderation-latest",
    "videos": "sora-2",
    "realtime": "gpt-realtime",
    "completions": "gpt-3.5-turbo-instruct",
}
#: Arguments that a call nearly always has, although the API does not demand them.
_USUAL = frozenset({"input", "model"})
_PROMPT = "Hello"
_WIDTH = 88


def call(endpoint: Endpoint, form: str = "sync") -> str:
    """Return a line, or some lines, of Python that make the call."""
    needed = [a for a in endpoint.arguments if a.required or (a.name in _USUAL and endpoint.method == "POST")]
    given = ", ".join(_given(endpoint, argument) for argument in needed)
    line = f"client.{endpoint.name}.{form}({given})"
    if len(line) <= _WIDTH:
        return line
    inner = "".join(f"    {_given(endpoint, argument)},\n" for argument in needed)
    return f"client.{endpoint.name}.{form}(\n{inner})"


def _given(endpoint: Endpoint, argument: Argument) -> str:
    value = _value(endpoint, argument)
    if f"{{{argument.name}}}" in endpoint.path:
        return value
    return f"{argument.name}={value}"


def _value(endpoint: Endpoint, argument: Argument) -> str:
    name = argument.name
    if f"{{{name}}}" in endpoint.path:
        return json.dumps(f"{name.removesuffix('_id')}_123" if name.endswith("_id") else "example")
    if "FileArgument" in argument.annotation or "FileTypes" in argument.annotation or name in ("file", "image"):
        kind = {"audio": "speech.mp3", "images": "photo.png", "videos": "photo.png"}
        return f'open("{kind.get(endpoint.name.partition(".")[0], "data.jsonl")}", "rb")'
    if name == "model":
        for prefix, model in _MODELS.items():
            if endpoint.name.startswith(prefix):
                return json.dumps(model)
        return '"gpt-4o-mini"'
    schema = _schema(endpoint, name)
    if name in _KNOWN and (schema is None or fits(json_schema(schema), _KNOWN[name])):
        return _python(_KNOWN[name])
    if schema is not None:
        return _python(_named(PromptExample(json_schema(schema), _PROMPT).made(), name))
    literal = re.search(r'Literal\[("[^"]*"|\'[^\']*\')', argument.annotation)
    if literal:
        return literal[1].replace("'", '"')
    return {"int": "1", "bool": "True", "float": "1.0"}.get(argument.annotation.partition(" ")[0], '"example"')


def _schema(endpoint: Endpoint, name: str) -> Any:
    """Return the schema of an argument from the description of the API, None if it is not found by its name."""
    found = operations()[endpoint.name]
    if name == "body":
        return next(iter(found["bodies"].values()), None)
    for body in found.get("bodies", {}).values():
        while "$ref" in body:
            body = description().schemas[body["$ref"]]
        if name in body.get("properties", {}):
            return body["properties"][name]
    return found.get("query", {}).get("properties", {}).get(name)


def _named(value: Any, name: str) -> Any:
    """Return a value whose strings of the prompt say what stands in their place."""
    if isinstance(value, dict):
        return {key: _named(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_named(inner, name) for inner in value]
    return name if value == _PROMPT else value


def _python(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"\b(true|false|null)\b(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", _constant, text)


def _constant(match: re.Match[str]) -> str:
    return {"true": "True", "false": "False", "null": "None"}[match[0]]
