"""What people know from the official package, or misspell: each error says what to use, by one table and closeness."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk import ChatSession, Client, ResponsesSession, models
from sdk._openai.guide import answer, official_names

_ROOT = Path(__file__).parents[1]
_TABLE = official_names()
_CLIENT: Any = Client(api_base="http://127.0.0.1:9/v1", api_key="k")
_REPLY: Any = models.ChatCompletion.from_dict({"choices": []})
_SDK: Any = sdk


def _error(of: Callable[[], Any]) -> str:
    """Return what the error of a wrong use says."""
    with pytest.raises((AttributeError, TypeError)) as raised:
        of()
    return str(raised.value)


def _walk(path: str) -> Any:
    return reduce(getattr, path.split("."), _CLIENT)


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: _REPLY.choice, "'ChatCompletion' has no attribute 'choice': did you mean 'choices'?"),
    (lambda: _REPLY.text, "'ChatCompletion' has no attribute 'text': use output_text"),
    (lambda: _REPLY.model_dump(), "'ChatCompletion' has no attribute 'model_dump': use to_dict()"),
    (lambda: _REPLY["choices"], "is an object and no dict: use .choices, or to_dict()['choices']"),
    (lambda: _REPLY["choice"], "is an object and no dict: did you mean 'choices'?"),
    (lambda: _REPLY["zzz"], "is an object and no dict; to_dict() is its JSON object"),
    (lambda: list(_REPLY), "it has no items, and cannot be iterated"),
    (
        lambda: [x for x in models.ListFilesResponse.from_dict({"data": []})],  # type: ignore[attr-defined]  # noqa: C416
        "'ListFilesResponse' is one page: its items are in .data, and the iter(...) of the operation",
    ),
    (lambda: _CLIENT.image, "'Client' has no attribute 'image': did you mean 'images'?"),
    (lambda: _CLIENT.chat.creat, "<chat> has no attribute 'creat': did you mean 'create'? It has create, delete,"),
    (lambda: _CLIENT.chat.zzz, "<chat> has no attribute 'zzz'; it has create, delete, list"),
    (lambda: _CLIENT.chat.create.snc, "chat.create has no form 'snc': did you mean 'sync'?"),
    (lambda: _SDK.OpenAI, "module 'sdk' has no attribute 'OpenAI': use sdk.Client(...)"),
    (lambda: _SDK.AsyncClient, "module 'sdk' has no attribute 'AsyncClient': use sdk.Client(...)"),
    (lambda: _SDK.RateLimitError, "module 'sdk' has no attribute 'RateLimitError': use sdk.errors.RateLimitError"),
    (lambda: _SDK.errors.RateLimitErrors, "did you mean 'RateLimitError'?"),
    (lambda: _SDK.models.ChatCompletions, "module 'sdk.models' has no attribute 'ChatCompletions': did you mean"),
    (
        lambda: _SDK.api.chat.completions,
        "module 'sdk.api.chat' has no attribute 'completions': use client.chat",
    ),
    (lambda: _CLIENT.beta.threads, "<beta> has no attribute 'threads': use client.threads.create.sync(...)"),
    (lambda: _CLIENT.chat.completions, "<chat> has no attribute 'completions': use client.chat.create.sync(...)"),
    (lambda: _CLIENT.chat.with_raw_response, "use sync_detailed(...) of an operation"),
    (lambda: _CLIENT.chat.create.with_raw_response, "use sync_detailed(...) of an operation"),
    (lambda: _CLIENT.responses.stream, "use client.responses.create.stream(...)"),
    (lambda: _CLIENT.vector_stores.files.create_and_poll, "use sdk.wait(client.vector_stores.files.create.sync(...))"),
    (lambda: Client(base_url="http://x"), "there is no client option 'base_url'; did you mean api_base?"),  # type: ignore[call-arg]
    (lambda: Client("sk-secret"), "Client takes its options by name: Client(api_key=...)"),  # type: ignore[arg-type]
    (lambda: ChatSession("gpt-4o"), "client= must be a Client, not str; a session's model is model=..."),  # type: ignore[arg-type]
    (lambda: ResponsesSession("gpt-4o"), "a session's model is model=..."),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("wrong", "reported"), WRONG, ids=[reported for _, reported in WRONG])
def test_a_wrong_use(wrong: Callable[[], Any], reported: str) -> None:
    """The error says what was meant."""
    assert reported in _error(wrong)


@pytest.mark.parametrize(("there", "here"), _TABLE["operation"].items())
def test_every_method_of_the_official_package(there: str, here: str) -> None:
    """A method has its name here, too, or the error at the first part that is missing says where it is."""
    assert answer("path", there) == f"client.{here}.sync(...)"
    try:
        assert _walk(there).name == here
    except AttributeError as error:
        assert ": use client." in str(error) or here == there


def test_the_table_has_the_operations() -> None:
    """Nearly every name here is an operation; the others are in documents that are newer than the pinned one."""
    found = [here for here in _TABLE["operation"].values() if _exists(here)]
    assert len(_TABLE["operation"]) == 351
    assert len(found) > 250


def _exists(path: str) -> bool:
    try:
        _walk(path)
    except AttributeError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "there", "here"),
    [(kind, there, here) for kind in ("helper", "client", "form") for there, here in _TABLE[kind].items()],
)
def test_every_other_name_of_its_client(kind: str, there: str, here: str) -> None:
    """A helper, an attribute and a form are answered where they are asked for."""
    path = f"chat.{there}" if kind == "form" else there
    assert answer("path", path) == here or kind == "form"
    if not _exists(path):
        assert ": use " in _error(lambda: _walk(path))


@pytest.mark.parametrize(("there", "here"), _TABLE["name"].items())
def test_every_name_of_its_module(there: str, here: str) -> None:
    """A name of the package is answered, as an attribute and by `from sdk import`; what it names exists."""
    assert _error(lambda: getattr(_SDK, there)) == f"module 'sdk' has no attribute {there!r}: use {here}"
    with pytest.raises(ImportError, match="cannot import name") as raised:
        exec(f"from sdk import {there}")
    assert str(raised.value) == f"cannot import name {there!r} from 'sdk': use {here}"
    if here.startswith("sdk."):
        name = here.removeprefix("sdk.").split("(")[0].split(",")[0].split()[0]
        assert reduce(getattr, name.split("."), _SDK) is not None


@pytest.mark.parametrize(("there", "here"), _TABLE["option"].items())
def test_every_option_of_its_client(there: str, here: str) -> None:
    """An option has another name here."""
    options: Any = {there: "x"}
    assert here in _error(lambda: Client(**options))


@pytest.mark.parametrize(("there", "here"), _TABLE["attribute"].items())
def test_every_attribute_of_its_replies(there: str, here: str) -> None:
    """An attribute of a reply has another name here; a plain one is an attribute of this class."""
    assert _error(lambda: getattr(_REPLY, there)) == f"'ChatCompletion' has no attribute {there!r}: use {here}"
    assert not here.isidentifier() or hasattr(_REPLY, here)
    method = here.split("(")[0]
    assert not here.startswith(("to_", "from_")) or hasattr(_REPLY, method.split(".")[0])


def test_the_page_has_the_table() -> None:
    """docs/openai.md lists the names of the table."""
    done = subprocess.run([sys.executable, ".ci/names.py", "--check"], cwd=_ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_name_that_is_no_attribute_of_a_class() -> None:
    """A hint names what the class has: a file has no text."""
    assert _error(lambda: models.FileObject.from_dict({}).text) == "'FileObject' has no attribute 'text'"  # type: ignore[attr-defined]


def test_a_program_that_asks_pays_nothing() -> None:
    """`hasattr` makes no hint: neither the table nor difflib is loaded. Submodules that exist import as before."""
    code = """
import sys
import sdk
from sdk import client, models
found = models.ChatCompletion.from_dict({"choices": []})
print(hasattr(found, "model_dump"), hasattr(sdk, "OpenAI"), getattr(client.Client(api_key="k"), "image", None))
print(sorted(name for name in sys.modules if name == "difflib" or name.endswith(".guide")))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False False None", "[]"]


def test_the_error_is_an_attribute_error() -> None:
    """It shows as one, knows the name, and can be sent to another process."""
    with pytest.raises(AttributeError) as raised:
        _ = _REPLY.choice
    assert (type(raised.value).__qualname__, raised.value.name) == ("AttributeError", "choice")
    copied = pickle.loads(pickle.dumps(raised.value))
    assert (type(copied), str(copied)) == (AttributeError, str(raised.value))


def test_a_key_given_by_place_is_not_shown() -> None:
    """No variable of the error's frames holds the key."""
    with pytest.raises(TypeError) as raised:
        Client("sk-secret-key")  # type: ignore[arg-type]
    frames = []
    trace = raised.value.__traceback__
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    assert [f for f in frames if "secret-key" in repr(f.f_locals) and f.f_code.co_filename != __file__] == []
