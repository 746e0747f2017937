"""Who may import whom: rooms on floors, read from the code. What really loads is `test_loading.py`'s matter."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]

#: The rooms of `sdk`, lowest floor first. Rooms that share a floor do not know each other. A module that lies beside
#: the rooms is a room of its own.
_SDK_FLOORS = (
    ("_version", "_core.public", "_core.unset"),
    ("_core.lazy", "_core.notebook", "_core.validators"),
    ("_core.suggestions", "_core.runtime"),
    ("_core.errors",),
    ("_core.files",),
    ("_core.model",),
    ("_core.service", "_core.sse", "_core.stats"),
    ("_core.json_lines",),
    ("_core.options",),
    ("_core.log", "_core.http"),
    ("_core.tracebacks",),
    ("_core.request",),
    ("_core.effects",),
    ("_core.auth",),
    ("_core.reply",),
    ("_core.call",),
    ("_core.client",),
    ("_core.oauth", "_core.webhooks"),
    ("_core.operation",),
    ("_core.inspection", "_core.waiting", "_core.telemetry", "_core.websocket"),
    ("_openai.usage",),
    ("models",),
    ("params",),
    ("api",),
    (
        *("errors", "families", "files", "hooks", "operation", "pages", "response", "service", "sse", "stats"),
        *("streaming", "structured", "telemetry", "usage", "waiting", "websocket"),
    ),
    (
        "_openai.admin_key",
        "_openai.guide",
        "_openai.missing_model",
        "_openai.options",
        "_openai.service",
        "_openai.text",
    ),
    ("_openai.client_options",),
    ("_openai.environment", "_openai.identities"),
    ("_openai.providers",),
    ("_openai.telemetry",),
    ("client",),
    ("_openai.answer_layouts", "_openai.stream"),
    ("_openai.session", "_openai.upload_plan", "_openai.vector_store_plan", "_openai.vision", "_openai.webhooks"),
    ("_openai.realtime", "_openai.uploads", "_openai.vector_store_upload"),
    ("_openai.bulk",),
    (
        *("auth", "bulk", "realtime", "responses_session", "session", "stream_events", "tools", "uploads"),
        *("vision", "webhooks"),
    ),
    ("testing",),
    ("_cli",),
    ("__main__",),
    ("",),  # sdk/__init__.py
    ("compat",),  # above all of it: a face for programs of another package
)
_TESTING_FLOORS = (
    ("description", "media"),
    ("server",),
    ("api",),
    ("app", "cassettes"),
    ("local_server",),
    ("__main__", "pytest_plugin"),
    ("",),  # sdk/testing/__init__.py
)
_HOUSES = [("sdk", _SDK_FLOORS), ("sdk.testing", _TESTING_FLOORS)]
#: Parts that decide, and leave input and output to others.
_PURE = (
    *("_core.call.retry", "_core.call.redirect", "_core.http.http11", "_core.http.decoding", "_core.http.tunnel"),
    *("_core.auth.clock", "_core.auth.token_state", "_core.sse", "_core.options.table", "_core.validators"),
    *("_core.inspection.annotation", "_core.inspection.literals", "_core.inspection.place"),
)
#: Packages that are stubs alone: the modules that they describe are data.
_STUBS = {
    ".".join(file.parent.relative_to(_ROOT).parts)
    for file in (_ROOT / "sdk").rglob("__init__.pyi")
    if not file.with_suffix(".py").exists()
}
_WORLD = {"asyncio", "anyio", "httpcore", "httpx", "select", "selectors", "socket", "ssl", "threading"}


class _Imports(ast.NodeVisitor):
    """Collect what a module imports: when it loads, later inside functions, and for type checkers only."""

    def __init__(self, package: str) -> None:
        self.package = package.split(".")
        self.load, self.later, self.types = set[str](), set[str](), set[str]()
        self._into = self.load

    def visit_Import(self, node: ast.Import) -> None:
        self._into.update(alias.name for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        origin = self._absolute("." * node.level + (node.module or ""))
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
        """Read `lazy_function(globals(), "..room.module", "name")`."""
        if (
            isinstance(node.func, ast.Name)
            and node.func.id == "lazy_function"
            and isinstance(node.args[1], ast.Constant)
        ):
            self.later.add(self._absolute(str(node.args[1].value)))
        self.generic_visit(node)

    def _absolute(self, name: str) -> str:
        bare = name.lstrip(".")
        level = len(name) - len(bare)
        return ".".join([*self.package[: len(self.package) - level + 1], *([bare] if bare else [])]) if level else bare

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
    imports = _Imports(module if path.name == "__init__.py" else module.rpartition(".")[0])
    imports.visit(ast.parse(path.read_text(encoding="utf-8")))
    return imports


def _ours(names: set[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] in ("sdk", "generator", "tests", "demo")}


def _within(package: str) -> Iterator[str]:
    return (name for name in _modules() if name == package or name.startswith(f"{package}."))


def _reach(module: str) -> set[str]:
    """Return the modules of ours that a module leads to, itself included."""
    reached, todo = set[str](), {module}
    while todo:
        name = todo.pop()
        reached.add(name)
        todo |= (_ours(_imports(name).running) & _modules().keys()) - reached
    return reached


def _room(module: str, package: str, floors: Iterable[Iterable[str]]) -> str:
    """Return the room that a module lies in."""
    inside = module.removeprefix(package).lstrip(".")
    return max((room for floor in floors for room in floor if f"{inside}.".startswith(f"{room}.")), key=len, default="")


def _arrows(package: str, floors: Iterable[Iterable[str]]) -> dict[tuple[str, str], set[str]]:
    """Return (room, room that it names) → the modules that do so, type checkers' imports included."""
    arrows: dict[tuple[str, str], set[str]] = {}
    for module in _within(package):
        found = _imports(module)
        for other in (found.running | found.types) & _modules().keys():
            if other.startswith(f"{package}."):
                ends = _room(module, package, floors), _room(other, package, floors)
                if ends[0] != ends[1]:
                    arrows.setdefault(ends, set()).add(f"{module} → {other}")
    return arrows


