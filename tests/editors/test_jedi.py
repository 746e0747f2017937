"""What editors show that use jedi, such as JupyterLab and Vim, and what consoles show, where objects are alive."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sdk import Client
from sdk.api import files
from sdk.api.chat import create

from .places import CREATED, FORMS, OTHER_FORMS, SUMMARY, TEMPERATURE, at

jedi: Any = pytest.importorskip("jedi", reason="needs jedi, which the extra dev has")
_ROOT = Path(__file__).parents[2]
Ask = Callable[[str], tuple[Any, int, int]]


@cache
def _environment() -> Any:
    """Return the process that jedi asks about installed packages."""
    return jedi.get_default_environment()


@pytest.fixture(scope="session", autouse=True)
def _started() -> None:
    """Start that process before any test: it stays until the end."""
    script, line, column = _file("cre|ate")
    assert script.help(line, column)


def _file(marked: str) -> tuple[Any, int, int]:
    """Ask about a file, which jedi only reads."""
    place = at(marked)
    project, environment = jedi.Project(_ROOT), _environment()
    script = jedi.Script(place.text, path=_ROOT / "asked.py", project=project, environment=environment)
    return script, place.line + 1, place.column


def _console(marked: str) -> tuple[Any, int, int]:
    """Ask about a line in a console, whose objects jedi looks at."""
    names = {"create": create, "files": files, "client": Client(api_key="k")}
    return jedi.Interpreter(marked.replace("|", ""), [names]), 1, marked.index("|")


both = pytest.mark.parametrize("ask", [_file, _console])


@both
@pytest.mark.parametrize("call", FORMS)
def test_help_on_arguments(ask: Ask, call: str) -> None:
    """In every form, the help shows the argument that is typed with its type, and the words of all of them."""
    script, line, column = ask(f"{call}model='m', temperature=|")
    (found,) = script.get_signatures(line, column)
    assert found.params[found.index].to_string() == "temperature: float | None | Unset=UNSET"
    assert TEMPERATURE in found.docstring()
    assert SUMMARY in found.docstring()


@both
@pytest.mark.parametrize("call", OTHER_FORMS)
def test_help_on_arguments_of_pages_and_files(ask: Ask, call: str) -> None:
    """The forms of lists and of files have their arguments, too."""
    name = "file_id" if "content" in call else "limit"
    script, line, column = ask(f"{call}{name}=|")
    (found,) = script.get_signatures(line, column)
    assert found.params[found.index].name == name
    assert f"{name}: " in found.docstring()


@both
@pytest.mark.parametrize("marked", ["cre|ate", "client.chat.cre|ate", "create.sy|nc", "client.chat.create.sy|nc"])
def test_hover(ask: Ask, marked: str) -> None:
    """A tooltip says what an operation does, on the operation and on a form."""
    script, line, column = ask(marked)
    (found,) = script.help(line, column)
    assert SUMMARY in found.docstring()


def test_hover_on_a_field() -> None:
    """A tooltip shows the words of a reply's field."""
    script, line, column = _file("reply.crea|ted")
    (found,) = script.help(line, column)
    assert found.docstring() == CREATED


@both
@pytest.mark.parametrize(
    ("marked", "offered"),
    [
        ("client.|", {"chat", "files", "fine_tuning", "responses", "with_options"}),
        ("client.chat.|", {"create", "delete", "list", "messages", "retrieve", "update"}),
        ("create.|", {"sync", "asyncio", "stream", "asyncio_stream", "parse", "request", "sync_detailed"}),
        ("client.files.list.|", {"sync", "iter", "asyncio_iter"}),
        ("create.sync(mod|", {"modalities=", "model=", "moderation="}),
        ("client.chat.create.asyncio_stream(mess|", {"messages="}),
    ],
)
def test_completion(ask: Ask, marked: str, offered: set[str]) -> None:
    """Resources, operations, forms and arguments are offered."""
    script, line, column = ask(marked)
    assert offered <= {found.name for found in script.complete(line, column)}


@pytest.mark.parametrize(
    ("marked", "offered"),
    [
        ("reply.|", {"choices", "created", "usage", "to_dict"}),
        ("reply.choices[0].message.|", {"content", "tool_calls", "reasoning_content"}),
    ],
)
def test_completion_of_fields(marked: str, offered: set[str]) -> None:
    """The fields of a reply are offered, with what lies in them."""
    script, line, column = _file(marked)
    assert offered <= {found.name for found in script.complete(line, column)}


def test_the_values_of_an_argument() -> None:
    """jedi completes no values; the help names the type that lists them."""
    script, line, column = _file('files.create.sync(purpose="|"')
    (found,) = script.get_signatures(line, column)
    assert 'Literal["assistants", "batch", ' in found.params[found.index].to_string().replace("\n", " ")
