"""Who may import whom: the rules of ARCHITECTURE.md, read from the code, and what really loads."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sdk.testing import LocalServer

_ROOT = Path(__file__).parents[1]
# Pure parts: they decide, and leave input and output to others.
_LEAVES = ("sdk._retry", "sdk.sse", "sdk._config", "sdk.errors")
_WORLD = {"asyncio", "anyio", "httpcore", "httpx", "select", "selectors", "socket", "ssl", "threading"}


class _Imports(ast.NodeVisitor):
    """Collect what a module imports: when it loads, later inside functions, and for type checkers only."""

    def __init__(self, module: str, package: str) -> None:
        self.package = package.split(".")
        self.load, self.later, self.types = set[str](), set[str](), set[str]()
        self._into = self.load

    def visit_Import(self, node: ast.Import) -> None:
        self._into.update(alias.name for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self.package[: len(self.package) - node.level + 1] if node.level else []
        origin = ".".join([*base, *([node.module] if node.module else [])])
        # `from . import x`: x is a module where there is one of that name, else a name of the package.
        for alias in node.names:
            name = f"{origin}.{alias.name}"
            self._into.add(name if name in _modules() else origin)

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            self._inside(self.types, node.body)
            self._inside(self._into, node.orelse)
        else:
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._inside(self.later, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id == "later" and isinstance(node.args[1], ast.Constant):
            self.later.add(".".join(self.package) + str(node.args[1].value))
        self.generic_visit(node)

    def _inside(self, into: set[str], body: list[ast.stmt]) -> None:
        before, self._into = self._into, into if self._into is not self.types else self.types
        for statement in body:
            self.visit(statement)
        self._into = before

    @property
    def running(self) -> set[str]:
        """What a running program can come to import from here."""
        return self.load | self.later


@cache
def _modules() -> dict[str, Path]:
    """Find every module of ours by name."""
    found = {}
    for folder in ("sdk", "generator"):
        for path in sorted((_ROOT / folder).rglob("*.py")):
            parts = path.relative_to(_ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _imports(module: str) -> _Imports:
    path = _modules()[module]
    imports = _Imports(module, module if path.name == "__init__.py" else module.rpartition(".")[0])
    imports.visit(ast.parse(path.read_text(encoding="utf-8")))
    return imports


def _ours(names: set[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] in ("sdk", "generator", "tests", "demo")}


def _within(package: str) -> Iterator[str]:
    return (name for name in _modules() if name == package or name.startswith(f"{package}."))


def _reach(module: str, *, later: bool = True, stop: tuple[str, ...] = ()) -> set[str]:
    """Return the modules of ours that a module leads to, itself included; not what those of `stop` lead to."""
    reached, todo = set[str](), {module}
    while todo:
        name = todo.pop()
        reached.add(name)
        if name.startswith(stop or "-"):
            continue
        found = _imports(name)
        todo |= (_ours(found.running if later else found.load) & _modules().keys()) - reached
    return reached


def _defines_class(module: str) -> bool:
    """Tell a model from an alias, which builds nothing when it loads."""
    tree = ast.parse(_modules()[module].read_text(encoding="utf-8"))
    return any(isinstance(node, ast.ClassDef) for node in tree.body)


@pytest.mark.parametrize("package", ["sdk.models", "sdk.params"])
def test_models_and_params_import_only_their_base(package: str) -> None:
    """A model knows `sdk._model`: its siblings stand in annotations, and load by name. Aliases may import one."""
    base = {"sdk._model", f"{package}._index"}
    siblings = {name: more for name in _within(package) if (more := _ours(_imports(name).running) - base)}
    wrong = [
        name
        for name, more in siblings.items()
        if _defines_class(name) or (len(more) > 1 and any(map(_defines_class, more)))
    ]
    assert wrong == []


def test_operations_import_models_for_type_checkers_only() -> None:
    """An endpoint leads to `operation` and small helpers; models and params are only in its annotations."""
    allowed = {"sdk.operation", "sdk._unset", "sdk._lazy", "sdk._resource"}
    wrong = {
        name: extra
        for name in _within("sdk.api")
        if (extra := {one for one in _ours(_imports(name).running) - allowed if not one.startswith("sdk.api")})
    }
    assert wrong == {}


@pytest.mark.parametrize("module", ["sdk.operation", "sdk._flow", "sdk._client"])
def test_the_call_machinery_knows_no_generated_code(module: str) -> None:
    """Loading `operation` and what it stands on loads no endpoint, model or client."""
    upper = ("sdk.api", "sdk.models", "sdk.params", "sdk.client", "sdk.session", "sdk.testing")
    assert {name for name in _reach(module, later=False) if name.startswith(upper)} == set()


@pytest.mark.parametrize("module", ["sdk.session", "sdk.tools", "sdk.uploads", "sdk.webhooks"])
def test_what_stands_above_calls_the_api_as_users_do(module: str) -> None:
    """Sessions, tools, uploads and webhooks reach the machinery of a call through endpoints only."""
    machinery = ("sdk._client", "sdk._drivers", "sdk._effects", "sdk._flow", "sdk._transport", "sdk._atransport")
    assert set(machinery) <= _modules().keys()
    assert _reach(module, stop=("sdk.api", "sdk.models")).isdisjoint(machinery)


@pytest.mark.parametrize("leaf", _LEAVES)
def test_leaves_lead_to_errors_and_private_parts_only(leaf: str) -> None:
    """Retries, events, options and errors lead to nothing public but errors."""
    public = {name for name in _reach(leaf) if not name.rpartition(".")[2].startswith("_")}
    assert public <= {leaf, "sdk.errors"}


@pytest.mark.parametrize("leaf", _LEAVES)
def test_leaves_are_pure(leaf: str) -> None:
    """No leaf, nor what it leads to, touches the network, threads or event loops."""
    touching = {name: found for name in _reach(leaf) if (found := _imports(name).running & _WORLD)}
    # The user agent tells httpx's version; nothing else of httpx is used there.
    assert touching == ({"sdk._config": {"httpx"}} if "sdk._config" in _reach(leaf) else {})


def test_the_generator_and_the_sdk_do_not_know_each_other() -> None:
    """The generator writes text about the SDK and never imports it; the SDK needs no generator."""
    wrong = {
        name: extra
        for name in _modules()
        if (extra := _ours(_imports(name).running | _imports(name).types) - {*_within(name.partition(".")[0])})
    }
    assert wrong == {}


def test_the_local_server_shares_no_code_with_the_client() -> None:
    """A server that judges the client has nothing of it but the version number, and the checker of values."""
    outside = {name for name in _reach("sdk.testing.app") if not name.startswith("sdk.testing")}
    assert outside <= {"sdk", "sdk._version", "sdk._lazy", "sdk._strict", "sdk._json_kinds"}


def test_only_one_module_reads_the_environment() -> None:
    """`os.environ` and `os.getenv` stand in `sdk._config` alone."""
    readers = {
        name
        for name in _within("sdk")
        if not name.startswith("sdk.testing")
        for node in ast.walk(ast.parse(_modules()[name].read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    assert readers == {"sdk._config"}


_LOADED = "print(*sorted(name for name in sys.modules if name.startswith('sdk.models')))"
_CHAT = """
import sys
from sdk import Client
from sdk._model import ApiModel
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
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [line.split() for line in done.stdout.splitlines()]


