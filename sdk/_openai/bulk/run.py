"""`run` and `arun`: from a source of lines to a target of results, resumable, within budgets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Literal, overload

import orjson

from ..._core.errors import (
    AuthenticationError,
    BudgetError,
    ClientClosedError,
    ConfigError,
    CredentialError,
    QuotaExceededError,
    RequestError,
)
from ..._core.public import expose
from ..._core.runtime.event_loop import on_trio
from .blocking import run_blocking
from .caller import Caller
from .errors import BulkError, SourceError, TargetError, UnreachableError
from .failures import Failures, path_beside
from .journal import Journal
from .lines import LineReader
from .meter import Meter
from .options import Plan, RunOptions
from .outage import Outage
from .progress import Progress
from .reply_line import failure, kind_of, success
from .row import Row, wire_usage
from .source import open_source
from .summary import DryRun, Summary
from .survey import Survey

if TYPE_CHECKING:
    from os import PathLike
    from typing import Unpack

    from ..._core.operation import Operation

#: Failures that every other line would meet, too: they end the run, and the line counts as not tried.
_FATAL = (AuthenticationError, BulkError, ClientClosedError, ConfigError, CredentialError, QuotaExceededError)
#: Seconds between two times at which the disk gets all lines.
_SYNC = 1.0


@overload
def run(
    source: Any, target: str | PathLike[str], operation: Operation[..., Any] | str | None = None,
    *, dry_run: Literal[False] = False, **options: Unpack[RunOptions],
) -> Summary: ...  # fmt: skip


@overload
def run(
    source: Any, target: str | PathLike[str], operation: Operation[..., Any] | str | None = None,
    *, dry_run: bool, **options: Unpack[RunOptions],
) -> Summary | DryRun: ...  # fmt: skip


def run(
    source: Any, target: str | PathLike[str], operation: Operation[..., Any] | str | None = None,
    *, dry_run: bool = False, **options: Unpack[RunOptions],
) -> Summary | DryRun:  # fmt: skip
    """Call an operation with each line of a source, and write each reply as a line of the target, as it arrives.

    The target is the journal: the same call, started again, does the missing lines. A line is known by its `custom_id`,
    else by a hash of its arguments. Each line is one write; the disk has it after a second at most. Failed lines go to
    a second file, `out.errors.jsonl` beside `out.jsonl`, and are not tried again without `retry_errors`.

    Args:
        source: a path: JSON Lines (of the Batch API's form, bare bodies, `{"prompt": ...}`, or columns), CSV, TSV or
            Parquet; or an iterable of mappings. Every line is checked before anything is sent.
        target: a path; its lines have the Batch API's form.
        operation: an endpoint, or its name; by default "chat.create".
        template: for columns: a prompt, such as "Classify: {text}", or a mapping that is the body.
        arguments: arguments of every call that a line does not have, such as `{"model": "gpt-4o-mini"}`.
        client, concurrency, parse, repairs: see `map`; an answer that does not fit the type is a failure.
        limit: send at most this many lines. dry_run: send nothing, and return a `DryRun`.
        retry_errors: try the failed lines again.
        tokens, seconds: send no more lines once this many tokens are used, or after this time.
        budget: a `sdk.usage.Budget`: send no more lines once the next one may go over it; prices: for the summary.
        progress: True shows the progress on stderr; a function is called with lines of text.
        via: "batch" uses the Batch API; batch: its arguments. engine, address, workers: see `Worker`.
    Raises: SourceError for a source or a line that cannot be used; TargetError for a target that cannot be written, or
        that another process writes; UnreachableError if nothing answers; AuthenticationError and other failures that
        every line would meet. What was written stays.
    """
    plan = Plan(source, target, operation, options, dry_run=dry_run)
    try:
        if plan.engine is not None and not plan.dry_run:
            from .cluster import run_cluster

            return run_cluster(plan)
        return run_blocking(_run(plan))
    except KeyboardInterrupt as error:
        batches = " Batches continue on the server." if plan.via == "batch" else ""
        error.add_note(f"What is done is in {plan.target}; the same call does the rest.{batches}")
        raise


@overload
async def arun(
    source: Any, target: str | PathLike[str], operation: Operation[..., Any] | str | None = None,
    *, dry_run: Literal[False] = False, **options: Unpack[RunOptions],
) -> Summary: ...  # fmt: skip


@overload
async def arun(
    source: Any, target: str | PathLike[str], operation: Operation[..., Any] | str | None = None,
    *, dry_run: bool, **options: Unpack[RunOptions],
) -> Summary | DryRun: ...  # fmt: skip


async def arun(
    source: Any, target: str | PathLike[str], operation: Operation[..., Any] | str | None = None,
    *, dry_run: bool = False, **options: Unpack[RunOptions],
) -> Summary | DryRun:  # fmt: skip
    """Do the same from a coroutine, on asyncio; see `run`. A cancellation ends it as Ctrl-C does."""
    plan = Plan(source, target, operation, options, dry_run=dry_run)
    if on_trio():
        raise RequestError("bulk work runs on asyncio; on trio, run sdk.bulk.run in a thread")
    if plan.engine is not None and not plan.dry_run:
        from .cluster import run_cluster

        return await asyncio.to_thread(run_cluster, plan)
    return await _run(plan)


async def _run(plan: Plan) -> Summary | DryRun:
    if plan.via == "batch" and not plan.dry_run:
        from .batch import run_batches

        return await run_batches(plan)
    with ExitStack() as stack:
        source = open_source(plan.source)
        stack.callback(source.close)
        reader = LineReader(plan.operation, plan.template, plan.arguments)
        survey = Survey(source, reader)
        if plan.dry_run:
            return _dry_run(plan, survey)
        journal = stack.enter_context(Journal(plan.target))
        failures = stack.enter_context(Failures(plan.target, compact=plan.retry_errors))
        before = survey.leave_out(journal.keys)
        failed_before = 0 if plan.retry_errors else survey.leave_out(failures.keys)
        lines = survey.remaining
        if plan.limit is not None:
            survey.limit(plan.limit)
        survey.forget_keys()
        options: dict[str, Any] = {} if plan.budget is None else {"budget": plan.budget}
        caller = Caller(
            plan.operation, plan.client, plan.concurrency, parse=plan.parse, repairs=plan.repairs, **options
        )
        meter = Meter(survey.total, before, survey.remaining, plan.prices)
        work = Work(plan, caller, survey.rows(), journal, failures, meter)
        try:
            _check_first(caller, survey)
            await work.perform()
        finally:
            await caller.aclose()
    stopped = work.stopped or ("limit" if lines > meter.lines else None)
    return Summary(
        target=plan.target, errors_path=failures.path, total=survey.total, before=before, done=meter.done,
        failed=meter.failed + failed_before, errors=dict(meter.errors), usage=meter.usage(), cost=meter.cost(),
        elapsed=work.elapsed, stopped=stopped,
    )  # fmt: skip


def _dry_run(plan: Plan, survey: Survey) -> DryRun:
    """Return what a run would do; it reads the target, and neither locks nor writes it."""
    from .identity import Keys, key_of
    from .journal import lines_of

    known = [plan.target] + ([] if plan.retry_errors else [path_beside(plan.target)])
    before = 0
    for path in known:
        keys = Keys()
        if path.exists():
            for name, _ in lines_of(path):
                keys.add(key_of(name))
        before += survey.leave_out(keys)
    if plan.limit is not None:
        survey.limit(plan.limit)
    inputs, outputs = survey.tokens()
    first = next(survey.rows(), None)
    caller = Caller(plan.operation, plan.client, plan.concurrency)
    model = None if first is None else first.input.get("model")
    cost = None
    if plan.prices is not None and isinstance(model, str) and plan.prices.of(model) is not None:
        from ..usage import Usage

        cost = plan.prices.cost(model, Usage(input_tokens=inputs, output_tokens=outputs))
    request = None if first is None else _request_of(caller, first.input)
    return DryRun(
        total=survey.total, before=before, lines=survey.remaining, input_tokens=inputs, output_tokens=outputs,
        cost=cost,
        method=None if request is None else request.method, url=None if request is None else request.url,
        body=None if request is None else orjson.loads(request.content().data or b"null"),
    )  # fmt: skip


def _check_first(caller: Caller, survey: Survey) -> None:
    """Build the first request. Raises: SourceError for what no line can be sent with, such as a missing model."""
    first = next(survey.rows(), None)
    if first is None:
        return
    budget, model = caller.client.options.budget, first.input.get("model")
    if budget is not None and isinstance(model, str) and budget.prices.of(model) is None:
        raise RequestError(f"the budget has no prices for the model {model!r}")
    _request_of(caller, first.input)


def _request_of(caller: Caller, arguments: Mapping[str, Any]) -> Any:
    """Return the request of the first line. Raises: SourceError."""
    try:
        return caller.operation.request(**arguments)
    except (TypeError, RequestError) as error:
        raise SourceError(f"the first line makes no request: {error}") from error


class Work:
    """The calls of a run: `concurrency` workers share the rows; each writes its reply before it takes the next."""

    def __init__(
        self, plan: Plan, caller: Caller, rows: Iterator[Row], journal: Journal, failures: Failures, meter: Meter
    ) -> None:
        self._plan, self._caller, self._rows = plan, caller, rows
        self._journal, self._failures, self.meter = journal, failures, meter
        self._progress = Progress(plan.progress)
        self._start = time.monotonic()
        #: Why no more lines are sent; None while they are.
        self.stopped: str | None = None
        self.elapsed = 0.0
        self._problem: Exception | None = None
        self._outage: Outage[bytes] = Outage(self._at_once(), str(caller.client.options.api_base))
        self._workers: list[asyncio.Task[None]] = []

    async def perform(self) -> None:
        """Do all rows. Raises: what ends a run, when the calls in flight have ended and are written."""
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._at_once())]
        ticker = asyncio.create_task(self._tick())
        try:
            with self._progress:
                outcomes = await asyncio.gather(*self._workers, return_exceptions=True)
                if not isinstance(self._problem, UnreachableError):
                    self._write_failures(self._outage.responded())
                self._progress.show(self.meter, time.monotonic() - self._start, end=True)
        finally:
            self.stopped = self.stopped or ("interrupted" if not all(w.done() for w in self._workers) else None)
            for task in (*self._workers, ticker):
                task.cancel()
            await asyncio.gather(*self._workers, ticker, return_exceptions=True)
            self.elapsed = time.monotonic() - self._start
        problem = self._problem or next((one for one in outcomes if isinstance(one, Exception)), None)
        if problem is not None:
            raise problem

    def _at_once(self) -> int:
        return min(self._caller.concurrency, self.meter.lines)

    async def _work(self) -> None:
        call, journal, meter, plan = self._caller.call, self._journal, self.meter, self._plan
        try:
            while self.stopped is None and (row := next(self._rows, None)) is not None:
                try:
                    response = await call(row.input)
                except BudgetError:
                    self.stopped = "budget"
                    return
                except _FATAL:
                    raise
                except Exception as error:
                    meter.fail(kind_of(error))
                    self._write_failures(self._outage.failed(error, failure(row.index, row.custom_id, error)))
                else:
                    self._write_failures(self._outage.responded())
                    journal.append(success(row.index, row.custom_id, response))
                    meter.succeeded(row.input.get("model"), wire_usage(getattr(response, "reply", response.parsed)))
                    if plan.tokens is not None and meter.tokens() >= plan.tokens:
                        self.stopped = "tokens"
                if plan.seconds is not None and time.monotonic() - self._start >= plan.seconds:
                    self.stopped = "seconds"
        except Exception as error:
            self._fail(error)

    def _write_failures(self, lines: list[bytes]) -> None:
        for line in lines:
            self._failures.append(line)

    def _fail(self, error: Exception) -> None:
        """Send no more lines. The calls in flight end, unless there is no server, or no room for their replies."""
        self.stopped = "failed"
        if self._problem is None:
            self._problem = error
        if isinstance(error, TargetError | UnreachableError):
            for task in self._workers:
                if task is not asyncio.current_task():
                    task.cancel()

    async def _tick(self) -> None:
        try:
            while True:
                self._progress.show(self.meter, time.monotonic() - self._start, self._pace())
                await asyncio.sleep(_SYNC)
                await asyncio.to_thread(self._journal.sync)
                await asyncio.to_thread(self._failures.sync)
        except Exception as error:
            self._fail(error)

    def _pace(self) -> str:
        """Return how fast the server lets calls go, and how many wait for that."""
        stats = self._caller.client.stats()
        paces = "".join(f", {name}: {pace:.1f} a second" for name, pace in stats.paces.items())
        return f"{paces}, {stats.waiting} wait" if stats.waiting else paces


expose(globals(), "bulk", "run", "arun")
