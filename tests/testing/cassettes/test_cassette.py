"""Cassettes: recorded once, played without a socket, without secrets."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdk import Client
from sdk._core.http.transport import Transport
from sdk.errors import RateLimitError
from sdk.testing import Cassette, LocalServer, NotOnTapeError, cassette
from sdk.testing.cassettes.tape import Interaction, TapeRequest, TapeResponse, load, save

from ..wire import user

KEY, ORG, PROJECT = "sk-very-secret-key-1234", "org-secret-organisation", "proj-secret-project"
GIVEN: dict[str, Any] = {"model": "gpt-4o-mini", "messages": [user("Grüße\n and a line: #1")]}


@pytest.fixture
def machine() -> Iterator[LocalServer]:
    """A server with a key, to record from."""
    with LocalServer(api_key=KEY, allow_unknown=True) as server:
        yield server


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """Where the tape goes."""
    return tmp_path / "tapes" / "one.yaml"


def client_of(url: str, **options: Any) -> Client:
    """Return a client with all kinds of secrets."""
    settings: dict[str, Any] = {"api_key": KEY, "organization": ORG, "project": PROJECT, "max_retries": 0, **options}
    return Client(api_base=url, http_options={"trust_env": False}, **settings)


def chat(client: Client, **more: Any) -> Any:
    """Return the reply to the message."""
    create: Any = client.chat.create
    return create.sync(**{**GIVEN, **more})


def pieces(client: Client) -> list[Any]:
    """Return the chunks of a streamed reply."""
    create: Any = client.chat.create
    with create.stream(**GIVEN) as stream:
        return [chunk.to_dict() for chunk in stream]


async def apieces(url: str) -> list[Any]:
    """Return the chunks of a reply streamed from a coroutine."""
    async with client_of(url) as client:
        create: Any = client.chat.create
        async with create.asyncio_stream(**GIVEN) as stream:
            return [chunk.to_dict() async for chunk in stream]


def test_plays_what_it_recorded_without_a_server(machine: LocalServer, tape: Path) -> None:
    """The first run asks the server, the second is answered by the tape, the same in all that is read of it."""
    with cassette(tape), client_of(machine.url) as client:
        first = [chat(client).to_dict(), pieces(client), client.models.list.sync().to_dict()]
    recorded = len(machine.requests)
    machine.stop()
    with cassette(tape), client_of(machine.url) as client:
        assert [chat(client).to_dict(), pieces(client), client.models.list.sync().to_dict()] == first
    assert (recorded, len(machine.requests)) == (3, 3)


def test_plays_to_coroutines(machine: LocalServer, tape: Path) -> None:
    """What a coroutine recorded, streams included, coroutines and threads can play."""

    async def run() -> Any:
        async with cassette(tape):
            return await apieces(machine.url)

    first = asyncio.run(run())
    machine.stop()
    assert asyncio.run(run()) == first
    with cassette(tape), client_of(machine.url) as client:
        assert pieces(client) == first


def test_opens_no_socket_when_it_plays(machine: LocalServer, tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With connecting made impossible, a tape still plays."""
    with cassette(tape), client_of(machine.url) as client:
        first = chat(client).to_dict()

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    with cassette(tape, mode="none"), client_of(machine.url) as client:
        assert chat(client).to_dict() == first


def test_keeps_bodies_byte_for_byte(machine: LocalServer, tape: Path) -> None:
    """Bytes that are no text, and texts with odd ends of lines, come back as they were."""
    texts = [
        "a\r\nb\rc\n\n ",
        "\u2028 \n",
        "\u2029",
        "\x85\n",
        "\ufeff\nx",
        "  leading\n",
        "",
        "🎈\n",
        "\n",
        "\t\n",
        "# x\n",
    ]
    odd = [bytes(range(256)), *(text.encode() for text in texts)]
    for body in odd * 2:
        machine.on(operation="files.content").reply_bytes(body, headers={"content-type": "application/x"})
    with cassette(tape), client_of(machine.url) as client:
        recorded = [bytes(client.files.content.sync("f")) for _ in odd]
    machine.stop()
    with cassette(tape), client_of(machine.url) as client:
        assert recorded == [bytes(client.files.content.sync("f")) for _ in odd] == odd


