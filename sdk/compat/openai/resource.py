"""The resources of a client: a class for each, made from the table of methods with its first use."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property, update_wrapper
from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any

from .table import Method, children, methods

if TYPE_CHECKING:
    from inspect import Signature

    from .pages import AsyncPaginator


_WAITING = ("create_and_poll", "poll")
#: The helpers of resources: the module that has them, and their names. It is imported with the first use of one.
HELPERS: dict[str, tuple[str, ...]] = {
    "chat.completions": ("chat", "parse", "stream"),
    "beta.chat.completions": ("chat", "create", "parse", "stream"),
    "responses": ("responses", "parse", "stream"),
    "beta.responses": ("responses", "parse", "stream"),
    "beta.threads": ("runs", "create_and_run_poll", "create_and_run_stream"),
    "beta.threads.runs": (
        *("runs", *_WAITING, "create_and_stream", "stream", "submit_tool_outputs_and_poll"),
        "submit_tool_outputs_stream",
    ),
    "vector_stores.files": ("polling", *_WAITING, "upload", "upload_and_poll"),
    "vector_stores.file_batches": ("polling", *_WAITING, "upload_and_poll"),
    "videos": ("polling", *_WAITING),
    "files": ("polling", "wait_for_processing"),
    "uploads": ("files", "upload_file_chunked"),
    "webhooks": ("webhooks", "unwrap", "verify_signature"),
}

#: The resources of a client, which `table` has, too: they are attributes of its class, where mocks look.
RESOURCES = (
    *("admin", "audio", "batches", "beta", "chat", "completions", "containers", "content_provenance_checks"),
    *("conversations", "decisions", "embeddings", "evals", "files", "fine_tuning", "images", "live", "models"),
    *("moderations", "realtime", "responses", "safety", "skills", "uploads", "vector_stores", "videos"),
    "webhooks",
)

#: What `connect` is in the SDK: the face opens no WebSockets.
_SOCKETS = ": sdk.Client() opens WebSockets, such as sdk.Client().realtime.connect.sync(...)"


class LazyResource:
    """A resource of a client, made with its first use. To the class it is this object."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, client: Any, cls: type) -> Any:
        if client is None:
            return self
        found = client.__dict__[self._name] = resource_class(self._name, asynchronous=client._asynchronous)(client)
        return found


class BaseResource:
    """The methods and inner resources below one name of a client."""

    #: The path of the resource, and whether its client is async.
    _path = ""
    _asynchronous = False

    def __init__(self, client: Any) -> None:
        self._client = client

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in children().get(self._path, ()) and not name.startswith("_"):
                path = f"{self._path}.{name}"
                found = self.__dict__[name] = resource_class(path, asynchronous=self._asynchronous)(self._client)
                return found
            if name in HELPERS.get(self._path, ("",))[1:]:
                module = import_module(f".helpers.{HELPERS[self._path][0]}", __package__)
                for helper, function in module.helpers(self._path, asynchronous=self._asynchronous).items():
                    setattr(type(self), helper, _shown_helper(self._path, helper, function))
                return getattr(self, name)
            hint = _SOCKETS if name == "connect" else ""
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}{hint}")

    @cached_property
    def with_raw_response(self) -> Any:
        """The same methods, which return the response, whose `parse()` is the reply."""
        return ResponseForm(self, "raw")

    @cached_property
    def with_streaming_response(self) -> Any:
        """The same methods, which return the response within a `with` block."""
        return ResponseForm(self, "streaming")

    def __dir__(self) -> list[str]:
        for cls in type(self).__mro__:  # who looks around may read the docstrings next
            for member in vars(cls).values():
                if isinstance(shown := getattr(member, "__wrapped__", None), Shown):
                    shown.describe()
        return sorted({*super().__dir__(), *children().get(self._path, ()), *HELPERS.get(self._path, ())[1:]})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._path}>"


class SyncAPIResource(BaseResource):
    """A resource of a client that blocks."""


class AsyncAPIResource(BaseResource):
    """A resource of a client for coroutines."""

    _asynchronous = True


class ResponseForm:
    """The methods of a resource in the form that returns the response."""

    def __init__(self, resource: Any, form: str) -> None:
        self._resource, self._form = resource, form

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            found = getattr(self._resource, name)
            if isinstance(found, BaseResource):
                return ResponseForm(found, self._form)
            form = getattr(getattr(found, "__func__", None), "form", None)
            if form is None:
                raise AttributeError(f"{self._resource!r} has no response of {name!r}")
            found = self.__dict__[name] = form(self._resource, self._form)
            return found

    else:

        def __getattr__(self, name: str) -> Any: ...


