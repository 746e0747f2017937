"""What the API deprecates warns once, at the line that uses it, and says so in its docstring."""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import sdk._core.runtime.warnings
from sdk import Client
from sdk.api import assistants, chat


@pytest.fixture(autouse=True)
def _nothing_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk._core.runtime.warnings, "_deprecations", set())


@pytest.fixture
def client() -> Iterator[Client]:
    answer = httpx.MockTransport(lambda request: httpx.Response(200, json={"object": "list", "data": []}))
    with Client(api_key="k", transport=answer) as client:
        yield client


def stream(client: Client) -> None:
    with client.chat.create.stream(model="m", messages=[], seed=1) as chunks:
        list(chunks)


async def awaited(client: Client) -> None:
    await client.chat.create.asyncio(model="m", messages=[], seed=1)
    await client.aclose()


FORMS: dict[str, Callable[[Client], Any]] = {
    "sync": lambda client: chat.create.sync(model="m", messages=[], seed=1, client=client),
    "bound": lambda client: client.chat.create.sync(model="m", messages=[], seed=1),
    "request": lambda client: chat.create.request(model="m", messages=[], seed=1, client=client),
    "asyncio": lambda client: asyncio.run(awaited(client)),
    "stream": stream,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_deprecated_argument_warns_once_at_the_callers_line(client: Client, form: str) -> None:
    """The warning names this file; a second call is silent."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        FORMS[form](client)
        chat.create.request(model="m", messages=[], seed=1)
    assert [(str(w.message), w.category) for w in caught] == [
        ("chat.create: the argument 'seed' is deprecated", DeprecationWarning)
    ]
    assert caught[0].filename == __file__


def test_a_deprecated_operation_warns(client: Client) -> None:
    """Using it at all warns."""
    with pytest.warns(DeprecationWarning, match=r"^assistants\.list is deprecated by the API$"):
        assistants.list.sync(client=client)


def test_docstrings_say_so() -> None:
    """The operation and the argument are marked where people read."""
    assert "Deprecated: the API will remove this operation." in (assistants.list.__doc__ or "")
    said = " ".join((chat.create.__doc__ or "").split())
    assert re.search(r"seed: (?:Deprecated: |[^:]* Deprecated[;.])", said)
