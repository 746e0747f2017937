"""x-sdk-websocket: the paths of a document that are opened as WebSockets."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from generator.compare.surface import surface
from generator.errors import GeneratorError
from generator.render import build_api, emit, selected

from ..mini import document, quiet

PATHS = """
/rooms/{room}: {get: {parameters: [{name: room, in: path, required: true, schema: {type: string}}],
                      responses: {"200": {description: ok}}}}
"""
SCHEMAS = """
Say: {type: object, required: [type, text],
      properties: {type: {const: chat.say}, text: {type: string}, id: {type: string}}}
Leave: {type: object, required: [type], properties: {type: {const: leave}}}
Close: {type: object, required: [type], properties: {type: {const: close}}}
ClientEvent: {anyOf: [{$ref: "#/components/schemas/Say"}, {$ref: "#/components/schemas/Leave"},
                      {$ref: "#/components/schemas/Close"}]}
Said: {type: object, required: [type, text], properties: {type: {const: said}, text: {type: string}}}
Left: {type: object, required: [type], properties: {type: {const: left}}}
ServerEvent: {anyOf: [{$ref: "#/components/schemas/Said"}, {$ref: "#/components/schemas/Left"}]}
Nameless: {type: object, properties: {text: {type: string}}}
"""
CHAT: dict[str, Any] = {
    "path": "/rooms/{room}/chat",
    "description": "Talk in a room.",
    "parameters": [
        {"name": "room", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "since", "in": "query", "schema": {"type": "integer"}},
        {"name": "X-Name", "in": "header", "schema": {"type": "string"}},
    ],
    "send": {"$ref": "#/components/schemas/ClientEvent"},
    "receive": {"$ref": "#/components/schemas/ServerEvent"},
    "end": ["left"],
    "setup": ["chat.say"],
    "subprotocols": ["chat.v1"],
}


def _api(sockets: dict[str, Any], include: list[str] | None = None) -> dict[str, str]:
    data = {**document(SCHEMAS, PATHS), "x-sdk-websocket": sockets}
    return emit(data, selected(build_api(data, quiet()), include), quiet())["sdk/api"]


def test_a_path_is_an_object_that_connects() -> None:
    """Its arguments stand in path, query and headers; what ends it and what sets it up are facts of it."""
    module = _api({"rooms.chat.connect": CHAT})["rooms/chat.py"]
    for text in (
        '"rooms.chat.connect",\n    "GET",\n    "/rooms/{room}/chat",', 'ends=("left",)', 'setup=("chat.say",)',
        'subprotocols=("chat.v1",)', 'receives="ServerEvent"', "**options: Unpack[ConnectOptions]",
        'path={"room": room}', 'query={"since": since}', 'headers={"X-Name": x_name}', "Talk in a room.",
    ):  # fmt: skip
        assert text in module


def test_each_event_has_a_sender_in_both_worlds() -> None:
    """A dotted type is a path of names; a name that connections have gets an underscore."""
    tree = ast.parse(_api({"rooms.chat.connect": CHAT})["_connections/rooms_chat_connect.py"])
    classes = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)}
    assert {"RoomsChatConnection", "AsyncRoomsChatConnection", "ChatSender", "AsyncChatSender"} <= classes.keys()
    methods = {one.name: one for one in classes["ChatSender"].body if isinstance(one, ast.FunctionDef)}
    assert [argument.arg for argument in methods["say"].args.kwonlyargs] == ["text", "id"]
    names = {one.name for one in classes["AsyncRoomsChatConnection"].body if isinstance(one, ast.AsyncFunctionDef)}
    assert names == {"leave", "close_"}


def test_the_surface_has_it() -> None:
    """A WebSocket is a public name with its arguments, and its schemas are in use."""
    data = {**document(SCHEMAS, PATHS), "x-sdk-websocket": {"rooms.chat.connect": CHAT}}
    found = surface(build_api(data, quiet()), "v", data)
    assert {*found.operations["rooms.chat.connect"].arguments} == {"room", "since", "x_name"}
    assert {"Say", "Said", "ClientEvent"} <= found.models.keys()
    assert "Nameless" not in found.models


def test_a_part_of_an_api_has_those_of_its_resources() -> None:
    """What is left out leaves its connections out, too."""
    other = {**CHAT, "path": "/parks", "parameters": []}
    files = _api({"rooms.chat.connect": CHAT, "parks.connect": other}, ["parks"])
    assert [name for name in files if name.startswith("_connections/")] == [
        "_connections/__init__.py", "_connections/parks_connect.py",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("connect", {}, "cannot describe"), ("rooms.connect", {"paths": []}, "cannot describe"),
        ("rooms.connect", {"send": None}, "has no send"), ("rooms.connect", {"setup": ["x"]}, "no event of the client"),
        ("rooms.connect", {"send": {"$ref": "#/components/schemas/Nameless"}}, "without a constant type"),
        ("rooms.connect", {"parameters": []}, "no path parameter"),
    ],
)  # fmt: skip
def test_what_cannot_be_described(name: str, change: dict[str, Any], problem: str) -> None:
    """A wrong description is an error with its place."""
    given = {key: value for key, value in {**CHAT, **change}.items() if value is not None}
    with pytest.raises(GeneratorError, match=problem):
        _api({name: given})
