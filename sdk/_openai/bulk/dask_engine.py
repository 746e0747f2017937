"""Run on dask.distributed: files of lines as tasks, of which each worker has one at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from .errors import BulkError

if TYPE_CHECKING:
    from .cluster import Job
    from .worker import Worker

#: How often a task whose worker has died may start again.
_RETRIES = 10
#: The worker of this process, by the folder of its parts: tasks bring copies, and one keeps its connections.
_workers: dict[str, Worker] = {}


def run(job: Job) -> None:
    """Let workers do all files. Raises: what a worker raises; BulkError where Dask is not installed."""
    try:
        import dask.config as dask_config
        import distributed
    except ModuleNotFoundError as error:
        raise BulkError("engine=\"dask\" needs more: pip install 'openai-compatible-sdk[dask]'") from error
    with _client(distributed, dask_config, job) as client:
        rest = list(reversed(job.paths))
        running: Any = distributed.as_completed()

        def submit() -> None:
            path = rest.pop()
            share = job.share(len(client.scheduler_info(n_workers=-1)["workers"]))
            running.add(client.submit(do_lines, job.worker, str(path), share, pure=False, retries=_RETRIES))

        for _ in range(min(job.workers, len(rest))):
            submit()
        for future in running:
            job.count(*future.result())
            if rest:
                submit()


def do_lines(worker: Worker, path: str, share: tuple[int | None, int | None]) -> tuple[int, int]:
    """Do the lines of a file, with a share of the limits; return how many are done, and how many failed."""
    own = _workers.setdefault(worker.name, worker)
    own.with_limits(*share)
    found = own([orjson.loads(line) for line in Path(path).read_bytes().splitlines()])
    failed = sum(row["error"] is not None for row in found)
    return len(found) - failed, failed


@contextmanager
def _client(distributed: Any, dask_config: Any, job: Job) -> Iterator[Any]:
    """Connect with a cluster, or start one on this machine, and end it with all that it has written."""
    if job.address is not None:
        with distributed.Client(job.address) as client:
            yield client
        return
    folder = tempfile.mkdtemp(prefix="dask-")
    try:
        with (
            dask_config.set({"temporary-directory": folder}),
            distributed.LocalCluster(
                n_workers=job.workers, threads_per_worker=1, dashboard_address=None, local_directory=folder,
                silence_logs=50,
            ) as cluster,
            distributed.Client(cluster) as client,
        ):  # fmt: skip
            yield client
    finally:
        shutil.rmtree(folder, ignore_errors=True)
