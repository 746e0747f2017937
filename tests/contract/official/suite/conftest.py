"""The clients of those tests: the face, under the name of the official package."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sdk.compat.openai as face

face.install()
pytest.register_assert_rewrite("tests.utils")
pytest_plugins = ["tests.respx2.plugin"]
_OPTIONS: Any = {
    "base_url": os.environ["TEST_API_BASE_URL"], "api_key": "my-api-key", "admin_api_key": "my-admin-api-key",
    "max_retries": 0,
}  # fmt: skip
_DIRECT: Any = {"http_options": {"trust_env": False}}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not in the sample: always the same tests, spread evenly."""
    share = int(os.environ.get("FACE_SHARE", "1"))
    items[:] = [one for one in items if zlib.crc32(one.nodeid.encode()) % share == 0]


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The event loop of all tests of a process."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def _mocked(request: pytest.FixtureRequest) -> bool:
    """Return whether the test mocks httpx2, so that the client has to send with it."""
    return "respx2_mock" in request.fixturenames


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client that blocks, strict or not."""
    http: dict[str, Any] = {"http_client": face.DefaultHttpx2Client()} if _mocked(request) else {}
    with face.OpenAI(
        **_OPTIONS, **(http or _DIRECT), _strict_response_validation=getattr(request, "param", True)
    ) as client:
        yield client
    if http:
        http["http_client"].close()


@pytest.fixture
def async_client(request: pytest.FixtureRequest, loop: asyncio.AbstractEventLoop) -> Iterator[Any]:
    """A client for coroutines, strict or not, or over aiohttp."""
    given = getattr(request, "param", True)
    aiohttp = isinstance(given, dict) and given.get("http_client") == "aiohttp"
    http: dict[str, Any] = {}
    if aiohttp:
        if _mocked(request):
            pytest.skip("the mock of httpx2 knows no aiohttp")
        http = {"http_client": face.DefaultAioHttpClient()}
    elif _mocked(request):
        http = {"http_client": face.DefaultAsyncHttpx2Client()}
    client = face.AsyncOpenAI(
        **_OPTIONS, **(http or _DIRECT), _strict_response_validation=given if isinstance(given, bool) else True
    )
    yield client
    loop.run_until_complete(client.close())
    if http:
        loop.run_until_complete(http["http_client"].aclose())


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test in the loop of the clients."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    loop: Any = pyfuncitem.funcargs.get("loop") or pyfuncitem._request.getfixturevalue("loop")
    loop.run_until_complete(pyfuncitem.obj(**arguments))
    return True


class _Results:
    """Write the outcome of each test, with the last line of an error, where the runner reads it."""

    def __init__(self, path: Path) -> None:
        self.path, self.outcomes = path, dict[str, list[str]]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of one part of a test."""
        if report.when == "call" or report.outcome != "passed":
            crash = getattr(report.longrepr, "reprcrash", None)
            text = crash.message if crash is not None else str(report.longrepr or "")
            self.outcomes[report.nodeid] = [report.outcome, text[:2000]]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write all outcomes."""
        self.path.write_text(json.dumps(self.outcomes), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Collect results in the process that the runner started, not in its workers."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Results(Path(os.environ["FACE_RESULTS"])))
