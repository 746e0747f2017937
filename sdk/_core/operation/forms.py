"""Forms of operations, such as `sync`: called like methods, they show the arguments of their operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from inspect import Signature

F = TypeVar("F", bound=Callable[..., Any])


class Form(partial[Any]):
    # One form of one operation. `inspect.signature`, `help` and IPython read these properties; a call reads none.
    # A class attribute takes the place of the docstring here.

    @property
    def __signature__(self) -> Signature:
        """The arguments of the operation, and the result of the form."""
        from .signatures import signature_of

        return signature_of(self.args[0], self.func)

    @property
    def __doc__(self) -> str:  # type: ignore[override]  # each form has its own
        """The docstring of the operation, then what the form does."""
        from .signatures import documentation_of

        return documentation_of(self.args[0], self.func)

    @property
    def __name__(self) -> str:
        """The name of the form."""
        return self.func.__name__

    def __get__(self, instance: Any, owner: Any = None) -> Form:
        """Return the form: what has this method and no `__set__` is a routine for `help`."""
        return self

    def __repr__(self) -> str:
        return f"<{self.func.__name__} of {self.args[0]!r}>"


if TYPE_CHECKING:

    def form(method: F) -> F: ...

else:

    class form:
        """Turn a method into a form. The first use makes the form of an operation, and later uses find it there."""

        __slots__ = ("_method",)

        def __init__(self, method: Callable[..., Any]) -> None:
            self._method = method

        def __get__(self, operation: Any, owner: Any = None) -> Any:
            if operation is None:
                return self._method
            name = self._method.__name__
            made = operation.__dict__[name] = Form(self._method, operation)
            made.__module__, made.__qualname__ = operation.__module__, f"{operation.name}.{name}"
            return made
