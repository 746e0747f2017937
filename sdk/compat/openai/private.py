"""Names of private modules of the official package that programs import: types, and small functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict, TypeGuard, TypeVar

from . import __version__ as __version__

VERSION, __title__ = __version__, "openai"
RAW_RESPONSE_HEADER = "X-Stainless-Raw-Response"
ModelT = TypeVar("ModelT")
NoneType = type(None)
Body = object
Headers = Query = Mapping[str, Any]
FileTypes = RequestFiles = Omittable = Any
AzureADTokenProvider = AsyncAzureADTokenProvider = Callable[[], Any]


class RequestOptions(TypedDict, total=False):
    """The options of a call of `client.request`."""

    headers: Mapping[str, Any]
    max_retries: int
    timeout: Any
    params: Mapping[str, Any]
    extra_json: Mapping[str, Any]
    idempotency_key: str


class FinalRequestOptions:
    """The options of a request. Programs name it in annotations."""


def is_dict(value: object) -> TypeGuard[dict[Any, Any]]:
    """Return whether a value is a dict."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Return whether a value is a list."""
    return isinstance(value, list)


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a value is a mapping."""
    return isinstance(value, Mapping)


def maybe_transform(data: Any, expected_type: Any) -> Any:
    """Return arguments as they are: the SDK encodes them."""
    return data


async def async_maybe_transform(data: Any, expected_type: Any) -> Any:
    """Return arguments as they are; see `maybe_transform`."""
    return data


def required_args(*_: Any) -> Callable[[Any], Any]:
    """Return a decorator that changes nothing."""
    return lambda function: function


def assert_signatures_in_sync(source: Any, check: Any, *, exclude_params: Any = frozenset()) -> None:
    """Assert that a function has the parameters of another."""
    from inspect import signature

    taken = signature(check).parameters
    if any(one.kind is one.VAR_KEYWORD for one in taken.values()):
        return
    missing = signature(source).parameters.keys() - taken.keys() - set(exclude_params)
    if missing:
        raise AssertionError(f"{check} has no parameter {', '.join(sorted(missing))}")


def __getattr__(name: str) -> Any:
    if name == "is_given":
        from .sentinels import is_given

        return is_given
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