# Each example is a file: on a busy machine Hypothesis would call that too slow.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "replace"))), max_size=4))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    """Whatever the pieces of a stream are, the file gives back the same."""
    path = tmp_path_factory.mktemp("tape") / "any.yaml"
    headers = [("content-type", "text/event-stream")]
    response = TapeResponse.of(200, headers, pieces, [])
    save(path, [Interaction(TapeRequest("GET", "here", "/v1/x"), response)])
    (found,) = load(path)
    assert found.response == response
    assert b"".join(found.response.pieces) == b"".join(pieces)


def test_keeps_the_framing_of_a_stream(tape: Path) -> None:
    """A stream comes back in the pieces in which it came, cut where they were cut, even inside of a letter."""
    sent = [b'data: {"a":', b"1}\n\ndata: \xc3", b"\xa9\n", b"\n"]

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=iter(sent))

    def read(box: Cassette) -> list[bytes]:
        inner = httpx.MockTransport(answer)
        with httpx.Client(transport=box.transport(inner)) as client, client.stream("GET", "http://h/v1/x") as reply:
            return list(reply.iter_raw())

    assert read(Cassette(tape)) == sent
    assert read(Cassette(tape, mode="none")) == sent


def test_no_secret_is_written_down(machine: LocalServer, tape: Path) -> None:
    """The key, the organisation, the project and cookies are nowhere, though the server and the request repeat them."""
    machine.on(operation="models.list").reply_json(
        {"object": "list", "data": [], "you": KEY, "org": ORG},
        headers={"set-cookie": "session=very-secret-cookie", "openai-organization": ORG, "x-note": f"for {PROJECT}"},
    )
    with cassette(tape), client_of(machine.url) as client:
        client.models.list.sync(extra_query={"api_key": "another-secret"}, extra_headers={"Cookie": "c=biscuit-secret"})
        chat(client, messages=[user(f"My key is {KEY}")])
    text = tape.read_text(encoding="utf-8")
    for secret in (KEY, ORG, PROJECT, "very-secret-cookie", "another-secret", "biscuit-secret", "organization"):
        assert secret not in text
    assert text.count("REDACTED") >= 5
    machine.stop()
    with cassette(tape), client_of(machine.url, api_key="another-key-5678") as client:
        client.models.list.sync(extra_query={"api_key": "a third secret"})


def test_keys_that_the_api_gives_away_are_on_no_tape(machine: LocalServer, tape: Path) -> None:
    """A new key in a reply, a session's secret, a tool's authorization in a request: none is written down."""
    given: Any = {
        "tools": [{"type": "mcp", "server_label": "s", "server_url": "http://s", "authorization": "token-of-the-tool",
                   "headers": {"Authorization": "Bearer header-of-the-tool", "X-Team": "blue"}}],
        "input": "The key sk-proj-0123456789abcdef is old.",
    }  # fmt: skip
    answer = {"value": "ek_0123456789abcdef", "client_secret": 'se"cret-of-a-session', "api_key": {"value": KEY}}
    streamed = b'data: {"client_secret": "streamed-secret", "delta": "ek-abcdefghijklmnop"}\n\n'
    with cassette(tape), client_of(machine.url) as client:
        machine.reply_json({"id": "r", "object": "response", "output": [], **answer})
        client.responses.create.sync(model="m", **given)
        machine.reply_bytes(streamed, headers={"content-type": "text/event-stream"})
        client.request("GET", "/x", returns="text")
    text = tape.read_text(encoding="utf-8")
    secrets = ("token-of-the-tool", "header-of-the-tool", "0123456789abcdef", "cret-of-a-session", "streamed-secret")
    assert [secret for secret in (*secrets, "abcdefghijklmnop", KEY) if secret in text] == []
    assert "blue" in text
    assert text.count("REDACTED") >= 8
    machine.stop()
    with cassette(tape), client_of(machine.url) as client:
        assert client.responses.create.sync(model="m", **given).additional_properties["client_secret"] == "REDACTED"


