"""What editors show that use pyright: tooltips, completions, and the help on arguments while one types."""

from __future__ import annotations

from typing import Any

import pytest

from .language_server import LanguageServer
from .places import CREATED, FORMS, MORE_FORMS, OTHER_FORMS, SUMMARY, TEMPERATURE, at

pytestmark = pytest.mark.timeout(120)


def _hover(server: LanguageServer, marked: str) -> str:
    place = at(marked)
    return server.hover(server.open(place.text), place.line, place.column)


def _complete(server: LanguageServer, marked: str) -> dict[str, dict[str, Any]]:
    place = at(marked)
    return server.completion(server.open(place.text), place.line, place.column)


def _help(server: LanguageServer, marked: str) -> dict[str, Any]:
    place = at(marked)
    return server.signature(server.open(place.text), place.line, place.column)


@pytest.mark.parametrize("operation", ["cre|ate", "client.chat.cre|ate"])
def test_hover_on_an_operation(server: LanguageServer, operation: str) -> None:
    """A tooltip says what an operation does, and no type that fills the screen."""
    shown = _hover(server, operation)
    assert "(variable) create: _CreateOperation\n" in shown
    assert SUMMARY in shown


@pytest.mark.parametrize("form", ["create.sy|nc(", "client.chat.create.sy|nc("])
def test_hover_on_a_form(server: LanguageServer, form: str) -> None:
    """A tooltip says what the form returns and what the operation does."""
    shown = _hover(server, f'{form}model="m", messages=[])')
    assert "(variable) sync: _Create[ChatCompletion]\n" in shown
    assert SUMMARY in shown


def test_hover_on_an_argument(server: LanguageServer) -> None:
    """A tooltip shows the type of a keyword argument; its words are in the help on arguments."""
    shown = _hover(server, 'create.sync(model="m", messages=[], tempera|ture=1)')
    assert "temperature: float | Literal[_Unset.UNSET] | None" in shown


def test_hover_on_a_field(server: LanguageServer) -> None:
    """A tooltip shows the type of a reply's field and its words."""
    shown = _hover(server, "reply.crea|ted")
    assert "(variable) created: int" in shown
    assert CREATED in shown


@pytest.mark.parametrize("call", FORMS + MORE_FORMS)
def test_help_on_arguments(server: LanguageServer, call: str) -> None:
    """In every form, the help shows the argument that is typed with its type and all of its words."""
    found = _help(server, f"{call}model='m', temperature=|)")
    argument = found["parameters"][found["activeParameter"]]
    assert argument["label"] == "temperature: float | Literal[_Unset.UNSET] | None = UNSET"
    assert argument["documentation"]["value"].startswith(TEMPERATURE)
    assert len(argument["documentation"]["value"]) > 100  # all of its words, and not the first line
    assert SUMMARY in found["documentation"]["value"]


@pytest.mark.parametrize("call", OTHER_FORMS)
def test_help_on_arguments_of_pages_and_files(server: LanguageServer, call: str) -> None:
    """The forms of lists and of files have their arguments, too."""
    name = "file_id" if "content" in call else "limit"
    found = _help(server, f"{call}{name}=|)")
    argument = found["parameters"][found["activeParameter"]]
    assert argument["label"].startswith(f"{name}: ")
    assert argument["documentation"]["value"].startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("marked", "offered"),
    [
        ("client.|", {"chat", "files", "fine_tuning", "responses", "with_options"}),
        ("client.chat.|", {"create", "delete", "list", "messages", "retrieve", "update"}),
        ("create.|", {"sync", "asyncio", "stream", "asyncio_stream", "parse", "request", "sync_detailed"}),
        ("client.files.list.|", {"sync", "iter", "asyncio_iter"}),
        ("create.sync(|)", {"model=", "messages=", "temperature=", "timeout=", "client="}),
        ("client.chat.create.asyncio_stream(|)", {"model=", "messages=", "temperature=", "timeout=", "client="}),
        ("reply.|", {"choices", "created", "usage", "to_dict"}),
        ("reply.choices[0].message.|", {"content", "tool_calls", "reasoning_content"}),
    ],
)
def test_completion(server: LanguageServer, marked: str, offered: set[str]) -> None:
    """Resources, operations, forms, arguments and fields are offered."""
    assert offered <= set(_complete(server, marked))


@pytest.mark.parametrize(
    ("marked", "values"),
    [
        ('create.sync(model="m", messages=[], service_tier="|")', {"auto", "default", "flex", "scale", "priority"}),
        ('create.sync(model="m", messages=[{"role": "|"}])', {"system", "user", "assistant", "tool", "developer"}),
        ('client.chat.create.stream(model="m", messages=[], verbosity="|")', {"low", "medium", "high"}),
    ],
)
def test_completion_of_a_literal_value(server: LanguageServer, marked: str, values: set[str]) -> None:
    """The values that an argument, or a key of a dict, may have are offered."""
    assert {f'"{value}"' for value in values} <= set(_complete(server, marked))


@pytest.mark.parametrize(
    ("marked", "name", "words"),
    [
        ("client.chat.|", "create", SUMMARY),
        ("create.|", "sync", SUMMARY),
        ("client.|", "files", "`content`, `create`, `delete`, `list`, `retrieve`."),
        ("reply.|", "created", CREATED),
    ],
)
def test_the_words_of_a_completion(server: LanguageServer, marked: str, name: str, words: str) -> None:
    """What is offered has words."""
    assert words in server.describe(_complete(server, marked)[name])
