"""The Celery application of docs/applications.md, with a broker in memory and a worker in a thread."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sdk.testing import LocalServer

_PAGE = (Path(__file__).parents[2] / "docs/applications.md").read_text(encoding="utf-8")


@pytest.fixture
def names() -> dict[str, Any]:
    """What the example defines."""
    pytest.importorskip("celery", reason="needs celery: make recipes")
    (code,) = re.findall(r"```py\n(.*?)```", _PAGE, re.DOTALL)
    assert code.count("redis://localhost") == 2
    code = code.replace(
        'broker="redis://localhost", backend="redis://localhost"', 'broker="memory://", backend="cache+memory://"'
    )
    found: dict[str, Any] = {"__name__": "answers"}
    exec(code, found)
    return found


@pytest.mark.filterwarnings("ignore")  # of Celery and its libraries
def test_a_task_is_retried_until_the_server_answers(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A worker runs the task; the client retries first, then Celery does."""
    with LocalServer() as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "test-key")
        names = request.getfixturevalue("names")
        from celery.contrib.testing.worker import start_worker

        for _ in range(3):  # the attempts of the first call
            server.fail(503, retry_after=0)
        server.reply("Because.")
        with names["client"], start_worker(names["app"], perform_ping_check=False):
            assert names["answer"].delay("Why?").get(timeout=30) == "Because."
        assert len(server.requests) == 4