def test_a_tape_can_be_read(machine: LocalServer, tape: Path) -> None:
    """A tape is YAML: requests and JSON replies as data, texts as texts, a version."""
    machine.reply("line one\nline two")
    with cassette(tape), client_of(machine.url) as client:
        chat(client)
        pieces(client)
    found = yaml.safe_load(tape.read_text(encoding="utf-8"))
    assert found["version"] == 1
    request = found["interactions"][0]["request"]
    assert (request["method"], request["path"], request["body"]) == ("POST", "/v1/chat/completions", GIVEN)
    assert found["interactions"][0]["response"]["json"]["choices"][0]["message"]["content"] == "line one\nline two"
    streamed = found["interactions"][1]["response"]  # the network may join its pieces to one
    assert all(isinstance(piece, str) for piece in streamed.get("pieces", [streamed.get("body")]))


@pytest.mark.parametrize(
    "body",
    [
        b'{"b":1,"a":[1.5,1e22,"\xc3\xa4",null,true,-0.0]}', b'{"a": "\\u00e4"}', b'{\n  "a": [],\n  "b": {}\n}\n',
        b'"x"', b'{"a" :1}', b'{"a":1,"a":2}', b"[1.0e5]", b"no JSON", b"", b'"\\ud800"', b'{"a":"\\u2028 \\ufeff"}',
        b'{"no":"on"}', b'{"a":123456789012345678901234567890}', b'{"a":NaN}',
        b'["2026-01-01","1e3","0x10","~","null"]',
    ],
)  # fmt: skip
def test_json_comes_back_byte_for_byte(tape: Path, body: bytes) -> None:
    """However a server writes JSON, its bytes are played as they were."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "application/json"}, content=body)

    with httpx.Client(transport=Cassette(tape).transport(httpx.MockTransport(answer))) as client:
        assert client.get("http://here/x").content == body
    with httpx.Client(transport=Cassette(tape, mode="none").transport()) as client:
        assert client.get("http://here/x").content == body


def test_recording_again_changes_nothing_that_did_not_change(tape: Path) -> None:
    """A tape has no times and no order of chance: the same answers give the same file."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"date": f"{len(texts)}"}, json={"object": "list", "data": []})

    texts: list[str] = []
    for _ in range(2):
        transport = Cassette(tape, mode="all").transport(httpx.MockTransport(answer))
        with client_of("http://here/v1", transport=transport) as client:
            client.models.list.sync()
        texts.append(tape.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]


def test_an_unknown_request_fails_with_the_nearest(machine: LocalServer, tape: Path) -> None:
    """A request that is not on the tape shows how it differs from the nearest that is."""
    with cassette(tape), client_of(machine.url) as client:
        client.models.list.sync()
        chat(client, temperature=0.5)
        with pytest.raises(NotOnTapeError) as caught, cassette(tape):
            chat(client, temperature=0.7)
    reported = str(caught.value)
    assert "number 2 of 2" in reported
    assert '-  "temperature": 0.5' in reported
    assert '+  "temperature": 0.7' in reported
    assert "models" not in reported


def test_a_request_plays_as_often_as_it_was_made(machine: LocalServer, tape: Path) -> None:
    """The same request twice gives both answers in order, and a third one fails."""
    machine.reply("One.")
    machine.reply("Two.")
    with cassette(tape), client_of(machine.url) as client:
        assert [chat(client).choices[0].message.content for _ in range(2)] == ["One.", "Two."]
    with cassette(tape) as box, client_of(machine.url) as client:
        assert [chat(client).choices[0].message.content for _ in range(2)] == ["One.", "Two."]
        assert box.unplayed == []
        with pytest.raises(NotOnTapeError, match="already been played"):
            chat(client)


