"""What the errors of a package say: its own variables and product, and nothing of another API's."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from sdk.errors import APIConnectionError, APIStatusError

from ..packages import OK, Packages

_FOREIGN = re.compile(r"(?i)openai|\bsdk\b|\bopenai-compatible")
_THINGS = f"""
paths:
  /things:
    get: {{operationId: things_list, {OK}}}
  /models:
    get: {{operationId: models_list, {OK}}}
  /chat:
    post:
      operationId: chat
      requestBody:
        content: {{application/json: {{schema: {{type: object, properties: {{model: {{type: string}}}}}}}}}}
      {OK}
"""


def _failing(made: Any, status: int, seen: list[httpx.Request], **options: Any) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, json={"error": {"message": "no model m1"}})

    given = {"api_base": "http://t/v1/things", "api_key": None, "max_retries": 0, **options}
    return made.Client(transport=httpx.MockTransport(answer), **given)


@pytest.mark.parametrize("status", [401, 404, 429])
def test_errors_and_user_agent(packages: Packages, status: int) -> None:
    """Message, hint and User-Agent name the package alone; no server is asked for its models."""
    made = packages(_THINGS)
    seen: list[httpx.Request] = []
    with pytest.raises(APIStatusError) as caught:
        _failing(made, status, seen).chat.create.sync(model="m1")
    reported = f"{caught.value} {caught.value!r} {seen[0].headers['user-agent']}"
    assert not _FOREIGN.search(reported)
    assert len(seen) == 1
    if status == 404:
        assert caught.value.hint == "api_base= ends in /things, which is the path of an operation: leave that out."


def test_variables_and_log(
    packages: Packages, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A hint and the log name the variable of the package, and not that of another one, which is set too."""
    made = packages(_THINGS)
    variable = made.Client._service.variable("api_base")
    monkeypatch.setenv("OPENAI_API_BASE", "http://wrong.invalid")
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with made.Client(api_key=None, max_retries=0) as client, pytest.raises(APIConnectionError) as caught:
        client.things.retrieve.sync()
    assert caught.value.hint == f"Is the server running, and is the base URL ({variable}) right?"

    async def three() -> None:
        async def answer(_: httpx.Request) -> httpx.Response:
            await asyncio.sleep(0)
            return httpx.Response(200, json={})

        async with made.Client(api_base="http://t", api_key=None, transport=httpx.MockTransport(answer)) as client:
            await asyncio.gather(*[client.things.retrieve.asyncio() for _ in range(3)])

    asyncio.run(three())
    ((_, _, line),) = caplog.record_tuples
    assert made.Client._service.variable("max_in_flight") in line
    assert not _FOREIGN.search(line.replace(str(packages.folder), ""))
