"""Errors about names that do not exist: they say which name was meant, or what another package's name is called here.

A hint is made when its error is shown, since programs ask for attributes that may be missing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib.machinery import PathFinder
from typing import Any

from .lazy import resolve
from .public import ROOT


class MissingName(AttributeError):
    """An attribute that does not exist. Tracebacks show it as the AttributeError that it is."""

    def __init__(self, problem: str, name: str, hint: Callable[[], str]) -> None:
        super().__init__(problem, name=name)
        self._hint = hint

    def __str__(self) -> str:
        return f"{self.args[0]}{self._hint()}"

    def __reduce__(self) -> tuple[Any, ...]:
        return AttributeError, (str(self),)


MissingName.__module__, MissingName.__name__, MissingName.__qualname__ = "builtins", *["AttributeError"] * 2


def hint(service: Any, kind: str, name: str, known: Iterable[str], last: str = "") -> str:
    """Return the end of a message about a name: what to use, else the closest of the names that exist.

    `service` is the record of an API that may know names of another package, or None; `last` is the part of a dotted
    name that people wrote. What to use must be one of the `known` names, if it is a single word.
    """
    names = sorted({name for name in known if not name.startswith("_")})
    suggestion = str(resolve(service.guide)(kind, name)) if service is not None and service.guide else ""
    if suggestion and (suggestion in names or not suggestion.isidentifier()):
        return f": use {suggestion}"
    from difflib import get_close_matches

    close = get_close_matches(last or name, names, 1)
    return f": did you mean {close[0]!r}?" if close else ""


def service_of(module: str) -> Any:
    """Return the record of the API whose package has a generated module, None for another module."""
    for folder in (".api", ".models", ".params"):
        root, found, rest = module.partition(folder)
        if found and rest[:1] in ("", "."):
            return _service(root)
    return None


def _service(root: str) -> Any:
    try:
        return resolve(f"{root}.client:Client")._service
    except ImportError:  # generated folders without a client, as in tests
        return None


def missing_field(model: Any, name: str) -> AttributeError:
    """Return the error for a name that a model does not have."""
    problem, module = f"{type(model).__name__!r} has no attribute {name!r}", type(model).__module__
    return MissingName(problem, name, lambda: hint(service_of(module), "attribute", name, dir(model)))


def no_item(model: Any, key: object) -> TypeError:
    """Return the error for `model[key]`, with which iteration begins, too."""
    cls, names = type(model).__name__, dir(model)
    if isinstance(key, str):
        suggestion = f": use .{key}, or to_dict()[{key!r}]" if key in names else hint(None, "", key, names)
        return TypeError(f"{cls!r} is an object and no dict{suggestion or '; to_dict() is its JSON object'}")
    if "data" in names:
        every = "its items are in .data, and the iter(...) of the operation goes through the items of all pages"
        return TypeError(f"{cls!r} is one page: {every}")
    return TypeError(f"{cls!r} is an object: it has no items, and cannot be iterated; to_dict() is its JSON object")


def missing_in_module(module: str, name: str, known: Iterable[str], depth: int = 3) -> Exception:
    """Return the error for a name that a module does not have, ImportError for `from module import name`.

    `depth` is how many calls lie between the program and this function.
    """
    problem, (_, _, path) = f"module {module!r} has no attribute {name!r}", module.partition(".api")

    def suggestion() -> str:
        service = service_of(module)
        if path or module.endswith(".api"):
            return hint(service, "path", f"{path}.{name}".lstrip("."), known, name)
        if service is None:  # a handwritten module, as `errors` is
            service = _service(ROOT)
        return hint(service, "name", name, known)

    # `from package import name` asks for the attribute, and then says that it cannot import the name and no more.
    importing = sys._getframe(depth).f_globals.get("__name__") == "importlib._bootstrap"
    if (
        importing
        and PathFinder.find_spec(f"{module}.{name}", sys.modules[module].__path__) is None
        and (end := suggestion())
    ):
        return ImportError(f"cannot import name {name!r} from {module!r}{end}", name=module)
    return MissingName(problem, name, suggestion)