def _loads(code: str, *arguments: str, after: str = "typing") -> tuple[set[str], set[str]]:
    """Return the modules of ours that a program loads, and the others that it does not have from `after` already."""
    known = f"import sys, {after}\nclass Typed(typing.TypedDict):\n    x: int\nknown = set(sys.modules)\n"
    found = set(_python(f"{known}{code}\nprint(*set(sys.modules) - known)", *arguments)[-1])
    return (ours := _ours(found)), found - ours


# The three steps of loading; see sdk/_lazy.py. What is not in these lists, an import or a call pays for as well: add to
# them what it cannot do without, and load all else when it is met.
_ENDPOINT = {
    "sdk",
    "sdk.api",
    "sdk.operation",
    "sdk._lazy",
    "sdk._request",
    "sdk._settings",
    "sdk._unset",
    "sdk._version",
}
_MAKING = {
    *_ENDPOINT,
    *("sdk.api._resources", "sdk.client", "sdk.errors"),
    *("sdk._checks", "sdk._client", "sdk._config", "sdk._error_base", "sdk._error_body", "sdk._fork", "sdk._loop"),
    *("sdk._pool", "sdk._proxies", "sdk._redact", "sdk._resource", "sdk._retry", "sdk._route", "sdk._rules"),
    *("sdk._slots", "sdk._transport"),
}
_CALL = {
    *_MAKING,
    *("sdk.api.chat", "sdk.models", "sdk.response"),
    *(
        "sdk._call",
        "sdk._decompress",
        "sdk._drivers",
        "sdk._effects",
        "sdk._encode",
        "sdk._exchange",
        "sdk._failures",
        "sdk._flow",
    ),
    *("sdk._given", "sdk._headers", "sdk._http1", "sdk._log", "sdk._model", "sdk._network", "sdk._redirect"),
    *("sdk._model.base", "sdk._model.decoder", "sdk._model.unions"),
    *("sdk._reply", "sdk._values", "sdk._written"),
}
# What Python programs load mostly anyway, and what it stands on.
_TYPING = "__future__, enum, importlib, typing, warnings"
_MADE = f"{_TYPING}, atexit, binascii, collections, contextlib, importlib.machinery, ipaddress, re, threading"
_MADE += ", urllib.parse, weakref"
#: What no plain call needs: each of these costs a millisecond or many.
_NEVER = {
    *("aiohttp", "anyio", "certifi", "dateutil", "h11", "httpcore", "httpx", "msgspec", "trio"),
    *("base64", "email", "http", "importlib.metadata", "importlib.util", "pathlib", "random", "tempfile"),
}
_MAKE = "from sdk import Client\nclient = Client(api_base='http://localhost/v1', api_key='k')"


