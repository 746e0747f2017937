"""The Batch API way of a run: split, upload, wait, join. Each step is resumable."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ..._core.errors import RequestError
from ..._core.waiting.drivers import asyncio_wait
from .batch_parts import MOST_BYTES, MOST_LINES, write_parts
from .batch_state import BatchState, Part, files_of
from .caller import Caller
from .errors import BulkError, TargetError
from .failures import Failures
from .identity import Keys, key_of
from .journal import Journal
from .lines import LineReader
from .meter import Meter
from .options import Plan
from .progress import Progress
from .source import open_source
from .summary import Summary
from .survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Requests at once: uploads, questions, downloads.
_AT_ONCE = 8
#: The options of batch=.
_OPTIONS = {"completion_window", "metadata", "lines", "bytes", "timeout"}


async def run_batches(plan: Plan) -> Summary:
    """Send the lines that are missing as batches, wait, and join their results into the target.

    Batches of an earlier call that ended early are waited for first. Whatever ends this one leaves them running.
    Raises: as `run`; BulkError for a batch that the server refuses; JobTimeoutError after `timeout` seconds.
    """
    _check(plan)
    began = time.monotonic()
    with ExitStack() as stack:
        source = open_source(plan.source)
        stack.callback(source.close)
        survey = Survey(source, LineReader(plan.operation, plan.template, plan.arguments))
        journal = stack.enter_context(Journal(plan.target))
        failures = stack.enter_context(Failures(plan.target, compact=plan.retry_errors))
        before = survey.leave_out(journal.keys)
        meter = Meter(survey.total, before, survey.remaining, plan.prices)
        caller = Caller(plan.operation, plan.client, _AT_ONCE)
        work = _Batches(plan, caller, journal, failures, meter)
        try:
            await work.join_open()  # those of an earlier call
            survey.leave_out(journal.keys, work.joined)
            failed_before = 0 if plan.retry_errors else survey.leave_out(failures.keys)
            survey.leave_out(work.failed)
            lines = survey.remaining
            if plan.limit is not None:
                survey.limit(plan.limit)
            limited = survey.remaining < lines
            work.split(survey.requests())
            await work.join_open()
        finally:
            await caller.aclose()
    return Summary(
        target=plan.target, errors_path=failures.path, total=survey.total, before=before, done=meter.done,
        failed=meter.failed + failed_before, errors=dict(meter.errors), usage=meter.usage(), cost=meter.cost(),
        elapsed=time.monotonic() - began, stopped="limit" if limited else None,
    )  # fmt: skip


class _Batches:
    """The batches of one run."""

    def __init__(self, plan: Plan, caller: Caller, journal: Journal, failures: Failures, meter: Meter) -> None:
        self._plan, self._caller, self._journal, self._failures = plan, caller, journal, failures
        self._meter, self._client = meter, caller.client
        self._state, self._states = BatchState(plan.target), dict[str, str]()
        self._started = time.monotonic()
        #: The identities that this run has joined: replies and failures.
        self.joined, self.failed = Keys(), Keys()

    def split(self, requests: Iterator[tuple[int, str, dict[str, Any]]]) -> None:
        """Write the requests as parts, which are open then."""
        batch = self._plan.batch
        url = f"/v1{self._plan.operation.path}"
        lines, size = batch.get("lines", MOST_LINES), batch.get("bytes", MOST_BYTES)
        self._state.parts = write_parts(requests, url, self._plan.target, lines, size)
        self._state.save()

    async def join_open(self) -> None:
        """Bring all open parts to their end, and join their results."""
        with Progress(self._plan.progress) as progress:
            self._progress = progress
            parts = [asyncio.create_task(self._part(part)) for part in list(self._state.parts)]
            try:
                await asyncio.gather(*parts)
            finally:
                for task in parts:
                    task.cancel()
                await asyncio.gather(*parts, return_exceptions=True)
            if parts:
                self._show(end=True)

    async def _part(self, part: Part) -> None:
        state, batches = self._state, self._client.batches
        if part.file_id is None:
            file = await self._client.files.create.asyncio(file=Path(part.path), purpose="batch")
            state.change(part, file_id=file.id)
        batch = None
        if part.batch_id is not None:
            batch = await batches.retrieve.asyncio(part.batch_id)
        elif part.creating:  # the process ended before it knew the id
            batch = await self._find(part)
        if batch is None:
            state.change(part, creating=True)
            batch = await batches.create.asyncio(
                input_file_id=part.file_id, endpoint=f"/v1{self._plan.operation.path}",
                completion_window=self._plan.batch.get("completion_window", "24h"),
                metadata={"target": self._plan.target.name, **self._plan.batch.get("metadata", {})},
                idempotency_key=f"batch-{part.file_id}",  # the request of a process that was killed may be on its way
            )  # fmt: skip
        state.change(part, batch_id=batch.id)
        batch = await asyncio_wait(
            batch, client=self._client, timeout=self._plan.batch.get("timeout"), on_state=self._on_state, check=False
        )
        if batch.status == "failed":
            state.change(part, batch_id=None, creating=False)
            raise BulkError(f"the batch {batch.id} failed: {_reasons(batch)}; the same call sends its lines again")
        await self._join(part, batch)

    async def _find(self, part: Part) -> Any:
        """Return the batch of a file that is uploaded; None if there is none."""
        async for batch in self._client.batches.list.asyncio_iter():
            if batch.input_file_id == part.file_id:
                return batch
        return None

    async def _join(self, part: Part, batch: Any) -> None:
        """Write the results of a batch that has ended; what it has not done is missing, and the same call does it."""
        _, output, errors = files_of(part)
        for path, file_id in ((output, batch.output_file_id), (errors, batch.error_file_id)):
            if file_id is not None and not path.exists():
                await self._client.files.content.asyncio_download(path, file_id)
        for path in (output, errors):
            if path.exists():
                with path.open("rb") as file:
                    for number, line in enumerate(file):
                        self._take(line, path)
                        if number % 1000 == 999:
                            await asyncio.sleep(0)  # others wait for their answers
        self._journal.sync()
        self._failures.sync()
        self._state.joined(part)
        self._show()

    def _take(self, line: bytes, path: Path) -> None:
        """Write one line of a batch's results, unless it is there since an earlier call."""
        if line.isspace():
            return
        try:
            found = orjson.loads(line)
            name, response = found["custom_id"], found.get("response") or {}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise TargetError(f"{path} has a line that is not a result of a batch") from None
        key = key_of(name)
        if key in self._journal.keys:
            return
        error, status = found.get("error"), response.get("status_code")
        line = line.rstrip(b"\r\n") + b"\n"
        if error or not isinstance(status, int) or status >= 400:
            self._failures.append(line)
            self.failed.add(key)
            self._meter.fail(str((error or {}).get("code") or f"status {status}"))
        else:
            self._journal.append(line)
            self.joined.add(key)
            body = response.get("body")
            usage, model = (body.get("usage"), body.get("model")) if isinstance(body, dict) else (None, None)
            self._meter.succeeded(model, usage)

    def _on_state(self, batch: Any) -> None:
        self._states[batch.id] = batch.status
        self._show()

    def _show(self, *, end: bool = False) -> None:
        counts = Counter(self._states.values())
        states = "".join(f", {number} {state}" for state, number in counts.items())
        self._progress.show(self._meter, time.monotonic() - self._started, states, end=end)


def _reasons(batch: Any) -> str:
    """Return why the server refused a batch: the first reasons, with their lines, and no content."""
    errors = getattr(batch.errors, "data", None) or []
    found = [f"{'' if one.line is None else f'line {one.line}: '}{one.code}: {one.message}" for one in errors[:3]]
    return "; ".join(found) or "the server gives no reason"


def _check(plan: Plan) -> None:
    for name in ("tokens", "seconds", "budget", "parse"):
        if getattr(plan, name) is not None:
            raise RequestError(
                f'{name}= needs calls of their own, and via="batch" leaves them to the server; use limit='
            )
    unknown = plan.batch.keys() - _OPTIONS
    if unknown:
        raise TypeError(f"batch= takes {', '.join(sorted(_OPTIONS))}; not {', '.join(sorted(unknown))}")
