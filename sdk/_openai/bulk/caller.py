"""Who makes the calls of bulk work: an operation in one of its forms, with a client."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

from ..._core.client.base import BaseClient
from ..._core.errors import APIError, APIResponseError, RequestError
from ..._core.operation import Operation
from ..._core.operation.facts import operation_of, spec_of
from ..._core.operation.streaming import OnlyStreamingOperation
from ..._core.public import ROOT
from ..._core.validators import number_problem
from .repair import repaired
from .row import Result


class Caller:
    """An operation, or a coroutine function that takes the inputs as keywords, and the client of its calls.

    Without a client it makes one whose `max_in_flight` is `concurrency`; for an operation of a client it copies
    that client, and keeps its `max_in_flight` if it was set. `options` are those of a client that is made.
    """

    def __init__(
        self,
        operation: Any,
        client: Any,
        concurrency: int,
        *,
        parse: Any = None,
        repairs: int = 0,
        **options: Any,
    ) -> None:
        operation = operation_of(operation) or operation  # a form, such as `create.sync`, stands for its operation
        _check(operation, client, concurrency, parse, repairs)
        self.concurrency, self._repairs = concurrency, repairs
        self.client, self._owned = _client(operation, client, concurrency, options)
        self.operation = operation.bind(self.client) if isinstance(operation, Operation) else operation
        self._call: Callable[..., Awaitable[Any]]
        if not isinstance(operation, Operation):
            self._call = partial(operation, client=self.client)
        elif parse is None:
            self._call = self.operation.asyncio_detailed
        else:
            form: Any = self.operation
            self._call = partial(form.asyncio_parse_detailed, parse)
        self._plain = isinstance(operation, Operation)
        self._place = spec_of(operation).structured if self._plain else ""

    async def call(self, given: Mapping[str, Any]) -> Any:
        """Call once, and again for an answer that does not fit its type; return the detailed response.

        Raises: what the call raises.
        """
        if not self._repairs:
            return await self._call(**given)
        for left in range(self._repairs, -1, -1):
            try:
                return await self._call(**given)
            except APIResponseError as error:
                again = repaired(self._place, given, error) if left else None
                if again is None:
                    raise
                given = again
        raise AssertionError("unreachable")

    async def result(self, index: int, given: Any) -> Result[Any]:
        """Return what became of one input; an exception of its call is part of it."""
        try:
            if not isinstance(given, Mapping):
                raise RequestError(f"an input must be a mapping of arguments, not {type(given).__name__}")
            found = await self.call(given)
        except Exception as error:
            attempts = error.attempts if isinstance(error, APIError) else ()
            return Result(index=index, input=given, error=error, attempts=attempts)
        if not self._plain:
            return Result(index=index, input=given, reply=found)
        reply = getattr(found, "reply", None)
        if reply is None:
            return Result(index=index, input=given, reply=found.parsed, attempts=found.attempts)
        return Result(index=index, input=given, reply=reply, value=found.parsed, attempts=found.attempts)

    async def aclose(self) -> None:
        """Close the client, if it was made here."""
        if self._owned:
            await self.client.aclose()


def _client(operation: Any, given: Any, concurrency: int, options: dict[str, Any]) -> tuple[Any, bool]:
    """Return the client of the calls, and whether it was made here."""
    bound = getattr(operation, "_client", None)
    if given is None and bound is None:
        root = spec_of(operation).root if isinstance(operation, Operation) else ROOT
        return import_module(f"{root}.client").Client(max_in_flight=concurrency, **options), True
    chosen: Any = bound if given is None else given
    limit = chosen.options.max_in_flight
    if given is None and limit is not None and limit < concurrency and chosen.options.source("max_in_flight") is None:
        return chosen.with_options(max_in_flight=concurrency, **options), True
    if limit is not None and limit < concurrency:
        logging.getLogger(ROOT).warning(
            "bulk: concurrency is %d, but the client lets %d calls run at once (max_in_flight); its number holds",
            concurrency,
            limit,
        )
    return (chosen.with_options(**options), True) if options else (chosen, False)


def _is_coroutine_function(function: Any) -> bool:
    """Return whether a function is one, or an object whose class has `async def __call__`."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(vars(type(function)).get("__call__"))


def _check(operation: Any, client: Any, concurrency: Any, parse: Any, repairs: Any) -> None:
    """Raise for an argument that cannot be used, before anything is sent."""
    if isinstance(operation, OnlyStreamingOperation):
        raise TypeError(f"{operation.name} replies only with a stream of events, which bulk work does not read")
    if not isinstance(operation, Operation) and not _is_coroutine_function(operation):
        raise TypeError(
            "operation must be an endpoint, such as client.chat.create, or a coroutine function that takes client=; "
            f"not {type(operation).__name__}"
        )
    if client is not None and not isinstance(client, BaseClient):
        raise RequestError(f"client= takes a Client of this SDK, not {type(client).__name__}")
    if (problem := number_problem(concurrency, whole=True, least=1)) is not None:
        raise RequestError(f"concurrency {problem}")
    if (problem := number_problem(repairs, whole=True, least=0)) is not None:
        raise RequestError(f"repairs {problem}")
    if parse is not None and not hasattr(type(operation), "asyncio_parse_detailed"):
        raise TypeError(f"{getattr(operation, 'name', 'this function')} has no structured output; leave out parse=")
    if repairs and parse is None:
        raise RequestError("repairs= repeats answers that do not fit a type; it needs parse=")
