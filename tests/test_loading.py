"""What an import, a client and a call load: each step pays for what it meets, and for nothing else."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sdk.testing import LocalServer

_ROOT = Path(__file__).parents[1]


def _ours(names: set[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] in ("sdk", "generator", "tests", "demo")}


def _core(*names: str) -> set[str]:
    """Return modules of `sdk._core` with the rooms that they lie in."""
    found = {"sdk._core"}
    for name in names:
        parts = name.split(".")
        found |= {".".join(("sdk._core", *parts[: end + 1])) for end in range(len(parts))}
    return found


_NETWORK = re.compile(r"(?i)_proxy$|^ssl_cert")
_LOADED = "print(*sorted(name for name in sys.modules if name.startswith('sdk.models')))"
_CHAT = """
import sys
from sdk import Client
from sdk._core.model import ApiModel
with Client(api_base=sys.argv[1], api_key="test-key", http_options={"trust_env": False}) as client:
    reply = client.chat.create.sync(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])
found = set()
def walk(value):
    if isinstance(value, list):
        for item in value:
            walk(item)
    elif isinstance(value, ApiModel):
        found.add(type(value).__module__)
        for name in type(value).__attrs_attrs__:
            walk(getattr(value, name.name))
walk(reply)
print(*sorted(found))
"""
_CHAT_STREAM = """
from sdk import Client
with Client(api_base=sys.argv[1], api_key="test-key", http_options={"trust_env": False}) as client:
    with client.chat.create.stream(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}]) as stream:
        assert stream.final().choices[0].message.content
"""
_UPLOAD = """
from sdk import Client, File
with Client(api_base=sys.argv[1], api_key="test-key", http_options={"trust_env": False}) as client:
    client.files.create.sync(file=File(b"{}", name="a.jsonl", on_progress=print), purpose="batch")
print()
"""
_CHAT_ASYNC = """
import asyncio
from sdk import Client
async def main():
    async with Client(api_base=sys.argv[1], api_key="test-key", http_options={"trust_env": False}) as client:
        await client.chat.create.asyncio(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])
asyncio.run(main())
"""


def _python(code: str, *arguments: str) -> list[list[str]]:
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    # Proxies and certificate files of the environment need modules of their own.
    env = {name: value for name, value in os.environ.items() if not _NETWORK.search(name)}
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=30, check=False, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return [line.split() for line in done.stdout.splitlines()]


def _loads(code: str, *arguments: str, after: str = "typing") -> tuple[set[str], set[str]]:
    """Return the modules of ours that a program loads, and the others that it does not have from `after` already."""
    known = f"import sys, {after}\nclass Typed(typing.TypedDict):\n    x: int\nknown = set(sys.modules)\n"
    found = set(_python(f"{known}{code}\nprint(*set(sys.modules) - known)", *arguments)[-1])
    return (ours := _ours(found)), found - ours


# The three steps of loading; see `sdk._core.lazy`. What is not in these lists, an import or a call pays for as well:
# add to them what it cannot do without, and load all else when it is met.
_ENDPOINT = {
    "sdk",
    "sdk.api",
    "sdk._version",
    *_core("lazy", "client.request", "operation", "operation.forms", "public", "request.data", "request.spec", "unset"),
}
#: What the endpoints of chats stand on beside that.
_CHATS = {*_ENDPOINT, "sdk.api.chat", *_core("operation.streaming", "operation.structured")}
_MAKING = {
    *_ENDPOINT,
    *("sdk.api._resources", "sdk.client", "sdk._openai", "sdk._openai.options", "sdk._openai.service"),
    *("sdk._openai.usage", "sdk._openai.usage.meter"),
    *_core("call.context", "call.limiter", "call.retry", "client.base", "errors.base", "errors.body", "errors.redact"),
    *_core("http.pool", "http.route", "http.transport", "operation.resource", "options.resolve"),
    *_core("options.environment", "options.table", "request.defaults"),
    *_core("runtime.event_loop", "runtime.fork", "service", "validators"),
}
_CALL = {
    *_MAKING,
    *_CHATS,
    "sdk.models",
    *_core("auth.keys", "call.drivers", "call.flow", "call.line", "call.outcome", "call.pace", "call.state"),
    *_core("client.default", "effects", "log"),
    *_core("http.connection", "http.errors", "http.exchange", "http.headers", "http.http11", "http.message"),
    *_core("http.sync_connection", "http.sync_exchange"),
    *_core("model.base", "model.decoder", "model.values"),
    *_core("options.http_options"),  # the clients of these tests have some
    *_core("options.per_call", "reply.decode", "reply.response", "request.serialize"),
    *_core("request.styles"),
}
# What Python programs load mostly anyway, and what it stands on.
_TYPING = "__future__, enum, importlib, typing, warnings"
_MADE = f"{_TYPING}, atexit, collections, contextlib, importlib.machinery, ipaddress, re, threading"
_MADE += ", urllib.parse, weakref"
#: What no plain call needs: each of these costs a millisecond or many.
_NEVER = {
    *("aiohttp", "anyio", "certifi", "dateutil", "h11", "httpcore", "httpx", "msgspec", "trio"),
    *("base64", "email", "http", "importlib.metadata", "importlib.util", "pathlib", "random", "tempfile"),
}
_MAKE = "from sdk import Client\nclient = Client(api_base='http://localhost/v1', api_key='k')"


def test_an_endpoint_loads_nothing_but_its_face() -> None:
    """`from sdk.api.chat import create` loads no client, no model, no other endpoint, no attrs, orjson or socket."""
    assert _loads("from sdk.api.chat import create", after=_TYPING) == (_CHATS, set())


def test_a_client_loads_nothing_to_call_with() -> None:
    """To import Client, and to make one, loads what reads options; no attrs, orjson, socket, ssl or asyncio."""
    assert _loads(_MAKE, after=_MADE) == (_MAKING, set())


def test_a_request_is_built_without_a_client() -> None:
    """An endpoint that only builds its request loads no client and nothing to write the request with."""
    code = "from sdk.api.chat import create\ncreate.request(model='m', messages=[])"
    assert _loads(code, after=_TYPING) == (_CHATS, set())


@pytest.mark.parametrize(
    "name",
    ["ChatSession", "RealtimeSession", "ResponsesSession", "File", "Stream", "errors", "sse", "wait", "webhooks"],
)
def test_other_names_load_no_event_loop_either(name: str) -> None:
    """Nobody pays for asyncio, logging or TLS by an import; nor for httpx or msgspec."""
    others = _loads(f"from sdk import {name}", after=_MADE)[1]
    assert others & ((_NEVER - {"base64", "pathlib"}) | {"asyncio", "concurrent.futures", "logging", "ssl"}) == set()


def test_the_names_of_identities_load_nothing() -> None:
    """To import `sdk.auth` loads no identity and no client; a name loads its own module, and no vendor's library."""
    ours, others = _loads("import sdk.auth\ndir(sdk.auth)", after=_TYPING)
    assert (ours, others) == ({"sdk", "sdk._version", "sdk.auth", *_core("lazy")}, set())
    ours, others = _loads("from sdk.auth import AzureAuth\nAzureAuth('http://h', api_key='k')", after=_MADE)
    assert {name for name in ours if name.startswith("sdk._openai.")} == {
        "sdk._openai.identities",
        "sdk._openai.identities.azure",
    }
    assert others & (_NEVER | {"azure", "asyncio", "botocore", "google", "logging", "ssl"}) == set()


