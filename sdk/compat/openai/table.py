"""The methods of the official package: their names, our operations, and what their replies are. Data, read once."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from ...operation import EndpointSpec, OnlyStreamingOperation, RequestOptions

#: The options of every call of ours.
OPTION_NAMES = frozenset(RequestOptions.__annotations__)


class Method:
    """A method: its name, our operation, and the kind of its reply: "" is a model, then "binary", "text", a page."""

    __slots__ = (
        "_operation", "_specs", "beside_body", "deprecated", "kind", "model", "more", "name", "ours", "path",
        "path_names", "streams_only", "verb",
    )  # fmt: skip

    def __init__(self, name: str, ours: str, kind: str, more: str, model: str) -> None:
        self.name, self.ours = name, ours
        self.kind, _, deprecated = kind.partition(" ")
        self.deprecated = bool(deprecated)
        self.path, _, self.verb = name.rpartition(".")
        #: Arguments that our operation does not have.
        self.more = frozenset(more.split())
        #: The model of the reply, where the API describes the same object twice.
        self.model = model
        #: The names of our arguments, if a body of several kinds is one of them: there its keys are arguments.
        self.beside_body: frozenset[str] | None = None
        #: The names of the parameters in the path, and whether all replies are streams: known with the operation.
        self.path_names: tuple[str, ...] = ()
        self.streams_only = False
        self._operation: Any = None
        self._specs: dict[bool, ReplySpec] = {}

    @property
    def operation(self) -> Any:
        """Our operation, imported with the first call."""
        found = self._operation
        if found is None:
            module, _, verb = self.ours.rpartition(".")
            found = getattr(import_module(f"sdk.api.{module}"), verb).unwarned()  # what is deprecated there, warns
            self.path_names = tuple(part.partition("}")[0] for part in found.path.split("{")[1:])
            code = found.__wrapped__.__code__
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            self.beside_body = frozenset(names) | OPTION_NAMES if "body" in names else None
            self.streams_only = isinstance(found, OnlyStreamingOperation)
            self._operation = found
        return found

    @property
    def paged(self) -> bool:
        """Whether the reply is a page of a list."""
        return self.kind not in ("", "binary", "text")

    def spec(self, given: EndpointSpec, *, asynchronous: bool) -> EndpointSpec:
        """Return the spec of the operation that reads replies as the models here."""
        found = self._specs.get(asynchronous)
        if found is None:
            page = ("Async" if asynchronous else "Sync") + self.kind if self.paged else ""
            found = self._specs[asynchronous] = ReplySpec(given, page, self.model)
        return found


class ReplySpec(EndpointSpec):
    """The spec of an operation, whose replies are the models of this room."""

    __slots__ = ("_page",)

    def __init__(self, spec: EndpointSpec, page: str, model: str) -> None:
        for name in EndpointSpec.__slots__:
            setattr(self, name, getattr(spec, name))
        self._page, self.reply = page, model or spec.reply

    def model(self, name: str) -> Any:
        """Return the class of a reply by the name of its model."""
        if not name:
            return object
        if self._page:
            from .pages import page_class

            return page_class(self._page, name)
        from . import replies

        return getattr(replies, name)


def table(name: str) -> list[str]:
    """Return the lines of a file of this room, without its comments."""
    loader: Any = __loader__  # type: ignore[name-defined]  # which also reads from an archive
    text = loader.get_data(__file__.removesuffix("table.py") + name).decode()
    return [line for line in text.splitlines() if line[:1] != "#"]


@cache
def methods() -> dict[str, dict[str, Method]]:
    """Return the methods of each resource: path of the resource → name → method."""
    found: dict[str, dict[str, Method]] = {}
    for line in table("methods.tsv"):
        if line:
            name, ours, kind, more, model = line.split("\t")
            path, _, verb = name.rpartition(".")
            found.setdefault(path, {})[verb] = Method(name, ours, kind, more, model)
    return found


@cache
def children() -> dict[str, tuple[str, ...]]:
    """Return the names of the resources inside each resource; those of the client are at ""."""
    found: dict[str, dict[str, None]] = {"": {}}
    for path in (*methods(), "beta.chat.completions"):
        parent = ""
        for part in path.split("."):
            found.setdefault(parent, {})[part] = None
            parent = f"{parent}.{part}" if parent else part
    return {parent: tuple(names) for parent, names in found.items()}
