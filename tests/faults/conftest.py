"""Make one call in each world, and say what came of it and which sockets it left."""

from __future__ import annotations

import asyncio
import logging
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sdk import Client
from sdk.errors import APIError

from .raw import Raw

MESSAGES: Any = [{"role": "user", "content": "the secret prompt"}]
KEY = "sk-test-0123456789abcdef"


class Outcome(NamedTuple):
    """What a call gave; `open` are the sockets that the client side holds while the client lives."""

    reply: Any
    error: BaseException | None
    open: int

    @property
    def failed(self) -> APIError:
        """The error, which must be one of ours."""
        assert isinstance(self.error, APIError), repr(self.error)
        return self.error

    @property
    def attempts(self) -> int:
        """How many attempts were made, by what the error or the detailed reply says."""
        return len((self.error if self.error is not None else self.reply).attempts) + 1  # type: ignore[union-attr]


#: call(server, open=..., times=1, client={...}, between=..., **arguments): a chat call in detail.
Call = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries wait no time at all, and no proxy is found."""
    monkeypatch.setattr("sdk._core.call.retry._FIRST", 0.0)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(params=["sync", "asyncio"])
def world(request: pytest.FixtureRequest) -> str:
    """Which of the two drivers a test is about."""
    return str(request.param)


@pytest.fixture
def call(world: str) -> Call:
    """Call chat.create in detail, with a client of its own. The last of `times` calls counts."""

    def blocking(
        server: Raw | str, open: int | None, times: int, client: dict[str, Any], between: Any, kwargs: Any
    ) -> Outcome:
        reply, error = None, None
        url = server if isinstance(server, str) else server.url
        with Client(**{"api_base": url, "api_key": KEY, **client}) as made:
            for number in range(times):
                if number and between is not None:
                    between()
                try:
                    reply = made.chat.create.sync_detailed(model="m", messages=MESSAGES, **kwargs)
                except Exception as raised:
                    error = raised
            return Outcome(reply, error, 0 if isinstance(server, str) else server.open(open))

    async def main(
        server: Raw | str, open: int | None, times: int, client: dict[str, Any], between: Any, kwargs: Any
    ) -> Outcome:
        reply, error = None, None
        url = server
        if not isinstance(server, str):
            server.baseline()
            url = server.url
        async with Client(**{"api_base": url, "api_key": KEY, **client}) as made:
            for number in range(times):
                if number and between is not None:
                    between()
                try:
                    reply = await made.chat.create.asyncio_detailed(model="m", messages=MESSAGES, **kwargs)
                except Exception as raised:
                    error = raised
            await asyncio.sleep(0)
            held = 0 if isinstance(server, str) else server.open(open)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return Outcome(reply, error, held)

    def either(
        server: Raw | str,
        open: int | None = 0,
        times: int = 1,
        client: dict[str, Any] | None = None,
        between: Any = None,
        **kwargs: Any,
    ) -> Outcome:
        given = (server, open, times, client or {}, between, kwargs)
        return blocking(*given) if world == "sync" else asyncio.run(main(*given))

    return either


class Certificate(NamedTuple):
    """A certificate on disk, and the context of a server that shows it."""

    file: str
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Certificate]:
    """Make a self-signed certificate for a name: `certificate("IP:127.0.0.1")`."""
    made: dict[str, Certificate] = {}

    def make(name: str) -> Certificate:
        if name not in made:
            folder: Path = tmp_path_factory.mktemp("tls")
            command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                       "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=loopback",
                       "-addext", f"subjectAltName={name}"]  # fmt: skip
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
            made[name] = Certificate(str(folder / "cert.pem"), context)
        return made[name]

    return make


@pytest.fixture
def all_frames() -> Iterator[None]:
    """Keep the SDK's frames in the tracebacks of errors, so that a test sees what they hold."""
    logger = logging.getLogger("sdk")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    yield
    logger.setLevel(level)
