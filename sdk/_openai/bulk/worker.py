"""A worker for clusters: a picklable callable over batches of rows, with its own event loop and no key in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..._core.errors import (
    AuthenticationError,
    BudgetError,
    ClientClosedError,
    ConfigError,
    CredentialError,
    QuotaExceededError,
)
from ..._core.public import expose
from .caller import Caller
from .errors import BulkError
from .identity import name_of
from .lines import LineReader
from .options import named_operation
from .parts import DONE, FAILED, Parts
from .reply_line import failure, success
from .tables import Rows, rows_of

if TYPE_CHECKING:
    from os import PathLike

    from .loop_thread import LoopThread

#: Options of a client that hold no secret, so that they may be pickled.
CLIENT_OPTIONS = frozenset(
    {
        *("api_base", "organization", "project", "user_agent", "timeout", "stall_timeout", "deadline", "pace"),
        *("connect_timeout", "max_retries", "retry_sent", "max_retry_after", "max_response_bytes", "api_key"),
        *("requests_per_minute", "tokens_per_minute"),
    }
)
#: Failures that every other row would meet, too.
_FATAL = (
    *(AuthenticationError, BudgetError, BulkError, ClientClosedError, ConfigError, CredentialError),
    QuotaExceededError,
)


class Worker:
    """Calls an operation with each row of a batch, and returns the batch with the result of each row.

    It goes where clusters want a function of batches: `map_batches` of Ray Data, `map_partitions` of Dask,
    `mapInPandas` of Spark. A batch is a list of rows, a dict of columns, a frame of pandas, or an iterator of these; it
    comes back in the same form, with the columns `custom_id`, `output_text`, `response` (the reply as JSON) and
    `error`, of which those that do not apply are None.

    A pickled worker has no key: each process reads its own from the environment, or from a function given as `api_key`.
    Each process has one event loop and one client.

    Args:
        operation: an endpoint, or its name; by default "chat.create". An operation of a client passes on the options
            that were set, but no credentials.
        template, arguments: see `run`; rows are lines of a source.
        concurrency: calls at once in each process.
        parse, repairs: see `map`.
        parts: a folder that all workers share. Each line is there before its batch comes back, and a batch that is
            computed again, as clusters do with lost ones, makes no call for a row that any worker has written.
        client_options: options of the client but its credentials, such as `api_base` and `requests_per_minute`, which
            are those of one process.
    Raises: ConfigError for a key, which would be pickled; RequestError and TypeError for other wrong arguments.
    """

    def __init__(
        self,
        operation: Any = None,
        *,
        template: str | Mapping[str, Any] | None = None,
        arguments: Mapping[str, Any] | None = None,
        concurrency: int = 16,
        parse: Any = None,
        repairs: int = 0,
        parts: str | PathLike[str] | None = None,
        **client_options: Any,
    ) -> None:
        found = named_operation(operation)
        self._operation = found.name
        self._template, self._arguments = template, dict(arguments or {})
        self._concurrency, self._parse, self._repairs = concurrency, parse, repairs
        self._folder = None if parts is None else str(parts)
        bound = found._client
        self._options = {**({} if bound is None else options_of(bound)), **_checked(client_options)}
        #: The name of this worker and its copies.
        self.name = uuid4().hex
        self._reset()

    def _reset(self) -> None:
        self._loop: LoopThread | None = None
        self._caller: Caller | None = None
        self._parts: Parts | None = None
        self._changed = False

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: no client, no loop, no key."""
        running = ("_loop", "_caller", "_parts", "_changed")
        return {name: value for name, value in self.__dict__.items() if name not in running}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._reset()

    def __call__(self, batch: Any) -> Any:
        """Call the operation with each row of a batch, and return the batch in the same form.

        Raises: what every other row would meet, such as AuthenticationError; any other failure is the `error` of its
        row.
        """
        if isinstance(batch, Iterator):
            return (self(one) for one in batch)
        rows, with_results = rows_of(batch)
        if self._loop is None:
            from .loop_thread import LoopThread

            self._loop = LoopThread()
        return with_results(self._loop.run(self._work(rows)))

    def with_limits(self, requests_per_minute: int | None, tokens_per_minute: int | None) -> None:
        """Change this process's share of the limits; the next batch keeps to it."""
        given = {"requests_per_minute": requests_per_minute, "tokens_per_minute": tokens_per_minute}
        options = {**self._options, **{name: value for name, value in given.items() if value is not None}}
        self._changed = self._changed or options != self._options
        self._options = options

    def close(self) -> None:
        """Close the client and the loop of this process; the next batch makes new ones."""
        if self._parts is not None:
            self._parts.close()
        if self._loop is not None:
            if self._caller is not None:
                self._loop.run(self._caller.aclose())
            self._loop.close()
        self._reset()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    async def _work(self, rows: Rows) -> Rows:
        caller = await self._ready()
        if self._folder is not None:
            self._parts = self._parts or Parts(Path(self._folder))
            self._parts.refresh()
        reader = LineReader(caller.operation, self._template, self._arguments)
        todo = iter(enumerate(rows))
        found: list[dict[str, Any]] = [{} for _ in rows]

        async def work() -> None:
            for index, row in todo:
                found[index] = await self._row(caller, reader, index, row)

        tasks = [asyncio.create_task(work()) for _ in range(min(self._concurrency, len(rows)))]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._parts is not None:
            await asyncio.to_thread(self._parts.sync)
        return found

    async def _row(self, caller: Caller, reader: LineReader, index: int, row: dict[str, Any]) -> dict[str, Any]:
        added: dict[str, Any] = {"custom_id": None, "output_text": None, "response": None, "error": None}
        try:
            request = reader.read(dict(row), f"row {index}", columns=False)
        except BulkError as error:
            return {**added, "error": str(error)}
        name = added["custom_id"] = request.custom_id or name_of(request.body)
        if self._parts is not None and self._parts.has(name):
            return added  # its line is in a part, and it is not paid for twice
        try:
            response = await caller.call(reader.arguments(request.body))
        except _FATAL:
            raise
        except Exception as error:
            if self._parts is not None:
                self._parts.write(FAILED, failure(index, name, error))
            return {**added, "error": str(error)}
        if self._parts is not None:
            self._parts.write(DONE, success(index, name, response))
        reply = getattr(response, "reply", response.parsed)
        text = getattr(reply, "output_text", None)
        return {**added, "output_text": text, "response": response.content.decode("utf-8", "replace")}

    async def _ready(self) -> Caller:
        """Return the caller of this process, with its own client; a new one if its limits have changed."""
        if self._caller is None or self._changed:
            if self._caller is not None:
                await self._caller.aclose()
            operation = named_operation(self._operation).unwarned()
            given = {"parse": self._parse, "repairs": self._repairs}
            self._caller, self._changed = Caller(operation, None, self._concurrency, **given, **self._options), False
        return self._caller

    def __repr__(self) -> str:
        return f"<Worker of {self._operation}, {self._concurrency} calls at once>"


def options_of(client: Any) -> dict[str, Any]:
    """Return the options of a client that were set and may be pickled: no credentials."""
    options = client.options
    found = {name: getattr(options, name) for name in CLIENT_OPTIONS if options.source(name) is not None}
    if not callable(found.get("api_key")):
        found.pop("api_key", None)
    return found


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(options.keys() - CLIENT_OPTIONS)
    if unknown:
        raise TypeError(f"a Worker takes no option {unknown[0]}; it takes {', '.join(sorted(CLIENT_OPTIONS))}")
    if "api_key" in options and not callable(options["api_key"]):
        options.clear()  # error reporters show variables
        raise ConfigError(
            "a Worker is pickled, so it takes no key: set the variable of the key where it runs, or give a function"
        )
    return options


expose(globals(), "bulk", "Worker")
