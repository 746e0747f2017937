"""Forms of operations, such as `sync`: called like methods, they show the arguments of their operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from inspect import Signature

F = TypeVar("F", bound=Callable[..., Any])


class Form:
    # One form of one operation. `inspect.signature`, `help` and IPython read these properties; a call reads none.
    # A class attribute takes the place of the docstring here.
    __slots__ = ("__dict__", "__weakref__", "_call")

    def __init__(self, method: Callable[..., Any], operation: Any) -> None:
        self._method, self._operation = method, operation
        self._call = partial(method, operation)
        self._call.__wrapped__ = self  # type: ignore[attr-defined]  # it has the signature of the form
        self.__module__, self.__qualname__ = operation.__module__, f"{operation.name}.{method.__name__}"

    @property
    def __signature__(self) -> Signature:
        """The arguments of the operation, and the result of the form."""
        from .signatures import signature_of

        return signature_of(self._operation, self._method)

    @property
    def __doc__(self) -> str:  # type: ignore[override]  # each form has its own
        """The docstring of the operation, then what the form does."""
        from .signatures import documentation_of

        return documentation_of(self._operation, self._method)

    def __getattr__(self, name: str) -> Any:
        """Return what a function has, such as the flags of a coroutine function in `__code__`."""
        return getattr(object.__getattribute__(self, "_method"), name)

    def __get__(self, instance: Any, owner: Any = None) -> Form:
        """Return the form: what has this method and no `__set__` is a routine for `help`."""
        return self

    def __repr__(self) -> str:
        return f"<{self._method.__name__} of {self._operation!r}>"


def operation_of_form(form: Form) -> Any:
    """Return the operation of a form."""
    return form._operation


# The value of a slot is found and called without a frame of Python's.
Form.__call__ = vars(Form)["_call"]  # type: ignore[method-assign]


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
            made = operation.__dict__[self._method.__name__] = Form(self._method, operation)
            return made
