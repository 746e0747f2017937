"""What may be copied, pickled and forked."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from typing import Any

import httpx
import pytest

from sdk import ChatSession, Client, ResponsesSession


def _client() -> Client:
    answer = httpx.Response(200, json={"id": "c", "choices": [{"message": {"content": "Hi"}}]})
    return Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(lambda _: answer))


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy])
def test_a_copy_of_a_client_is_the_client(how: Any) -> None:
    """Its connections are shared anyway."""
    with _client() as client:
        assert how(client) is client
        assert how({"client": client}) == {"client": client}


def test_a_client_is_not_pickled() -> None:
    """The error says what to do."""
    with _client() as client, pytest.raises(TypeError, match="make one in the other process"):
        pickle.dumps(client)


@pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])
def test_a_deep_copy_of_a_session_is_a_fork(kind: Any) -> None:
    """Both go on alone, over the same client and with the same functions."""
    with _client() as client:
        session = kind(client, "m", ["a"], tools=[print])
        other = copy.deepcopy(session)
        other.messages[0]["content"] = "b"
        assert (other.client, other.tools) == (client, [print])
        assert session.messages[0]["content"] == "a"


def test_a_detailed_reply_is_pickled() -> None:
    """Without the client, which is of its process."""
    with _client() as client:
        response = client.chat.create.sync_detailed(model="m", messages=[])
        again = pickle.loads(pickle.dumps(response))
        assert (again.parsed, again.status_code, again.request.path) == (response.parsed, 200, "/chat/completions")
        assert response.request.options["client"] is client
        assert "client" not in again.request.options


_FORK = """
import os, sys, threading
from sdk._core.client import default as _client
from sdk.api.chat import create

held, let_go = threading.Event(), threading.Event()
def hold():
    with _client._default_lock.lock:
        held.set()
        let_go.wait(20)
threading.Thread(target=hold, daemon=True).start()
held.wait()
child = os.fork()
if child == 0:
    _client.default_client("sdk").close()
    os._exit(7)
let_go.set()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_while_the_default_client_is_made() -> None:
    """A thread that makes it in the parent does not keep the child waiting."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _FORK],
        capture_output=True, text=True, timeout=20, check=False, env={**os.environ, "OPENAI_API_KEY": "k"},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("7\n", "")
