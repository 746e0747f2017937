"""The options of a run, checked before anything is read or sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..._core.errors import RequestError
from ..._core.operation import Operation
from ..._core.operation.facts import operation_of, spec_of
from ..._core.validators import number_problem
from .failures import path_beside

if TYPE_CHECKING:
    from ..._core.options.typed import AnyClient
    from ..usage import Budget, Prices


class RunOptions(TypedDict, total=False):
    """The options of `run` and `arun`."""

    client: AnyClient | None
    concurrency: int
    template: str | Mapping[str, Any] | None
    arguments: Mapping[str, Any]
    parse: Any
    repairs: int
    limit: int | None
    retry_errors: bool
    tokens: int | None
    seconds: float | None
    budget: Budget | None
    prices: Prices | None
    progress: bool | Callable[[str], object]
    via: Literal["batch"] | None
    engine: Literal["ray", "dask"] | None
    address: str | None
    workers: int
    batch: Mapping[str, Any]


class Plan:
    """A run as it was asked for: source, target, operation, and options with their defaults."""

    def __init__(self, source: Any, target: Any, operation: Any, options: RunOptions, *, dry_run: bool) -> None:
        unknown = options.keys() - RunOptions.__annotations__.keys()
        if unknown:
            raise TypeError(f"run() takes no argument {', '.join(sorted(unknown))}")
        if not isinstance(target, str | os.PathLike):
            raise TypeError(f"target must be a path, not {type(target).__name__}")
        self.source, self.target = source, Path(target)
        self.operation = named_operation(operation).unwarned()  # what a file says gives no warning
        self.client = options.get("client")
        self.concurrency: int = options.get("concurrency", 64)
        self.template, self.arguments = options.get("template"), options.get("arguments") or {}
        self.parse, self.repairs = options.get("parse"), options.get("repairs", 0)
        self.limit, self.tokens, self.seconds = options.get("limit"), options.get("tokens"), options.get("seconds")
        self.dry_run, self.retry_errors = dry_run, options.get("retry_errors", False)
        self.budget = options.get("budget")
        self.prices = options.get("prices") or (None if self.budget is None else self.budget.prices)
        self.progress = options.get("progress", False)
        self.via, self.engine, self.address = options.get("via"), options.get("engine"), options.get("address")
        self.workers: int = options.get("workers", 2)
        self.batch = options.get("batch") or {}
        self._check()

    def _check(self) -> None:
        for name, least in (("limit", 0), ("tokens", 1), ("seconds", 0), ("workers", 1)):
            value, whole = getattr(self, name), name != "seconds"
            if value is not None and (problem := number_problem(value, whole=whole, least=least)) is not None:
                raise RequestError(f"{name} {problem}")
        if not isinstance(self.template, str | Mapping | None):
            raise RequestError(f"template must be a str or a mapping, not {type(self.template).__name__}")
        if spec_of(self.operation).reply_kind != "json":
            raise RequestError(f"{self.operation.name} does not reply with JSON, of which the target consists")
        if isinstance(self.source, str | os.PathLike):
            for path, what in ((self.target, "target"), (path_beside(self.target), "file of errors")):
                if _same(Path(self.source), path):
                    raise RequestError(f"{self.source} is the source and the {what}; choose another target")
        if self.via not in (None, "batch"):
            raise RequestError(f'via= is "batch" or None, not {self.via!r}')
        if self.engine not in (None, "ray", "dask"):
            raise RequestError(f'engine= is "ray", "dask" or None, not {self.engine!r}')
        if self.via is not None and self.engine is not None:
            raise RequestError("via= and engine= do not go together: a batch runs on the server")


def _same(one: Path, other: Path) -> bool:
    """Return whether two paths lead to the same file, by links too."""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return one.absolute() == other.absolute()


def named_operation(operation: Any) -> Operation[..., Any]:
    """Return an operation: one as it is, or by its name, such as "responses.create"; None is that of chats."""
    known = operation_of(operation)
    if known is not None:
        return known
    if not isinstance(operation, str | None):
        raise TypeError(f'operation must be an endpoint or its name, such as "chat.create"; not {operation!r}')
    from ...api._resources import Resources

    found: Any = Resources()
    name = operation or "chat.create"
    path: list[str] = []
    for part in name.split("."):
        if isinstance(found, Operation) or part not in dir(found):
            raise _no_operation(name, path, found)
        found = getattr(found, part)
        path.append(part)
    if not isinstance(found, Operation):
        raise _no_operation(name, path, found)
    return found.bind(None)


def _no_operation(name: str, path: list[str], found: Any) -> RequestError:
    """Return the error for a name, `found` being the last object on its path that exists."""
    here = ".".join(path) or "the API"
    if isinstance(found, Operation):
        return RequestError(f"there is no operation {name!r}; {here} is one")
    names = [known for known in dir(found) if not known.startswith("_")]
    return RequestError(f"there is no operation {name!r}; {here} has {', '.join(names)}")
