"""The demo: what it shows, whose key it uses, and what it does about a server that lacks something."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from demo.models import pick
from sdk.testing import LocalServer, State, create_app

_ROOT = Path(__file__).parents[1]
_KEY = "sk-of-the-environment"


def _demo(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OPENAI_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "demo", *arguments],
        cwd=_ROOT, env={**kept, "TMPDIR": str(tmp_path), "NO_PROXY": "127.0.0.1", **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip


class _Lacking:
    """A server without some of its endpoints: status by path, the rest as usual."""

    def __init__(self, **statuses: int) -> None:
        self._statuses, self.state = statuses, State()
        self._app: ASGIApp = create_app(_KEY, state=self.state)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = next((status for part, status in self._statuses.items() if f"/{part}" in scope.get("path", "")), None)
        reply = None if status is None else JSONResponse({"error": {"message": "not here"}}, status)
        await (reply or self._app)(scope, receive, send)


def test_shows_the_main_job_and_spends_no_key(tmp_path: Path) -> None:
    """Without LIVE it calls a server of its own, whatever the environment says, and writes an image and a WAV file."""
    with LocalServer(api_key=_KEY) as other:
        done = _demo(tmp_path, "--job", "call", OPENAI_API_KEY=_KEY, OPENAI_API_BASE=other.url, OPENAI_MODEL="dear")
        assert other.requests == []
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("✓") == 7
    assert "You wrote 11 words" in done.stdout
    assert 'weather({"city": "Vienna"})' in done.stdout
    assert 'The tool answered: {"city": "Vienna", "celsius": 21' in done.stdout
    assert "cosine 0.8" in done.stdout
    assert "The quick brown fox" in done.stdout
    assert "dear" not in done.stdout
    (folder,) = tmp_path.glob("sdk-demo-*")
    assert (folder / "fox.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "fox.wav").read_bytes().startswith(b"RIFF")


def test_a_pipe_gets_no_colour(tmp_path: Path) -> None:
    """What is no terminal gets plain text, even where TERM promises colours."""
    assert "\x1b" not in _demo(tmp_path, "--job", "call", TERM="xterm-256color").stdout


def test_live_needs_a_key(tmp_path: Path) -> None:
    """LIVE without a key says which variables to set, and calls nobody."""
    done = _demo(tmp_path, "--live")
    assert (done.returncode, done.stdout) == (2, "")
    assert "export OPENAI_API_KEY=" in done.stderr
    assert "make demo LIVE=1" in done.stderr


def test_live_skips_what_the_server_lacks(tmp_path: Path) -> None:
    """404 and 501 are reported, the other steps go on, and that is no failure; the key is never shown."""
    app = _Lacking(images=404, speech=501)
    with LocalServer(app=app) as server:
        done = _demo(tmp_path, "--live", "--job", "call", OPENAI_API_KEY=_KEY, OPENAI_API_BASE=server.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout.count("✓"), done.stdout.count("skipped")) == (4, 3)
    assert "there is no audio to transcribe" in done.stdout
    assert _KEY not in done.stdout
    assert {request.headers["authorization"] for request in app.state.requests} == {f"Bearer {_KEY}"}


def test_a_failed_step_is_a_failed_demo(tmp_path: Path) -> None:
    """Any other error is shown, the steps after it go on, and the exit code tells."""
    with LocalServer(app=_Lacking(embeddings=400)) as server:
        done = _demo(tmp_path, "--live", "--job", "call", OPENAI_API_KEY=_KEY, OPENAI_API_BASE=server.url)
    assert done.returncode == 1
    assert (done.stdout.count("✓"), done.stdout.count("✗ failed: ")) == (6, 1)
    assert "What next" not in done.stdout


def test_an_unreachable_server_ends_it_at_once(tmp_path: Path) -> None:
    """Where the first call fails, the others are left out."""
    with LocalServer() as server:
        url = server.url
    done = _demo(tmp_path, "--live", "--job", "call", OPENAI_API_KEY=_KEY, OPENAI_API_BASE=url, OPENAI_MAX_RETRIES="0")
    assert done.returncode == 1
    assert "Is the server running" in done.stdout
    assert "[2/7]" not in done.stdout


@pytest.mark.parametrize(
    ("task", "models", "picked"),
    [
        ("chat", ["whisper-1", "gpt-4o-mini"], "gpt-4o-mini"),
        ("chat", ["nomic-embed-text", "llama3.2"], "llama3.2"),
        ("embedding", ["llama3.2", "nomic-embed-text"], "nomic-embed-text"),
        ("image", ["llama3.2"], "gpt-image-1"),
        ("chat", [], "gpt-4o-mini"),
    ],
)
def test_picks_the_model_that_looks_right(
    monkeypatch: pytest.MonkeyPatch, task: str, models: list[str], picked: str
) -> None:
    """The usual model if the server lists it, else one named like the task, else the usual one."""
    monkeypatch.delenv("OPENAI_MODEL", raising=False)
    assert pick(task, models) == picked


def test_asks_the_model_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPENAI_MODEL decides for chats, listed or not, and for nothing else."""
    monkeypatch.setenv("OPENAI_MODEL", "mine")
    assert pick("chat", ["gpt-4o-mini"]) == "mine"
    assert pick("speech", ["kokoro"]) == "kokoro"


def test_generates_in_place() -> None:
    """The second job runs the generator's own commands and passes on what they say."""
    code = (
        "import demo.__main__ as d, subprocess; from types import SimpleNamespace as N; calls = []\n"
        "def run(command, **options): calls.append(command[1:]); return N(returncode=len(calls) - 1)\n"
        "subprocess.run = run; print(d.main(['--job', 'generate']), calls)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=False)
    assert "exit code 1" in done.stdout
    assert done.stdout.endswith("1 [['-m', 'generator', 'generate'], ['-m', 'generator', 'check']]\n")
