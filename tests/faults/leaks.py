"""Where a secret shows in an error: in what it prints, holds and pickles, and in the variables of its tracebacks."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

_LIBRARIES = ("sdk", "h11", "h2", "httpcore", "httpx", "socksio")


def leaks(error: BaseException, *secrets: str) -> list[str]:
    """Return the places of an error that show one of the secrets, as it is or as it stands in a URL."""
    wanted = {*secrets, *map(quote_plus, secrets)}
    return [place for place, text in _places(error) if any(secret in text for secret in wanted)]


def _places(error: BaseException) -> Iterator[tuple[str, str]]:
    for one in _chain(error):
        name = type(one).__name__
        yield f"{name} str", str(one)
        yield f"{name} repr", repr(one)
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if frame.f_globals.get("__name__", "").partition(".")[0] in _LIBRARIES:
                for variable, value in frame.f_locals.items():
                    yield f"{frame.f_code.co_qualname}: {variable}", _shown(value)
    yield "vars", repr(vars(error))
    yield "pickle", pickle.dumps(error).decode("latin-1")
    for attempt in getattr(error, "attempts", ()):
        if attempt.error is not None:
            yield from ((f"attempt, {place}", text) for place, text in _places(attempt.error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and not any(one is other for other in seen):
            seen.append(one)
            waiting += [one.__cause__, one.__context__]
            yield one


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except Exception as unreadable:  # of an object that is half made
        return type(unreadable).__name__
