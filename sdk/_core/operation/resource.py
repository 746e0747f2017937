"""A resource of a client: the operations of one module of the api package, bound to the client."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any


class Resource:
    """The operations and inner resources below one name. Each is bound with the first access."""

    def __init__(self, client: Any, module: str) -> None:
        self._client, self._module = client, import_module(module)
        self.__doc__ = self._module.__doc__  # for help(client.files)

    if not TYPE_CHECKING:  # the stub of a client lists every resource, and type checkers refuse what it does not list

        def __getattr__(self, name: str) -> Any:
            if not name.startswith("_"):
                found = getattr(self._module, name, None)
                if hasattr(type(found), "bind"):  # an operation, or a WebSocket
                    found = found.bind(self._client)
                elif getattr(found, "__name__", "") == f"{self._module.__name__}.{name}":
                    found = Resource(self._client, f"{self._module.__name__}.{name}")
                else:
                    found = self._method(name)
                if found is not None:
                    self.__dict__[name] = found
                    return found
            from .usage_errors import missing_operation

            raise missing_operation(repr(self), self._module.__name__, name, lambda: dir(self))

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            raise TypeError(
                f"{self!r} is a resource and cannot be called; call one of its endpoints: {', '.join(dir(self))}"
            )

    def _method(self, name: str) -> Any:
        """Return a method that is not an operation, such as an upload of several requests; None if there is none."""
        where = _methods(self._client).get(f"{_name(self._module)}.{name}")
        if where is None:
            return None
        from ..lazy import resolve

        return resolve(where)(self._client)

    def __dir__(self) -> list[str]:
        operations = [n for n, v in vars(self._module).items() if hasattr(type(v), "bind")]
        begin = f"{_name(self._module)}."
        methods = [n.removeprefix(begin) for n in _methods(self._client) if n.startswith(begin)]
        return operations + _children(self._module) + [n for n in methods if "." not in n]

    def __repr__(self) -> str:
        return f"<{_name(self._module)}>"


def _name(module: Any) -> str:
    name: str = module.__name__
    return name.partition(".api.")[2]


def _methods(client: Any) -> Mapping[str, str]:
    """Return the methods of a client's resources that are not operations: "module:class" by dotted name."""
    found: Mapping[str, str] = getattr(client, "_methods", {})
    return found


def missing_resource(client: Any, name: str) -> AttributeError:
    """Return the error for a name that a client does not have."""
    from ..suggestions import MissingName, hint

    problem, service = f"{type(client).__name__!r} has no attribute {name!r}", type(client)._service
    return MissingName(problem, name, lambda: hint(service, "path", name, dir(client)))


def _children(module: Any) -> list[str]:
    from pkgutil import iter_modules

    return [m.name for m in iter_modules(getattr(module, "__path__", []))]
