"""Run on Ray Data: lines of files, in batches, over a pool of actors."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import signature
from typing import TYPE_CHECKING, Any, cast

import orjson

from ..._core.errors import SDKError
from ..._core.options.environment import environ
from .errors import BulkError

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from .cluster import Job
    from .worker import Worker

#: The share of a processor that an actor asks for: it waits for its server nearly always.
_CPU = 0.25


def run(job: Job) -> None:
    """Let actors do all lines. Raises: what a worker raises; BulkError where Ray is not installed."""
    try:
        _quiet()
        import ray
        import ray.data
    except ModuleNotFoundError as error:
        raise BulkError("engine=\"ray\" needs more: pip install 'openai-compatible-sdk[ray]'") from error
    with _cluster(ray, job.address):
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        named = "num_cpus" in signature(ray.data.read_text).parameters  # else an older version
        asked: dict[str, Any] = {"num_cpus": _CPU} if named else {"ray_remote_args": {"num_cpus": _CPU}}
        lines = ray.data.read_text([str(path) for path in job.paths], **asked)
        done = lines.map_batches(
            RayLines,
            fn_constructor_args=[job.worker],
            compute=ray.data.ActorPoolStrategy(size=job.workers),
            num_cpus=_CPU,
            batch_size=None,
        )
        for batch in done.iter_batches(batch_size=None):
            for problem in filter(None, batch["problem"]):
                raise pickle.loads(problem)
            failed = int(sum(batch["failed"]))
            job.count(len(batch["failed"]) - failed, failed)


class RayLines:
    """An actor: it reads lines of requests, and returns which of them failed."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Do the lines of a batch; what they replied is in the worker's part of the target.

        Ray does not carry an exception as it is: an error that ends the run comes back as a row.
        """
        try:
            found = self._worker([orjson.loads(line) for line in batch["text"]])
        except SDKError as error:
            return {"failed": [True], "problem": [pickle.dumps(error)]}
        return {"failed": [row["error"] is not None for row in found], "problem": [b""] * len(found)}


@contextmanager
def _cluster(ray: Any, address: str | None) -> Iterator[None]:
    """Use a cluster that is there, or start one on this machine, and end it with all that it has written."""
    if ray.is_initialized():
        yield
        return
    folder = tempfile.mkdtemp(prefix="ray-") if address is None else None
    options = {} if folder is None else {"_temp_dir": folder, "include_dashboard": False}
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", configure_logging=False, **options)
        yield
    finally:
        ray.shutdown()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _quiet() -> None:
    """Start Ray without statistics of usage that it would send, unless they were switched on."""
    cast("MutableMapping[str, str]", environ()).setdefault("RAY_USAGE_STATS_ENABLED", "0")
