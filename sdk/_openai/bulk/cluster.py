"""A run on a cluster: the missing lines go to workers, and what they write is joined into the target."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson

from ..._core.errors import RequestError
from .batch_parts import write_parts
from .failures import Failures
from .identity import key_of
from .journal import Journal
from .lines import LineReader
from .meter import Meter
from .options import Plan
from .parts import DONE, lines_in, paths_in
from .progress import Progress
from .source import open_source
from .summary import Summary
from .survey import Survey
from .worker import Worker, options_of

#: The most lines that a worker gets at once, and how many such portions each gets at least.
_LINES, _PORTIONS = 500, 4
_BYTES = 64_000_000


class Job:
    """What an engine gets: a worker to copy, files of lines in a folder that all share, and the limits to share out."""

    def __init__(self, plan: Plan, folder: Path, paths: list[Path], meter: Meter) -> None:
        self.workers, self.address, self.paths = plan.workers, plan.address, paths
        options = _options(plan)
        self.limits = options.pop("requests_per_minute", None), options.pop("tokens_per_minute", None)
        at_once = max(1, plan.concurrency // plan.workers)
        self.worker = Worker(
            plan.operation.name, concurrency=at_once, parse=plan.parse, repairs=plan.repairs, parts=folder, **options
        )
        self.worker.with_limits(*self.share(plan.workers))
        self._meter, self._started = meter, time.monotonic()
        self._progress = Progress(plan.progress)

    def share(self, workers: int) -> tuple[int | None, int | None]:
        """Return one worker's share of the limits."""
        requests, tokens = (None if limit is None else max(1, limit // max(1, workers)) for limit in self.limits)
        return requests, tokens

    def count(self, done: int, failed: int) -> None:
        """Show that workers have reported lines."""
        self._meter.done += done
        self._meter.failed += failed
        self._progress.show(self._meter, time.monotonic() - self._started)

    def __enter__(self) -> Job:
        self._progress.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.__exit__()


def run_cluster(plan: Plan) -> Summary:
    """Run the missing lines on a cluster of Ray or Dask.

    Workers write their parts into a folder beside the target, so that lines of a worker or a driver that dies are not
    paid for again: the same call joins them first. Raises: as `run`.
    """
    _check(plan)
    began = time.monotonic()
    folder = plan.target.absolute().with_name(f"{plan.target.name}.parts")
    with ExitStack() as stack:
        source = open_source(plan.source)
        stack.callback(source.close)
        survey = Survey(source, LineReader(plan.operation, plan.template, plan.arguments))
        if folder.exists():  # an earlier driver has left it
            with Journal(plan.target) as journal, Failures(plan.target) as failures:
                _join(folder, journal, failures, Meter(0, 0, 0, None))
            shutil.rmtree(folder)
        journal, counts = stack.enter_context(Journal(plan.target)), Meter(0, 0, 0, plan.prices)
        failures = stack.enter_context(Failures(plan.target, compact=plan.retry_errors))
        before = survey.leave_out(journal.keys)
        failed_before = 0 if plan.retry_errors else survey.leave_out(failures.keys)
        lines = survey.remaining
        if plan.limit is not None:
            survey.limit(plan.limit)
        wanted = survey.remaining
        survey.forget_keys()
        folder.mkdir()
        size = max(1, min(_LINES, -(-wanted // (plan.workers * _PORTIONS))))
        files = write_parts(survey.requests(), f"/v1{plan.operation.path}", folder / "lines", size, _BYTES)
        job = Job(plan, folder, [Path(file.path) for file in files], Meter(survey.total, before, wanted, None))
        try:
            if files:
                with job:
                    _engine(plan.engine)(job)
        finally:
            _join(folder, journal, failures, counts)
        shutil.rmtree(folder)
    return Summary(
        target=plan.target, errors_path=failures.path, total=survey.total, before=before, done=counts.done,
        failed=counts.failed + failed_before, errors=dict(counts.errors), usage=counts.usage(), cost=counts.cost(),
        elapsed=time.monotonic() - began, stopped="limit" if wanted < lines else None,
    )  # fmt: skip


def _join(folder: Path, journal: Journal, failures: Failures, meter: Meter) -> None:
    """Write the lines of all parts into the target, each once, and the failures of those that no worker has done."""
    seen: set[int] = set()
    for path in paths_in(folder):
        done = path.name.startswith(DONE)
        for name, line in lines_in(path):
            key = key_of(name)
            if key in seen or key in journal.keys:
                continue
            seen.add(key)
            found = orjson.loads(line)
            if done:
                journal.append(line)
                body = found["response"]["body"]
                meter.succeeded(body.get("model"), body.get("usage"))
            else:
                failures.append(line)
                response, error = found["response"] or {}, found["error"] or {}
                meter.fail(str(error.get("code") or f"status {response.get('status_code')}"))
    journal.sync()
    failures.sync()


def _options(plan: Plan) -> dict[str, Any]:
    """Return the options of the client of the run that may go to workers."""
    client = plan.operation._client if plan.client is None else plan.client
    return {} if client is None else options_of(client)


def _engine(name: str | None) -> Any:
    if name == "ray":
        from .ray_engine import run
    else:
        from .dask_engine import run
    return run


def _check(plan: Plan) -> None:
    for name in ("tokens", "seconds", "budget"):
        if getattr(plan, name) is not None:
            raise RequestError(
                f"{name}= is for one machine; on a cluster, use limit=, or tokens_per_minute of the client"
            )
