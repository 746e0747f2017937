"""Models are types of pydantic's: read, written, and described with a JSON schema."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from sdk import models

ROOT = Path(__file__).parents[2]

MESSAGE = {"role": "assistant", "content": "Hi", "refusal": None}
WIRE: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "vendor": {"region": "eu"},
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "logprobs": None,
            "message": {"role": "assistant", "content": "Hi", "refusal": None},
        }
    ],
}
REPLY = models.ChatCompletion.from_dict(WIRE)
NOTE = {"type": "file_path", "file_id": "f", "index": 1}


class Box(BaseModel):
    """A model of pydantic's with models of the SDK."""

    reply: models.ChatCompletion
    notes: list[models.Annotation] = []


def test_a_field_takes_models_and_objects() -> None:
    """A model stays the same object; a dict becomes a model, and each member of a union its class."""
    assert Box(reply=REPLY).reply is REPLY
    box = Box.model_validate({"reply": WIRE, "notes": [NOTE]})
    assert box.reply == REPLY
    assert type(box.notes[0]) is models.FilePath


def test_what_is_written_is_what_came() -> None:
    """pydantic writes the JSON object of a model, unknown keys too."""
    box = Box(reply=REPLY, notes=[models.FilePath.from_dict(NOTE)])
    assert box.model_dump() == {"reply": WIRE, "notes": [NOTE]}
    assert Box.model_validate_json(box.model_dump_json()).reply == REPLY


@pytest.mark.parametrize("value", [1, "text", [], None])
def test_no_object_is_refused(value: object) -> None:
    """A value that is no object has an error of pydantic's with its place."""
    with pytest.raises(ValidationError) as info:
        Box.model_validate({"reply": value})
    assert [(one["loc"], one["msg"]) for one in info.value.errors()] == [
        (("reply",), "Input should be an object, or a ChatCompletion")
    ]


def test_another_class_is_refused() -> None:
    """A model of another class is no value of the field."""
    with pytest.raises(ValidationError, match="or a ChatCompletion"):
        Box(reply=models.FilePath.from_dict(NOTE))  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_schema_of_a_model(mode: Any) -> None:
    """The schema names the fields with their types, refers to the models inside, and allows unknown keys."""
    schema = TypeAdapter(Box).json_schema(mode=mode)
    Draft202012Validator.check_schema(schema)
    chat = schema["$defs"]["ChatCompletion"]
    assert chat["properties"]["choices"] == {"items": {"$ref": "#/$defs/ChatCompletionChoice"}, "type": "array"}
    assert chat["required"] == ["id", "choices", "created", "model", "object"]
    assert chat["properties"]["service_tier"]["anyOf"][1:] == [{"type": "string"}, {"type": "null"}]
    Draft202012Validator(schema).validate({"reply": WIRE, "notes": [NOTE]})


@pytest.mark.parametrize(
    "name", ["Response", "CompoundFilter", "ChatCompletionChunk", "Batch", "VectorStoreSearchResultItem"]
)
def test_schemas_of_other_shapes(name: str) -> None:
    """A model that contains itself, unions, aliases, maps and dates are described; every reference has its target."""
    schema = TypeAdapter(getattr(models, name)).json_schema()
    Draft202012Validator.check_schema(schema)

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    assert references(schema) <= {f"#/$defs/{name}" for name in schema.get("$defs", {})}


def test_fastapi_returns_and_takes_models() -> None:
    """A reply may be returned with or without an annotation, in a list, and taken as a body."""
    app = FastAPI()

    @app.get("/plain")
    def plain() -> Any:
        return REPLY

    @app.get("/bare")
    def bare():  # type: ignore[no-untyped-def]  # no annotation
        return {"inside": REPLY}

    @app.get("/typed")
    def typed() -> models.ChatCompletion:
        return REPLY

    @app.get("/list")
    def listed() -> list[models.ChatCompletion]:
        return [REPLY]

    @app.post("/text")
    def text(reply: Annotated[models.ChatCompletion, Body()]) -> str | None:
        return reply.choices[0].message.content

    client = TestClient(app)
    assert client.get("/plain").json() == WIRE
    assert client.get("/bare").json() == {"inside": WIRE}
    assert client.get("/typed").json() == WIRE
    assert client.get("/list").json() == [WIRE]
    assert client.post("/text", json=WIRE).json() == "Hi"
    assert client.post("/text", json=[1]).status_code == 422
    assert "ChatCompletionChoice" in client.get("/openapi.json").json()["components"]["schemas"]


def test_pydantic_is_not_imported_unless_it_asks() -> None:
    """A program without pydantic reads models without it."""
    code = "import sys; from sdk.models import Batch; Batch.from_dict({}).to_json(); print('pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout, done.stderr) == ("False\n", "")
