"""What loads when it is first asked for, where many threads ask at once."""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sdk import Client
from sdk._core.client import default as _client
from sdk._core.lazy import fully_imported
from sdk._core.log import INFO, logger
from sdk._core.request import spec as _settings
from sdk._core.request.spec import EndpointSpec
from sdk._core.runtime.event_loop import on_asyncio

_SLOW = """
import halfway
halfway.begun.set()
assert halfway.go_on.wait(5)
class Answer: ...
"""


def test_a_model_that_another_thread_loads_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads get their first reply at once: neither takes the models for loaded while they are not."""
    (tmp_path / "halfway").mkdir()
    (tmp_path / "halfway" / "__init__.py").write_text(
        "import threading\nbegun, go_on = threading.Event(), threading.Event()"
    )
    (tmp_path / "halfway" / "models.py").write_text(_SLOW)
    monkeypatch.syspath_prepend(tmp_path)
    package: Any = import_module("halfway")
    other = threading.Thread(target=import_module, args=["halfway.models"])
    other.start()

    def load(name: str) -> Any:
        package.go_on.set()
        return import_module(name)

    try:
        assert package.begun.wait(5)
        monkeypatch.setattr(_settings, "import_module", load)
        found = EndpointSpec("n", "GET", "/", root="halfway").model("Answer")
    finally:
        package.go_on.set()
        other.join()
    assert found is sys.modules["halfway.models"].Answer
    for name in ("halfway", "halfway.models"):
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.parametrize("name", ["asyncio", "logging", "httpx"])
def test_what_another_thread_loads_counts_as_not_fully_imported(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look whether a module is there does not stumble over one that has half its names."""
    half = ModuleType(name)
    half.__spec__ = ModuleSpec(name, None)
    half.__spec__._initializing = True  # type: ignore[attr-defined]  # as the import system marks it
    assert fully_imported(name) is sys.modules[name]
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, name, half)
        found = (fully_imported(name), on_asyncio(), logger(INFO) if name == "logging" else None)
        Client(api_key="k").close()
    assert found == (None, False, None)


def test_threads_share_one_client_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls without `client=` that are the first of several threads at once make one client."""
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setattr(_client, "_defaults", {})
    made: list[Any] = []
    together = threading.Barrier(4)

    def snapshot(service: Any) -> tuple[str | None, ...]:
        if _client._default_lock.lock.acquire(blocking=False):  # not held: all four have looked by now
            _client._default_lock.lock.release()
            together.wait(5)
        return ()

    monkeypatch.setattr(_client, "snapshot", snapshot)
    threads = [threading.Thread(target=lambda: made.append(_client.default_client("sdk"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(set(map(id, made)))) == (4, 1)
    made[0].close()
