"""Frames of ours lose their variables; the lines stay, and so do frames of users."""

from __future__ import annotations

import traceback
from types import CodeType
from typing import Any

import pytest

from sdk._core.errors.variables import hide_variables

#: A function of a module of ours that has a secret, and calls what it is given.
_CODE: CodeType = compile("def frame(call):\n    secret = 'secret'\n    return call()", "module", "exec")


def _frame(module: str) -> Any:
    scope: dict[str, Any] = {"__name__": module}
    exec(_CODE, scope)
    return scope["frame"]


def _raise() -> None:
    raise KeyError("mine")


def _shown(error: BaseException) -> str:
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


@pytest.mark.parametrize(
    ("module", "kept"),
    [
        ("sdk", False),
        ("sdk.api.chat", False),
        ("httpx._client", False),
        ("h11", False),
        ("sdkfoo", True),
        ("mine", True),
    ],
)
def test_frames_by_module(module: str, kept: bool) -> None:
    """Our own frames, and those of libraries that see a request, are cleared; others are not."""
    with pytest.raises(KeyError) as caught:
        _frame(module)(_raise)
    hide_variables(caught.value)
    shown = _shown(caught.value)
    assert ("secret = 'secret'" in shown) is kept
    assert "line 3, in frame" in shown


def test_causes_contexts_and_groups() -> None:
    """The whole chain is cleared, were it a circle."""

    def chained() -> None:
        try:
            _frame("sdk.a")(_raise)
        except KeyError as first:
            try:
                _frame("sdk.b")(_raise)
            except KeyError as second:
                group = ExceptionGroup("both", [first, second])
                first.__context__ = group
                raise ValueError("last") from group

    with pytest.raises(ValueError, match="last") as caught:
        _frame("sdk.c")(chained)
    hide_variables(caught.value)
    shown = _shown(caught.value)
    assert "secret = 'secret'" not in shown


def test_a_frame_that_runs_goes_on() -> None:
    """What still runs keeps its variables, and works."""
    found = []

    def inside() -> None:
        try:
            _raise()
        except KeyError as error:
            hide_variables(error)
        found.append("went on")

    _frame("sdk")(inside)
    assert found == ["went on"]
