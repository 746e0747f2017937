"""`assert_matches_type` for our models: they are what the type says, and so is what lies in a page or a list."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from typing import Any, get_args, get_origin

from sdk.compat.openai import BaseModel


def assert_matches_type(type_: Any, value: object, *, path: list[str], allow_none: bool = False) -> None:
    """Assert that a value is of a type."""
    if allow_none and value is None:
        return
    origin, parts = get_origin(type_), get_args(type_)
    if origin is typing.Annotated:
        assert_matches_type(parts[0], value, path=path)
    elif origin in (typing.Union, types.UnionType):
        assert any(_fits(part, value, path) for part in parts), f"{type(value)} is none of {parts}"
    elif origin is typing.Literal:
        assert value in parts
    elif isinstance(origin, type) and issubclass(origin, BaseModel):
        assert isinstance(value, origin)
        page: Any = value
        for number, item in enumerate(page._get_page_items()):
            assert_matches_type(parts[0], item, path=[*path, str(number)])
    elif isinstance(origin, type) and issubclass(origin, dict):
        assert isinstance(value, dict)
        for inner in value.values():
            assert_matches_type(parts[1], inner, path=path)
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        assert isinstance(value, list)
        for number, item in enumerate(value):
            assert_matches_type(parts[0], item, path=[*path, str(number)])
    elif type_ is None:
        assert value is None
    elif type_ not in (object, Any):
        assert isinstance(value, type_), f"{type(value)} is no {type_}"


def _fits(type_: Any, value: object, path: list[str]) -> bool:
    try:
        assert_matches_type(type_, value, path=path)
    except AssertionError:
        return False
    return True