def test_a_new_episode_is_recorded(machine: LocalServer, tape: Path) -> None:
    """`new_episodes` plays what is there and records the rest; `none` records nothing."""
    with cassette(tape, mode="new_episodes"), client_of(machine.url) as client:
        client.models.list.sync()
    with cassette(tape, mode="new_episodes"), client_of(machine.url) as client:
        client.models.list.sync()
        chat(client)
    assert [request.operation for request in machine.requests] == ["models.list", "chat.create"]
    empty = pytest.raises(NotOnTapeError, match="The tape is empty")
    with cassette(tape.with_name("none.yaml"), mode="none"), client_of(machine.url) as client, empty:
        chat(client)
    assert not tape.with_name("none.yaml").exists()


def test_errors_and_their_retries_are_recorded(machine: LocalServer, tape: Path) -> None:
    """An answer that is an error plays as one, and so does what a retry got."""
    machine.fail(429, retry_after=0)
    with cassette(tape), client_of(machine.url, max_retries=1) as client:
        first = chat(client).to_dict()
    machine.stop()
    with cassette(tape), client_of(machine.url, max_retries=1) as client:
        assert chat(client).to_dict() == first
    with cassette(tape), client_of(machine.url) as client, pytest.raises(RateLimitError):
        chat(client)


def test_forms_match_though_their_boundaries_differ(machine: LocalServer, tape: Path) -> None:
    """An upload plays again for the same file, and not for another; a file that can be read once is recorded."""

    class Once(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self._rest = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            return self._rest.readinto(buffer)

    def send(client: Client, content: bytes) -> str:
        file: Any = ("f.bin", Once(content))
        return client.files.create.sync(file=file, purpose="user_data").id

    with cassette(tape), client_of(machine.url) as client:
        id = send(client, b"\x00\xff" * 5_000)
    assert machine.state.files[id].content == b"\x00\xff" * 5_000
    with cassette(tape), client_of(machine.url) as client:
        with pytest.raises(NotOnTapeError, match="sha256"):
            send(client, b"\x00\xfe" * 5_000)
        assert send(client, b"\x00\xff" * 5_000) == id


def test_another_port_is_the_same_server_unless_the_host_counts(machine: LocalServer, tape: Path) -> None:
    """The host is not compared by default, and is where it is asked for."""
    with cassette(tape), client_of(machine.url) as client:
        client.models.list.sync()
    with cassette(tape), client_of("http://elsewhere.invalid/v1") as client:
        client.models.list.sync()
    strict = cassette(tape, match_on=("host", "path"))
    with strict, client_of("http://elsewhere.invalid/v1") as client, pytest.raises(NotOnTapeError):
        client.models.list.sync()


@pytest.mark.parametrize("in_loop", [False, True])
def test_a_transport_plays_to_one_client(machine: LocalServer, tape: Path, in_loop: bool) -> None:
    """`Client(transport=...)` records from the network, and plays, while other clients are left alone."""

    def run() -> Any:
        client = client_of(machine.url, transport=Cassette(tape).transport())
        if not in_loop:
            with client:
                return chat(client).to_dict()

        async def ask() -> Any:
            async with client:
                create: Any = client.chat.create
                return (await create.asyncio(**GIVEN)).to_dict()

        return asyncio.run(ask())

    first = run()
    assert run() == first
    assert len(machine.requests) == 1
    with client_of(machine.url) as other:
        other.models.list.sync()
    assert len(machine.requests) == 2


def test_leaves_nothing_behind(machine: LocalServer, tape: Path) -> None:
    """After the block, even one that failed, clients talk to the server again."""
    before = (Transport.send, Transport.asend)
    with pytest.raises(KeyError), cassette(tape), cassette(tape.with_name("two.yaml")):
        raise KeyError
    assert (Transport.send, Transport.asend) == before


def test_refuses_what_is_no_cassette(tmp_path: Path) -> None:
    """A wrong file, mode or part is an error that names it."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("a: 1\n")
    with pytest.raises(ValueError, match="not a cassette of version 1"):
        cassette(wrong)
    with pytest.raises(ValueError, match="mode= must be one of"):
        cassette(wrong, mode="sometimes")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="not colour"):
        cassette(wrong, match_on=("colour",))
