"""To switch telemetry on and off: for one client, for all, in threads and tasks, for other packages."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import pytest

from sdk import Client, telemetry
from sdk._core.client.base import BaseClient
from sdk._core.service import Service
from sdk.testing import LocalServer

from ..faults.raw import Raw, always, reply
from .conftest import ASK, Telemetry

_ROOT = Path(__file__).parents[2]


def test_all_clients(openai_server: LocalServer, recorded: Telemetry) -> None:
    """Those that there are, and those that come; until it is switched off."""
    with Client() as before:
        recorded.instrument()
        with Client() as after:
            for client in (before, after):
                client.chat.create.sync(**ASK)
            assert len(recorded.spans()) == 2
            telemetry.uninstrument()
            for client in (before, after):
                client.chat.create.sync(**ASK)
    assert len(recorded.spans()) == 2


def test_the_process_wide_client(openai_server: LocalServer, recorded: Telemetry) -> None:
    """A call without a client is one of all."""
    from sdk.api.chat import create

    recorded.instrument()
    create.sync(**ASK)
    assert recorded.span().name == "chat gpt-4o-mini"


def test_one_client(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Others have no telemetry; what is made from it has."""
    with Client() as other, client.with_options(timeout=5) as derived:
        other.chat.create.sync(**ASK)
        assert recorded.spans() == []
        derived.chat.create.sync(**ASK)
    assert len(recorded.spans()) == 1
    telemetry.uninstrument(client)
    client.chat.create.sync(**ASK)
    assert len(recorded.spans()) == 1


def test_a_client_of_ones_own_telemetry_makes_one_span(
    client: Client, openai_server: LocalServer, recorded: Telemetry
) -> None:
    """A client that is instrumented by itself and with all others has one span, and so has one instrumented twice."""
    recorded.instrument()
    recorded.instrument(client)
    client.chat.create.sync(**ASK)
    assert len(recorded.spans()) == 1
    assert recorded.metrics()["gen_ai.client.inference.duration"][0].count == 1


@pytest.mark.parametrize("given", ["key", Client])
def test_what_is_no_client(given: Any) -> None:
    """It is refused where it is given."""
    for switch in (telemetry.instrument, telemetry.uninstrument):
        with pytest.raises(TypeError, match="client= must be a Client, not"):
            switch(given)


def test_fifty_threads(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Each call is the child of the span of its own thread."""
    tracer = recorded.tracers.get_tracer("program")

    def one(number: int) -> tuple[int, int]:
        with tracer.start_as_current_span("thread") as parent:
            client.chat.create.sync(model=f"m{number}", messages=ASK["messages"])
            return number, parent.get_span_context().span_id

    with ThreadPoolExecutor(50) as pool:
        parents = {f"chat m{number}": span_id for number, span_id in pool.map(one, range(50))}
    assert {span.name: span.parent and span.parent.span_id for span in recorded.spans("chat")} == parents
    points = recorded.metrics()["gen_ai.client.inference.duration"]
    assert sum(point.count for point in points) == len(points) == 50


def test_contexts_of_tasks(openai_server: LocalServer, recorded: Telemetry) -> None:
    """Fifty tasks at once, with streams: each call is the child of the span of its own task."""
    tracer = recorded.tracers.get_tracer("program")

    async def one(client: Client, number: int) -> tuple[str, int]:
        with tracer.start_as_current_span("task") as parent:
            create = client.chat.create
            async with create.asyncio_stream(model=f"m{number}", messages=ASK["messages"]) as stream:
                await stream.final()
            return f"chat m{number}", parent.get_span_context().span_id

    async def main() -> dict[str, int]:
        async with Client(max_in_flight=50) as client:
            recorded.instrument(client)
            return dict(await asyncio.gather(*[one(client, number) for number in range(50)]))

    parents = asyncio.run(main())
    assert {span.name: span.parent and span.parent.span_id for span in recorded.spans("chat")} == parents
    assert len(parents) == 50


class _Things(BaseClient):
    """The client of another API."""

    _service: ClassVar[Service] = Service(title="Things", base_url="", prefix="THINGS", product="things/1.2")


def test_the_client_of_another_api(recorded: Telemetry) -> None:
    """It has the names of HTTP clients, and its package is the scope."""
    with Raw(always(reply(b"{}"))) as server, _Things(api_base=server.url, api_key="k") as client:
        telemetry.instrument(client, tracer_provider=recorded.tracers, meter_provider=recorded.meters)
        client.request("GET", "/things", query={"token": "secret"})
    span = recorded.span()
    assert (span.name, dict(span.attributes or {})["url.full"]) == ("GET /things", f"{server.url}/things?token=***")
    scope = span.instrumentation_scope
    assert scope is not None
    assert (scope.name, scope.version) == ("things", "1.2")


def test_without_a_provider_nothing_is_recorded_and_no_header_sent(openai_server: LocalServer) -> None:
    """A program that has the API alone pays little, and works."""
    telemetry.instrument()
    try:
        with Client() as client:
            client.chat.create.sync(**ASK)
    finally:
        telemetry.uninstrument()
    assert "traceparent" not in openai_server.requests[0].headers


def test_without_the_package_it_says_what_to_install() -> None:
    """To import the module needs nothing; to instrument needs the API of OpenTelemetry."""
    code = (
        "import sys\nsys.modules['opentelemetry'] = None\nfrom sdk import telemetry\n"
        "try:\n    telemetry.instrument()\nexcept Exception as error:\n    print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("ConfigError telemetry needs the package opentelemetry-api (")