class Shown:
    """What `inspect` finds behind a function, as its `__wrapped__`: the signature, made with its first use."""

    __globals__ = globals()  # for typing.get_type_hints

    def __init__(self, function: Any, method: Method, *, asynchronous: bool, form: str = "") -> None:
        self._function, self._method, self._asynchronous, self._form = function, method, asynchronous, form

    @cached_property
    def __signature__(self) -> Signature:
        from .signatures import signature_of

        self.describe()  # `help` reads the signature, and then the docstring
        return signature_of(self._method, asynchronous=self._asynchronous, form=self._form)

    def describe(self) -> None:
        """Give the function the docstring of our operation."""
        from .signatures import doc_of

        if self._function is not None:
            self._function.__doc__ = doc_of(self._method)


@cache
def _shown_form(method: Method, asynchronous: bool, form: str) -> Shown:
    """Return what `inspect` finds behind the functions of one form: each access makes a function of its own."""
    return Shown(None, method, asynchronous=asynchronous, form=form)


class ShownHelper:
    """What `inspect` finds behind a helper: its own arguments, and those of the method that it calls."""

    def __init__(self, name: str, function: Any, method: Method) -> None:
        self._name, self._function, self._method = name, function, method
        self.__globals__ = function.__globals__

    @cached_property
    def __signature__(self) -> Signature:
        from .signatures import helper_signature_of

        return helper_signature_of(self._name, self._function, self._method)


def _shown_helper(path: str, name: str, function: Any) -> Any:
    """Return a helper for one resource, if it takes the arguments of a method: several have the same function."""
    from inspect import CO_VARKEYWORDS  # here: an import of the clients does without

    own = methods().get(path) or methods().get(path.removeprefix("beta."), {})
    called = "retrieve" if name == "poll" else name
    for end in ("_and_poll", "_and_stream", "_poll", "_stream"):
        called = called.removesuffix(end)
    method = own.get(called) or own.get("create")
    if method is None or path == "uploads" or not function.__code__.co_flags & CO_VARKEYWORDS:
        return function
    copied: Any = FunctionType(
        function.__code__, function.__globals__, name, function.__defaults__, function.__closure__
    )
    copied.__kwdefaults__ = function.__kwdefaults__
    update_wrapper(copied, function)
    copied.__wrapped__ = ShownHelper(name, function, method)
    copied.__name__, copied.__qualname__ = name, f"{class_name(path)}.{name}"
    return copied


def class_name(path: str) -> str:
    """Return the name of a resource's class."""
    return "".join(part.capitalize() for part in path.rpartition(".")[2].split("_"))


@cache
def resource_class(path: str, *, asynchronous: bool) -> Any:
    """Return the class of a resource."""
    scope: dict[str, Any] = {"_path": path, "__module__": f"{__package__}.resources.{path}"}
    for verb, method in methods().get(path, {}).items():
        scope[verb] = _function(method, asynchronous=asynchronous)
    name = ("Async" if asynchronous else "") + class_name(path)
    return type(name, (AsyncAPIResource if asynchronous else SyncAPIResource,), scope)


def _function(method: Method, *, asynchronous: bool) -> Callable[..., Any]:
    from .calling import acall, call  # here: neither an import nor a client needs it

    function: Any
    if asynchronous and method.paged:

        def paged(self: BaseResource, *args: Any, **kwargs: Any) -> AsyncPaginator[Any]:
            from .calling import acall
            from .pages import AsyncPaginator

            return AsyncPaginator(lambda: acall(self._client, method, args, kwargs))

        function = paged
    elif asynchronous:

        async def asynchronous_method(self: BaseResource, *args: Any, **kwargs: Any) -> Any:
            return await acall(self._client, method, args, kwargs)

        function = asynchronous_method
    else:

        def blocking(self: BaseResource, *args: Any, **kwargs: Any) -> Any:
            return call(self._client, method, args, kwargs)

        function = blocking
    function.__name__, function.__qualname__ = method.verb, f"{class_name(method.path)}.{method.verb}"
    function.__wrapped__ = Shown(function, method, asynchronous=asynchronous)
    function.__doc__ = f"Call `{method.ours}` of the SDK: help(sdk.api.{method.ours}) lists the arguments."
    function.form = lambda resource, form: _in_form(resource._client, method, form)
    return function  # type: ignore[no-any-return]


def _in_form(client: Any, method: Method, form: str) -> Callable[..., Any]:
    """Return the method that returns the response, or what is entered for it."""
    from . import raw
    from .calling import acall, call

    asynchronous = client._asynchronous
    caller: Any = acall if asynchronous else call
    function: Any
    if form == "streaming":
        manager: Any = raw.AsyncResponseContextManager if asynchronous else raw.ResponseContextManager

        def entered(*args: Any, **kwargs: Any) -> Any:
            return manager(lambda: caller(client, method, args, kwargs, form))

        function = entered
    elif asynchronous:

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            return await acall(client, method, args, kwargs, form)

        function = awaited
    else:

        def blocking(*args: Any, **kwargs: Any) -> Any:
            return call(client, method, args, kwargs, form)

        function = blocking
    function.__name__ = method.verb
    function.__wrapped__ = _shown_form(method, asynchronous, form)
    return function  # type: ignore[no-any-return]
