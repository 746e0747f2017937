"""A resource of a client: the operations of one module of the api package, bound to the client."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import Operation


class Resource:
    """The operations and inner resources below one name. Each is bound with the first access."""

    def __init__(self, client: Any, module: str) -> None:
        self._client, self._module = client, import_module(module)
        self.__doc__ = self._module.__doc__  # for help(client.files)

    if not TYPE_CHECKING:  # the stub of a client lists every resource, and type checkers refuse what it does not list

        def __getattr__(self, name: str) -> Any:
            if not name.startswith("_"):
                found = getattr(self._module, name, None)
                if isinstance(found, Operation):
                    found = found.bind(self._client)
                elif getattr(found, "__name__", "") == f"{self._module.__name__}.{name}":
                    found = Resource(self._client, f"{self._module.__name__}.{name}")
                else:
                    found = None
                if found is not None:
                    self.__dict__[name] = found
                    return found
            from .usage_errors import missing_operation

            raise missing_operation(repr(self), self._module.__name__, name, lambda: dir(self))

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            raise TypeError(
                f"{self!r} is a resource and cannot be called; call one of its endpoints: {', '.join(dir(self))}"
            )

    def __dir__(self) -> list[str]:
        return [n for n, v in vars(self._module).items() if isinstance(v, Operation)] + _children(self._module)

    def __repr__(self) -> str:
        return f"<{self._module.__name__.partition('.api.')[2]}>"


def missing_resource(client: Any, name: str) -> AttributeError:
    """Return the error for a name that a client does not have."""
    from ..hints import MissingName, hint

    problem, service = f"{type(client).__name__!r} has no attribute {name!r}", type(client)._service
    return MissingName(problem, name, lambda: hint(service, "path", name, dir(client)))


def _children(module: Any) -> list[str]:
    from pkgutil import iter_modules

    return [m.name for m in iter_modules(getattr(module, "__path__", []))]
