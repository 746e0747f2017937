"""The recipes of docs/telemetry.md run as they stand, where their packages are; `make recipes` installs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from sdk.testing import LocalServer

from ..faults.raw import Raw, always, reply

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs/telemetry.md").read_text(encoding="utf-8")
_CALL = """
from sdk import Client
with Client() as client:
    client.chat.create.sync(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])
"""
#: What flushes, and shows what was exported.
_ENDS = {
    "Prometheus": "import urllib.request as r\nprint(r.urlopen('http://127.0.0.1:PORT/metrics').read().decode())",
    "Sentry": "sentry_sdk.flush()\nfrom opentelemetry import trace\ntrace.get_tracer_provider().force_flush()",
    "Logfire": "logfire.force_flush()",
    "Langfuse": "provider.shutdown()",
}
_PACKAGES = {
    "Prometheus": "opentelemetry.exporter.prometheus",
    "Sentry": "sentry_sdk.integrations.otlp",
    "Logfire": "logfire",
    "Langfuse": "opentelemetry.exporter.otlp.proto.http",
}


def _found(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of a package around it
        return False


def _run(name: str, server: LocalServer, **replaced: str) -> str:
    """Run the recipe of that name with a call behind it, and return what it prints."""
    if not _found(_PACKAGES[name]):
        pytest.skip(f"{_PACKAGES[name]} is not installed: make recipes")
    code = re.findall(rf"### {name}.*?```py\n(.*?)```", _PAGE, re.DOTALL)[0]
    for old, new in replaced.items():
        assert old in code
        code = code.replace(old, new)
    end = _ENDS[name].replace("PORT", replaced.get("9464", ""))
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "OTEL_", "LOGFIRE_"))},
        "OPENAI_API_BASE": server.url, "OPENAI_API_KEY": "test-key", "NO_PROXY": "127.0.0.1",
        "LANGFUSE_PUBLIC_KEY": "pk", "LANGFUSE_SECRET_KEY": "sk",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_CALL}\n{end}"],
        cwd=_ROOT, env=environment, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _port() -> str:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


def test_prometheus(openai_server: LocalServer) -> None:
    """Its page has the tokens by model."""
    page = _run("Prometheus", openai_server, **{"9464": _port()})
    assert 'gen_ai_request_model="gpt-4o-mini"' in page
    assert "gen_ai_client_inference_usage_output_tokens_total{" in page
    assert "gen_ai_client_inference_duration_seconds_bucket{" in page


def test_sentry(openai_server: LocalServer) -> None:
    """Its server gets the span."""
    with Raw(always(reply(b"{}"))) as sentry:
        dsn = f"http://key@127.0.0.1:{sentry.port}/1"
        _run("Sentry", openai_server, **{"https://key@example.ingest.sentry.io/1": dsn})
        assert any(b"gen_ai.request.model" in _inflated(request) for request in sentry.requests)


def test_logfire(openai_server: LocalServer) -> None:
    """It prints the span; sent it is with a token alone."""
    shown = _run("Logfire", openai_server, **{"configure()": "configure(send_to_logfire=False)"})
    assert "chat gpt-4o-mini" in shown


def test_langfuse(openai_server: LocalServer) -> None:
    """Its server gets the span with the prompt, and the keys."""
    with Raw(always(reply(b"", headers="Content-Type: application/x-protobuf\r\n"))) as langfuse:
        url = f"http://127.0.0.1:{langfuse.port}"
        _run("Langfuse", openai_server, **{"https://cloud.langfuse.com": url})
        (request,) = langfuse.requests
    assert request.startswith(b"POST /api/public/otel/v1/traces ")
    assert b"Basic cGs6c2s=" in request
    assert b"gen_ai.input.messages" in _inflated(request)


def _inflated(request: bytes) -> bytes:
    """Return the body of a request, without its compression."""
    import gzip

    head, _, body = request.partition(b"\r\n\r\n")
    return gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body
