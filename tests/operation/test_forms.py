"""What Python says of a form, such as `create.sync`: the arguments of the operation with their types and words."""

from __future__ import annotations

import inspect
import pydoc
import re
import subprocess
import sys
import traceback
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdk import Client
from sdk import operation as runtime

_ROOT = Path(__file__).parents[2]


def _client() -> Any:
    return Client(api_key=None, api_base="http://localhost:9/v1")


def _alone() -> Any:
    from sdk import api

    return api


pytestmark = pytest.mark.parametrize("root", [_alone, _client], ids=["alone", "of a client"])
Root = Callable[[], Any]
#: The renderer of `pydoc` without bold letters, which types of the standard library leave out.
_PLAIN: Any = vars(pydoc)["plaintext"]


def test_the_arguments_of_a_form(root: Root) -> None:
    """`inspect.signature` has the arguments of the operation, in order, with types as they stand in the source."""
    found = inspect.signature(root().chat.create.sync)
    assert list(found.parameters)[:3] == ["messages", "model", "metadata"]
    assert str(found.parameters["temperature"]) == "temperature: float | None | Unset = UNSET"
    assert found.parameters["messages"].default is inspect.Parameter.empty
    assert str(found).endswith(", **options: Unpack[RequestOptions]) -> ChatCompletion")


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("files.list.iter", ") -> Iterator[FileObject]"),
        ("files.list.sync_detailed", ") -> APIResponse[ListFilesResponse]"),
        ("files.delete.asyncio", "(file_id: str, **options: Unpack[RequestOptions]) -> FileDeleted"),
        ("files.content.download", "(path: str | PathLike[str], /, file_id: str, "),
        ("chat.create.stream", ") -> Stream[ChatCompletionChunk, ChatCompletion]"),
        ("chat.create.parse", "(kind: type[T], /, *, messages: Sequence["),
        ("chat.create.parse_stream", ") -> Stream[ChatCompletionChunk, T]"),
        ("chat.create.request", ") -> Request[ChatCompletion, Any]"),
    ],
)
def test_the_result_of_a_form(root: Root, form: str, shown: str) -> None:
    """A signature ends in the result of the form, and begins with what the form takes first."""
    found: Any = root()
    for name in form.split("."):
        found = getattr(found, name)
    assert shown in str(inspect.signature(found))


def test_help(root: Root) -> None:
    """`help(create.sync)` has the arguments, their words, and what the form raises."""
    text = pydoc.render_doc(root().chat.create.sync, renderer=_PLAIN)
    assert "sync(*, messages: Sequence[ChatCompletionRequestMessageParam | ChatCompletionMessage]," in text
    (words,) = re.findall(r"temperature: .{30}", root().chat.create.__doc__)
    assert words in text
    assert "sync: Call the API and return the typed reply." in text


def test_a_form_is_made_once(root: Root) -> None:
    """The first use of a form makes it, and later ones find the same object; its class has the plain method."""
    operation = root().files.list
    assert operation.sync is operation.sync
    assert inspect.isfunction(runtime.Operation.sync)
    assert repr(operation.sync) == "<sync of <operation files.list: GET /files>>"
    assert (operation.sync.__name__, operation.sync.__qualname__) == ("sync", "files.list.sync")
    assert inspect.iscoroutinefunction(operation.asyncio)
    assert weakref.ref(operation.sync)() is operation.sync
    assert not inspect.iscoroutinefunction(operation.sync)


def test_a_call_does_not_load_what_shows_a_form(root: Root) -> None:
    """To use a form loads no `inspect`, and no module of ours that reads signatures."""
    code = f"""
import sys
from sdk.api.chat import create
from sdk import Client
create = {"create" if root is _alone else "Client(api_key='k').chat.create"}
create.request(model="m", messages=[])
print(sorted(name for name in sys.modules if name == "inspect" or name.endswith("operation.signatures")))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_call_has_no_frame_more(root: Root) -> None:
    """A traceback has the caller, then the method, and nothing of the form."""
    try:
        root().files.retrieve.request(nothing=1)
    except TypeError as error:
        names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert names == ["test_a_call_has_no_frame_more", "request", "_request"]


def test_an_operation_with_other_annotations(root: Root) -> None:
    """A function of one's own, whose annotations are no text, keeps the types that it has."""
    request = root().files.list.request

    def find(name: str, *, kind: int = 1, **options: Any) -> Any:
        return request(**options)

    find.__annotations__.update(name=str, kind=int, **{"return": dict})
    own: Any = runtime.structured("own.find", "GET", "/own")(find)
    assert str(inspect.signature(own.parse)).startswith("(kind_: type[T], /, name: str, *, kind: int = 1")
    assert own.parse.__doc__.startswith("own.find\n\nparse: Call the API")