def test_an_endpoint_loads_nothing_but_its_face() -> None:
    """`from sdk.api.chat import create` loads no client, no model, no other endpoint, no attrs, orjson or socket."""
    assert _loads("from sdk.api.chat import create", after=_TYPING) == ({*_ENDPOINT, "sdk.api.chat"}, set())


@pytest.mark.parametrize("resource", [name for name in _within("sdk.api") if not name.endswith("_resources")])
def test_every_endpoint_is_as_cheap(resource: str) -> None:
    """No resource leads to more than the chat does, but for the packages around it."""
    above = {name for name in _within("sdk.api") if resource.startswith(name)}
    assert _reach(resource, later=False) - {resource} <= _ENDPOINT | above


def test_a_client_loads_nothing_to_call_with() -> None:
    """To import Client, and to make one, loads what reads options; no attrs, orjson, socket, ssl or asyncio."""
    assert _loads(_MAKE, after=_MADE) == (_MAKING, set())


def test_a_request_is_built_without_a_client() -> None:
    """An endpoint that only builds its request loads no client and nothing to write the request with."""
    code = "from sdk.api.chat import create\ncreate.request(model='m', messages=[])"
    assert _loads(code, after=_TYPING) == ({*_ENDPOINT, "sdk.api.chat"}, set())


@pytest.mark.parametrize("name", ["ChatSession", "ResponsesSession", "File", "Stream", "errors", "sse", "webhooks"])
def test_other_names_load_no_event_loop_either(name: str) -> None:
    """Nobody pays for asyncio, logging or TLS by an import; nor for httpx or msgspec."""
    others = _loads(f"from sdk import {name}", after=_MADE)[1]
    assert others & ((_NEVER - {"base64", "pathlib"}) | {"asyncio", "concurrent.futures", "logging", "ssl"}) == set()


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
    assert {"sdk.files", "sdk._body", "sdk._multipart"} <= ours
    assert others & ((_NEVER - {"pathlib"}) | {"asyncio", "logging", "ssl", "subprocess"}) == set()


def test_a_stream_loads_no_more_of_the_world() -> None:
    """A stream that is read from begin to end needs nothing of what a call does without, and no files."""
    with LocalServer() as server:
        ours, others = _loads(_CHAT_STREAM, server.url, after=_MADE)
    assert {"sdk.streaming", "sdk.sse"} <= ours - {"sdk.files", "sdk._views", "sdk._anetwork"} == ours
    assert others & (_NEVER | {"asyncio", "logging", "ssl", "subprocess"}) == set()


def test_a_call_from_a_coroutine_loads_asyncio_and_no_more() -> None:
    """Beside a blocking call, one from a coroutine loads the connections of event loops."""
    with LocalServer() as server:
        ours, others = _loads(_CHAT_ASYNC, server.url, after=f"{_MADE}, asyncio")
    assert {name for name in ours if not name.startswith("sdk.models.")} == {
        *_CALL, "sdk._aexchange", "sdk._anetwork", "sdk._atransport"
    }  # fmt: skip
    assert others & _NEVER == set()


def test_a_reply_loads_only_the_models_that_it_contains() -> None:
    """After a chat those models are loaded that the reply is made of, and no class beside them."""
    with LocalServer() as server:
        contained, loaded = _python(_CHAT + _LOADED, server.url)
    assert "sdk.models.chat_completion_message" in contained
    assert [name for name in loaded if _defines_class(name)] == contained