def test_a_call_loads_what_it_meets() -> None:
    """A blocking call loads no event loop, no TLS, no logging, and nothing of streams, files, hooks and errors."""
    with LocalServer() as server:
        ours, others = _loads(_CHAT, server.url, after=_MADE)
    assert {name for name in ours if not name.startswith("sdk.models.")} == _CALL
    assert others & (_NEVER | {"asyncio", "logging", "ssl", "subprocess"}) == set()


def test_an_upload_loads_no_httpx() -> None:
    """Files go out over connections of our own."""
    with LocalServer() as server:
        ours, others = _loads(_UPLOAD, server.url, after=_MADE)
    assert _core("files", "request.file_stream", "request.multipart") <= ours
    assert others & ((_NEVER - {"pathlib"}) | {"asyncio", "logging", "ssl", "subprocess"}) == set()


def test_a_stream_loads_no_more_of_the_world() -> None:
    """A stream that is read from begin to end needs nothing of what a call does without, and no files."""
    with LocalServer() as server:
        ours, others = _loads(_CHAT_STREAM, server.url, after=_MADE)
    assert _core("operation.streams", "sse") <= ours
    assert not ours & _core("files", "options.hooks", "http.async_connection") - _CALL
    assert others & (_NEVER | {"asyncio", "logging", "ssl", "subprocess"}) == set()


def test_a_call_from_a_coroutine_loads_asyncio_and_no_more() -> None:
    """A call from a coroutine loads the connections of event loops in place of the blocking ones."""
    with LocalServer() as server:
        ours, others = _loads(_CHAT_ASYNC, server.url, after=f"{_MADE}, asyncio")
    assert {name for name in ours if not name.startswith("sdk.models.")} == {
        *(_CALL - {"sdk._core.http.sync_connection", "sdk._core.http.sync_exchange"}),
        *_core("http.async_connection", "http.async_exchange", "http.loops"),
    }
    assert others & _NEVER == set()


def _defines_class(module: str) -> bool:
    path = _ROOT.joinpath(*module.split("."))
    tree = ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8"))
    return any(isinstance(node, ast.ClassDef) for node in tree.body)


def test_a_reply_loads_only_the_models_that_it_contains() -> None:
    """After a chat those models are loaded that the reply is made of, and no class beside them."""
    with LocalServer() as server:
        contained, loaded = _python(_CHAT + _LOADED, server.url)
    assert "sdk.models.chat_completion_message" in contained
    assert [name for name in loaded if _defines_class(name)] == contained


_RESOURCES = [
    ".".join(path.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((_ROOT / "sdk" / "api").rglob("*.py"))
    if path.name != "_resources.py" and path.parent.name != "_connections"
]
#: What the resources with a WebSocket load besides: its face, and neither frames nor sockets.
_WEBSOCKET = _core("websocket", "websocket.spec")


def test_every_endpoint_is_as_cheap() -> None:
    """No resource loads more than the chat does, but for the packages around it: one process for each is too slow."""
    code = "from importlib import import_module\nfor name in sys.argv[1:]:\n    import_module(name)"
    ours, others = _loads(code, *_RESOURCES, after=_TYPING)
    assert (ours - set(_RESOURCES) - _CHATS - _WEBSOCKET, others) == (set(), set())