def _upward(package: str, floors: tuple[tuple[str, ...], ...]) -> list[str]:
    level = {room: number for number, floor in enumerate(floors) for room in floor}
    return sorted(
        arrow
        for (room, other), modules in _arrows(package, floors).items()
        if level[other] >= level[room]
        for arrow in modules
    )


@pytest.mark.parametrize(("package", "floors"), _HOUSES)
def test_every_room_stands_on_a_floor(package: str, floors: tuple[tuple[str, ...], ...]) -> None:
    """A new folder or module has to be given its floor."""
    lost = {name for name in _within(package) if name != package and not _room(name, package, floors)}
    assert lost - {"sdk._core", "sdk._openai"} == set()


@pytest.mark.parametrize(("package", "floors"), _HOUSES)
def test_rooms_import_lower_floors_only(package: str, floors: tuple[tuple[str, ...], ...]) -> None:
    """No arrow runs up or sideways, so that there are no circles; imports for type checkers count."""
    assert _upward(package, floors) == []


def _defines_class(module: str) -> bool:
    """Tell a model from an alias, which builds nothing when it loads."""
    tree = ast.parse(_modules()[module].read_text(encoding="utf-8"))
    return any(isinstance(node, ast.ClassDef) for node in tree.body)


@pytest.mark.parametrize("package", ["sdk.models", "sdk.params"])
def test_models_and_params_import_only_their_base(package: str) -> None:
    """A model knows its base: its siblings stand in annotations, and load by name. Aliases may import one."""
    base = {"sdk._core.model", f"{package}._index"}
    siblings = {name: more for name in _within(package) if (more := _ours(_imports(name).running) - base)}
    wrong = [
        name
        for name, more in siblings.items()
        if _defines_class(name) or (len(more) > 1 and any(map(_defines_class, more)))
    ]
    assert wrong == []


def test_operations_import_models_for_type_checkers_only() -> None:
    """An endpoint leads to `operation` and small helpers; models and params are only in its annotations."""
    allowed = {
        "sdk._core.operation",
        "sdk._core.operation.streaming",
        "sdk._core.operation.structured",
        "sdk._core.unset",
        "sdk._core.lazy",
        "sdk._core.operation.resource",
        "sdk._core.request.style",
        "sdk._core.websocket",
        "sdk._core.websocket.connections",
        "sdk._core.websocket.senders",
    }
    wrong = {
        name: extra
        for name in _within("sdk.api")
        if (extra := {one for one in _ours(_imports(name).running) - allowed if not one.startswith("sdk.api")})
    }
    assert wrong == {}


def test_the_core_is_closed() -> None:
    """Nothing in `_core` imports what lies beside it, and its imports are relative: it can be carried along."""
    leaving, absolute = set(), set()
    for module in _within("sdk._core"):
        found = _imports(module)
        leaving |= {other for other in _ours(found.running | found.types) if not other.startswith("sdk._core")}
        for node in ast.walk(ast.parse(_modules()[module].read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level and str(node.module).partition(".")[0] == "sdk":
                absolute.add(module)
    assert (leaving, absolute) == (set(), set())


def test_the_door_of_http() -> None:
    """What lies outside the room of HTTP imports it through its `__init__` alone."""
    inside = {
        f"{module} → {other}"
        for module in _within("sdk")
        if not module.startswith("sdk._core.http")
        for other in _imports(module).running | _imports(module).types
        if other.startswith("sdk._core.http.")
    }
    assert inside == set()


@pytest.mark.parametrize("module", _PURE)
def test_pure_parts_touch_nothing(module: str) -> None:
    """What decides imports no network, no thread and no event loop, and leads to nothing that does."""
    touching = {name: found for name in _reach(f"sdk.{module}") if (found := _imports(name).running & _WORLD)}
    assert touching == {}


def test_the_generator_and_the_sdk_do_not_know_each_other() -> None:
    """The generator writes text about the SDK and never imports it; the SDK needs no generator."""
    wrong = {
        name: extra
        for name in _modules()
        if (extra := _ours(_imports(name).running | _imports(name).types) - {*_within(name.partition(".")[0]), *_STUBS})
    }
    assert wrong == {}


def test_the_local_server_shares_no_code_with_the_client() -> None:
    """A server that judges the client has nothing of it but the version number, and the checker of values."""
    shared = {"sdk", "sdk._version", "sdk._core.lazy", "sdk._core.reply.validate", "sdk._core.reply.json_types"}
    assert {name for name in _reach("sdk.testing.app") if not name.startswith("sdk.testing")} <= shared


def test_the_server_of_any_api_knows_none() -> None:
    """What packages of other APIs carry along of the local server leads to no room of this API."""
    allowed = ("sdk.testing.description", "sdk.testing.server", "sdk._core.reply")
    for module in ("sdk.testing.server.local_server", "sdk.testing.server.program"):
        wrong = {name for name in _reach(module) if not name.startswith(allowed)}
        assert wrong == set()


def test_only_one_module_reads_the_environment() -> None:
    """`os.environ` and `os.getenv` stand in one module."""
    readers = {
        name
        for name in _within("sdk")
        if not name.startswith("sdk.testing")
        for node in ast.walk(ast.parse(_modules()[name].read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    assert readers == {"sdk._core.options.environment"}
