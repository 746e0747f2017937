"""A token that its source renews: fetched once for all threads and tasks that need it."""

from __future__ import annotations

import copy
import time
from collections.abc import Generator
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import CredentialError
from ..errors.redact import Redacted
from ..runtime.event_loop import on_asyncio, on_trio
from ..runtime.fork import register_after_fork
from ..runtime.waiters import ThreadWaiter, task_waiter
from .clock import clock_hint
from .keys import check_key
from .token_state import Token, TokenState

if TYPE_CHECKING:
    from ..effects import Ask
    from ..errors import APIError
    from ..options.resolve import Options
    from .protocol import Outgoing


class TokenSource(Protocol):
    """Where tokens come from. `limit` are the seconds that the caller has; None is no limit."""

    def fetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token. Raises CredentialError; `options` are those of the client that calls."""

    async def afetch(self, options: Options, limit: float | None) -> Token:
        """Return a new token to a coroutine; see `fetch`."""


class Credential:
    """Send a token of a source in the Authorization header, and renew it before its end and after a 401.

    One caller fetches the token; the other threads, and the tasks of all event loops, wait for it or use the old one.
    A source that failed is not asked again for 1 to 30 seconds; calls that need it until then raise its error.
    """

    def __init__(self, source: TokenSource, *, early: float = 300.0) -> None:
        self._source, self._early = source, early
        self.after_fork()
        register_after_fork(self)

    def after_fork(self) -> None:
        """Begin again: what fetches the token may be a thread of the parent process."""
        self._state = TokenState(self._early)
        self._failure: CredentialError | None = None
        self._lock = Lock()
        self._waiting: list[Any] = []

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Set the Authorization header, unless the user gave it. Raises CredentialError."""
        value = self._state.fresh(time.monotonic())
        if value is None:
            arguments = outgoing.options, outgoing.remaining()
            try:
                value = yield from outgoing.ask(partial(self.token, *arguments), partial(self.atoken, *arguments))
            except CredentialError as error:
                error.request = outgoing.info
                raise
        outgoing.keys += (value,)
        if "authorization" not in outgoing.headers:
            outgoing.headers["authorization"] = ("Authorization", Redacted(f"Bearer {value}"))

    def renew(self, outgoing: Outgoing, error: APIError) -> bool:
        """Drop the token that the server refused; return whether another attempt gets another one."""
        if error.status_code != 401 or not _is_sent(outgoing):
            return False
        with self._lock:
            return self._state.refused(outgoing.keys[-1], time.monotonic())

    def explain(self, outgoing: Outgoing, error: APIError) -> str | None:
        """Return what may be wrong with a token that was fetched as it should be."""
        if error.status_code == 404 or not _is_sent(outgoing):
            return None
        return clock_hint(error.headers, time.time()) or (
            f"The token comes from {self._source!r}: check that it is for this server (its scope, its audience), and "
            "what its identity may do."
        )

    def token(self, options: Options, limit: float | None) -> str:
        """Return the token, fetched if it has to be. Raises CredentialError, TimeoutError after `limit` seconds."""
        until = None if limit is None else time.monotonic() + limit
        while True:
            waiter = ThreadWaiter()
            action, value = self._decide(waiter)
            if action == "use":
                return value
            if action == "fetch" or (action == "wait" and _blocks_a_loop()):
                asked = time.monotonic()
                result: Token | CredentialError | None = None
                try:
                    result = _checked(self._source.fetch(options, limit))
                except CredentialError as error:
                    result = error
                finally:
                    self._settle(asked, result)
            else:
                waiter.wait(None if until is None else until - time.monotonic())

    async def atoken(self, options: Options, limit: float | None) -> str:
        """Return the token to a coroutine; see `token`."""
        until = None if limit is None else time.monotonic() + limit
        while True:
            waiter = task_waiter()
            action, value = self._decide(waiter)
            if action == "use":
                return value
            if action == "fetch":
                asked = time.monotonic()
                result: Token | CredentialError | None = None
                try:
                    result = _checked(await self._source.afetch(options, limit))
                except CredentialError as error:
                    result = error
                finally:
                    self._settle(asked, result)
            else:
                await waiter.wait(None if until is None else until - time.monotonic())

    def _decide(self, waiter: Any) -> tuple[str, str]:
        """Return what the caller does; a caller that waits is woken by `waiter`."""
        with self._lock:
            action, value = self._state.decide(time.monotonic())
            if action == "wait":
                self._waiting.append(waiter)
            failure = self._failure
        if action == "fail" and failure is not None:
            error = copy.copy(failure)  # each caller gets a traceback of its own
            error.__cause__ = failure.__cause__
            raise error
        return action, value

    def _settle(self, asked: float, result: Token | CredentialError | None) -> None:
        """Note what the source gave, None if the caller was interrupted, and wake those who wait."""
        with self._lock:
            if isinstance(result, Token):
                self._state.fetched(result, asked)
                self._failure = None
            elif result is None:
                self._state.abandoned()
            else:
                pause = self._state.failed(time.monotonic(), result.retry_after)
                self._failure = result.with_traceback(None)
                self._failure.hint = _told(result.hint, pause)
            waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            waiter.grant()

    def __copy__(self) -> Credential:
        return self

    def __deepcopy__(self, memo: object) -> Credential:
        return self  # the token and those who wait for it are shared, not copied

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._source!r}>"


def _blocks_a_loop() -> bool:
    """Return whether a blocking call holds up an event loop, of which the task may be that it would wait for."""
    return on_asyncio() or on_trio()


def _is_sent(outgoing: Outgoing) -> bool:
    """Return whether the request has the token, and not a header of the user's."""
    return bool(outgoing.keys) and outgoing.headers["authorization"][1] == f"Bearer {outgoing.keys[-1]}"


def _checked(token: Token) -> Token:
    return token._replace(value=Redacted(check_key(token.value, "the token of the source")))


def _told(hint: str | None, pause: float) -> str:
    again = f"The source is asked again after {pause:.3g} s at the earliest."
    return f"{hint.rstrip('.')}. {again}" if hint else again
