"""Any value for any option: it is taken, or the error names the option; nothing else happens, and nothing is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sdk import Client, api, models
from sdk._core.request.data import OPTION_NAMES
from sdk._openai.options import OpenAIOptions
from sdk.errors import ConfigError, RequestError

HUGE = 10**5000
CYCLE: dict[str, Any] = {}
CYCLE["a"] = [CYCLE]
#: Values of many types, among them such as are odd in their own way.
NONSENSE: list[Any] = [
    *(object(), [], [None], {}, {"a": object()}, {1: "x"}, {"a": CYCLE}, CYCLE, set[Any](), (), b"x", bytearray(b"x")),
    *("", " ", "x", "é", "€", "\0", "\ud800", "x\r\ny: z", "http://[v1.example]", "http://h^x", "http://h/\x85", "http://h\u2028"),
    *(0, 1, -1, 1.5, HUGE, -HUGE, float("nan"), float("inf"), 1j, True, False, None, Ellipsis, NotImplemented),
    *(type, Client, httpx.Client, httpx.MockTransport, httpx.Limits(), lambda: 1, ValueError("x"), iter(())),
]  # fmt: skip
nonsense = pytest.mark.parametrize("value", NONSENSE, ids=lambda value: type(value).__name__)


@pytest.mark.parametrize("option", OpenAIOptions.table)
@nonsense
def test_an_option_of_a_client(option: str, value: Any) -> None:
    """The client is made, or a ConfigError begins with the option's name."""
    try:
        made = Client(**{"api_base": "http://127.0.0.1:1/v1", "api_key": "k", option: value})
    except ConfigError as error:
        assert str(error).startswith(option)
    else:
        assert repr(made.options)
        made.close()


def test_an_admin_key_is_one_key() -> None:
    """Only api_key has keys by security scheme: the text of a mapping is no key."""
    given: Any = {"Bearer": "x"}
    with pytest.raises(ConfigError, match=r"^admin_api_key must be a str, not dict$"):
        Client(api_key="k", admin_api_key=given)


@pytest.mark.parametrize(
    ("option", "taken"),
    [
        ("transport", [None]),
        ("http_client", [None]),
        ("auth_header", ["x", None]),
        ("timeout", [1, 1.5, None]),
        ("max_retries", [0, 1, None]),
        ("strict", [True, False, None]),
        ("http_options", [{}, None]),
        ("default_query", [{}, None]),
        ("api_base", [None]),
    ],
)
def test_what_a_client_takes(option: str, taken: list[Any]) -> None:
    """Of these values it takes those, and no other: neither truth nor emptiness makes a value right."""
    found = []
    for value in NONSENSE:
        try:
            Client(**{"api_base": "http://127.0.0.1:1/v1", "api_key": "k", option: value}).close()
        except ConfigError:
            continue
        found.append(value)
    assert sorted(map(repr, found)) == sorted(map(repr, taken))


class Server:
    """Counts the requests that come."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer any request."""
        self.count += 1
        return httpx.Response(200, json={"object": "list", "data": []})


@pytest.fixture
def server() -> Iterator[tuple[Server, Client]]:
    """A server in process, and a client of it."""
    made = Server()
    with Client(api_base="http://h/v1", api_key="k", transport=httpx.MockTransport(made), max_retries=0) as client:
        yield made, client


@pytest.mark.parametrize("option", sorted(OPTION_NAMES - {"client"}))
@nonsense
def test_an_option_of_a_call(server: tuple[Server, Client], option: str, value: Any) -> None:
    """The call is made, or a RequestError says what is wrong before anything is sent."""
    made, client = server
    try:
        client.models.list.sync(**{option: value})
    except RequestError:
        assert made.count == 0
    else:
        assert made.count == 1
    made.count = 0
    try:
        asyncio.run(client.files.create.asyncio(file=b"x", purpose="batch", **{option: value}))
    except RequestError:
        assert made.count == 0
    else:
        assert made.count == 1


@nonsense
def test_a_client_of_a_call(value: Any) -> None:
    """What is no client is refused, but for None, which means the one of the process."""
    if value is not None:
        with pytest.raises(RequestError, match=r"^client= takes a Client of this SDK, not "):
            api.models.list.sync(client=value)


@pytest.mark.parametrize(
    "given",
    [{"path": 5}, {"path": "models"}, {"method": 5}, {"method": "GET /"}, {"returns": 5}, {"returns": "xml"},
     {"returns": object()}, {"query": {"a": CYCLE}}, {"headers": {"a": CYCLE}}, {"json": CYCLE}, {"json": {1: 2}},
     {"json": {"a": CYCLE}, "files": {"f": b"x"}}, {"files": {"f": "x"}}, {"query": {"a": object()}},
     {"returns": b"json"}, {"returns": bytes}, {"returns": CYCLE}],
    ids=",".join,
)  # fmt: skip
def test_a_request_without_an_operation(server: tuple[Server, Client], given: dict[str, Any]) -> None:
    """A wrong argument of client.request is told before anything is sent."""
    made, client = server
    with pytest.raises((RequestError, TypeError)):
        client.request(**{"method": "POST", "path": "/models", **given})
    assert made.count == 0


def test_a_model_that_is_no_class(server: tuple[Server, Client]) -> None:
    """A union of models says what a reply is, too."""
    reply = server[1].request("GET", "/models", returns=models.ResponseStreamEvent)
    assert reply.parsed.to_dict() == {"object": "list", "data": []}


@nonsense
def test_what_is_sent_is_a_request(server: tuple[Server, Client], value: Any) -> None:
    """client.send takes what .request(...) returned."""
    made, client = server
    with pytest.raises(TypeError, match=r"^a request is what \.request\(\.\.\.\) returns, not "):
        client.send(value)
    with pytest.raises(TypeError):
        asyncio.run(client.asend(value))
    assert made.count == 0


@pytest.mark.parametrize("option", ["timeout", "deadline", "max_retries", "extra_headers", "extra_query", "extra_body"])
@nonsense
def test_a_request_that_is_looked_at(server: tuple[Server, Client], option: str, value: Any) -> None:
    """A request that is built and not sent has its URL, headers and body, or a RequestError says what is wrong."""
    request = server[1].files.create.request(file=b"x", purpose="batch", **{option: value})
    assert request.method == "POST"
    for look in ("url", "query", "headers", "content"):
        try:
            found = getattr(request, look)
            if look == "content":
                found()
        except RequestError:
            continue
    assert server[0].count == 0
