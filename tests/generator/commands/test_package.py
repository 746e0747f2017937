"""Packages of their own, for any document: generated, imported, called and type-checked."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.commands import main
from sdk.errors import ConfigError

from ...faults.raw import Raw, always, reply
from ..conftest import Mypy
from ..shared_runtime import share

_DOCUMENTS = Path(__file__).parent / "documents"
PET = {"id": "8a4f", "name": "Rex", "born": None, "kind": 9, "seen": "2026-01-02T03:04:05Z", "class": "dog", "toy": 1}
Make = Callable[..., Any]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Make]:
    """Generate a package and import it: make("pets", *arguments)."""
    made: list[str] = []

    def build(document: str, *more: str, code: int = 0) -> Any:
        spec, package = _DOCUMENTS / f"{document}.yaml", f"{document}_{len(made)}"
        made.append(package)
        arguments = ["generate", "--spec", str(spec), "--package", package, "--out", str(tmp_path), *more]
        arguments += [] if "--naming" in more else ["--naming", "paths"]
        assert main(arguments) == code
        share(package)
        return importlib.import_module(package) if code == 0 else None

    monkeypatch.syspath_prepend(str(tmp_path))
    yield build
    for name in [n for n in sys.modules if n.partition(".")[0] in made]:
        del sys.modules[name]


def test_calls(make: Make) -> None:
    """The package's client calls its API, sync and from coroutines, and its models are its own."""
    pets = make("pets")
    with Raw(always(reply(json.dumps(PET).encode()))) as server:
        with pets.Client(api_base=server.url, api_key="secret-key") as client:
            assert re.fullmatch(r"<Client of http://127.*>", repr(client))
            pet = client.pets.retrieve.sync("a/b")
            assert (type(pet).__module__, pet.name, pet.born, pet.kind) == (
                f"{pets.__name__}.models.pet",
                "Rex",
                None,
                9,
            )
            assert (pet.seen.year, pet.to_dict()) == (2026, PET)
        asyncio.run(_acall(pets, server.url))
        assert len(server.requests) == 2


async def _acall(pets: Any, url: str) -> None:
    async with pets.Client(api_base=url, api_key="secret-key") as client:
        assert (await client.pets.create.asyncio(id="1", name="Rex")).name == "Rex"


@pytest.mark.parametrize(
    ("call", "reported"),
    [
        (lambda c: c.pets.list.sync(), b"Authorization: Bearer secret-key"),
        (lambda c: c.pets.create.sync(id="1", name="x"), b"X-Key: secret-key"),
        (lambda c: c.pets.retrieve.sync("1"), b"GET /v1/pets/1?key=secret-key HTTP"),
        (lambda c: c.pets.delete.sync("1"), b"Authorization: Basic c2VjcmV0LWtleTo="),
        (lambda c: c.pets.photo.retrieve.sync("1"), b"Cookie: sid=secret-key"),
        (lambda c: c.pets.list.sync(session="s 1", kind=2), b"Cookie: session=s%201"),
        (lambda c: c.pets.list.sync(kind=2, born_after="2026-01-01"), b"kind=2&born_after=2026-01-01"),
    ],
)
def test_keys_and_parameters(make: Make, call: Any, reported: bytes) -> None:
    """Each operation sends the key as its security scheme says, and its parameters where they belong."""
    pets = make("pets")
    with Raw(always(reply(b'{"data": [], "has_more": false}'))) as server:
        with pets.Client(api_base=server.url, api_key="secret-key", max_retries=0) as client:
            call(client)
        assert reported in server.requests[0]


def test_forms_and_no_key(make: Make) -> None:
    """A form is sent as one, and an operation without security gets no key."""
    pets = make("pets")
    with Raw(always(reply(b"welcome", headers="Content-Type: text/plain\r\n"))) as server:
        with pets.Client(api_base=server.url) as client:
            assert client.login.create.sync(user="Ann & Bob", remember=True) == "welcome"
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        assert body == b"user=Ann+%26+Bob&remember=true"
        assert b"authorization" not in head.lower()


def test_pages(make: Make) -> None:
    """Lists have iter, by the cursor that the document has."""
    pets = make("pets")
    one, two = ({"data": [{**PET, "id": i}], "has_more": i == "1", "last_id": i} for i in ("1", "2"))
    with Raw(always(*(reply(json.dumps(page).encode()) for page in (one, two)))) as server:
        with pets.Client(api_base=server.url, api_key="k") as client:
            assert [pet.id for pet in client.pets.list.iter()] == ["1", "2"]
        assert b"after=1" in server.requests[1]


def test_the_environment_has_its_own_prefix(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key and base URL come from the package's variables, from those of single schemes, else from the document."""
    pets = make("pets")
    prefix = pets.__name__.upper()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-api")
    assert pets.Client().options.api_base == "https://eu.pets.example/v2"
    with pytest.raises(ConfigError, match=f"pets.list needs a key for bearer.*{prefix}_API_KEY or {prefix}_BEARER"):
        pets.Client(max_retries=0).pets.list.sync()
    monkeypatch.setenv(f"{prefix}_API_BASE", "nonsense")
    with pytest.raises(ConfigError, match=f"{prefix}_API_BASE"):
        pets.Client()
    with Raw(always(reply(b'{"data": [], "has_more": false}'))) as server:
        monkeypatch.setenv(f"{prefix}_API_BASE", server.url)
        monkeypatch.setenv(f"{prefix}_BEARER", "from-the-environment")
        pets_api = importlib.import_module(f"{pets.__name__}.api.pets")
        pets_api.list.sync()  # the process-wide client of this package
        assert b"Bearer from-the-environment" in server.requests[0]
        from sdk._core.client import default as _client

        _client._defaults.pop(pets.__name__)[0].close()


def test_several_schemes_together(make: Make) -> None:
    """Keys by scheme: the first alternative for which all are there; none where the API asks for none."""
    chat = make("chat")
    ask: Any = {"messages": [{"role": "user", "text": "hi"}]}
    with Raw(always(reply(b'{"text": "ho"}'))) as server:
        for key in (
            {"oauth": "o-key-1", "tenant": "t-key-1"},
            {"key": "k-key-1", "tenant": "t"},
            {"tenant": "t-only-1"},
        ):
            with chat.Client(api_base=server.url, api_key=key) as client:
                assert client.chat.create.sync(**ask).text == "ho"
                assert "key-1" not in repr(client.options)
    assert b"Bearer o-key-1" in server.requests[0] and b"X-Tenant: t-key-1" in server.requests[0]
    assert b"Bearer k-key-1" in server.requests[1] and b"X-Tenant" not in server.requests[1]
    assert b"Authorization" not in server.requests[2]


def test_streams(make: Make) -> None:
    """A declared event stream is one in the package too."""
    chat = make("chat")
    body = b'data: {"delta": "a"}\n\ndata: {"delta": "b"}\n\ndata: [DONE]\n\n'
    with (
        Raw(always(reply(body, headers="Content-Type: text/event-stream\r\n"))) as server,
        chat.Client(api_base=server.url, api_key="k") as client,
        client.chat.create.stream(messages=[]) as stream,
    ):
        assert [piece.delta for piece in stream] == ["a", "b"]


def test_names_that_collide(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the rules give two operations one name, the operationId decides, and the report lists it."""
    chat = make("chat")
    reported = capsys.readouterr().out.splitlines()
    start, inside = "named by its operationId: POST", "things.create.things_create_inside"
    assert reported[:2] == [
        f"{start} /things/{{id}}/create is {inside}, not things.create.create",
        f"{start} /things is things.things_make, not things.create",
    ]
    client = chat.Client(api_key=None, api_base="http://localhost")
    assert client.things.things_make.path == "/things"
    assert client.things.create.create.path == "/things/create"
    assert client.things.create.things_create_inside.path == "/things/{id}/create"


def test_a_part(make: Make, tmp_path: Path) -> None:
    """--include keeps some resources, and only the schemas that they use."""
    chat = make("chat", "--include", "chat")
    files = {p.name for p in (tmp_path / chat.__name__ / "models").glob("*.py")}
    assert {"message.py", "reply.py"} <= files
    assert not {"unused.py", "things.py"} & files


def test_what_cannot_be_expressed(make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One error with its pointer and a way out, and nothing written; --lenient takes it as any value and says so."""
    make("odd", code=1)
    reported = capsys.readouterr().err
    assert "/paths/~1mixed/post" in reported
    assert "write form, spaceDelimited, pipeDelimited or deepObject" in reported
    assert list(tmp_path.iterdir()) == []
    make("odd", "--lenient")
    place = "/paths/~1mixed/post/requestBody/content/multipart~1form-data/encoding/a/style"
    reported = f"read as any value, sent as multipart/form-data: at {place}: a field of a form cannot have the style"
    assert reported in capsys.readouterr().out


def test_the_files_around_it(make: Make, tmp_path: Path) -> None:
    """pyproject.toml, README and py.typed are there; generating again touches nothing; a README of one's own stays."""
    make("pets")
    project = (tmp_path / "pyproject.toml").read_text()
    assert 'name = "pets-0"' in project
    assert 'version = "2.1"' in project
    assert '"httpx>=0.28,<0.29",' in project and "openai" not in project
    assert "PETS_0_API_KEY" in (tmp_path / "README.md").read_text()
    assert (tmp_path / "pets_0/py.typed").exists()
    for name in ("README.md", "pyproject.toml", ".github/workflows/ci.yml"):
        (tmp_path / name).write_text("# mine\n")
    make("pets")
    for name in ("README.md", "pyproject.toml", ".github/workflows/ci.yml"):
        assert (tmp_path / name).read_text() == "# mine\n"


@pytest.mark.long
@pytest.mark.timeout(240)
def test_it_type_checks(make: Make, tmp_path: Path, mypy: Mypy) -> None:
    """mypy --strict finds nothing in the packages, and knows what their calls return."""
    pets, chat, kinds = make("pets"), make("chat"), make("kinds")
    (tmp_path / "use.py").write_text(
        "from datetime import date\nfrom typing import Any, assert_type\n"
        f"from {pets.__name__} import Client\nfrom {pets.__name__}.models import Pet\n"
        f"from {chat.__name__} import Client as Chat\nfrom {chat.__name__}.models import Reply\n"
        f"from {kinds.__name__}.files import BinaryReply\n"
        f"from {kinds.__name__} import Client as Kinds\nfrom {kinds.__name__}.models import Place\n"
        'assert_type(Client().pets.retrieve.sync("1"), Pet)\n'
        'assert_type(Chat().chat.create.sync(messages=[{"role": "user", "text": "x"}]), Reply)\n'
        "k = Kinds()\n"
        "assert_type(k.scalar.retrieve.sync(), int)\n"
        "assert_type(k.days.list.sync(), list[date])\n"
        "assert_type(k.free.retrieve.sync(), Any)\n"
        "assert_type(k.words.retrieve.sync(), dict[str, str])\n"
        'assert_type(k.reports.retrieve.sync([1, 2], x_where={"x": 1}), Place | str | BinaryReply | None)\n'
        'assert_type(k.orders.create.sync(body="<a/>"), Place)\n'
        'k.orders.update.sync(x=1, map=b"")\n'
        "assert_type([t for t in k.texts.retrieve.stream()], list[str])\n"
        "assert_type([m.x for m in k.moves.retrieve.stream()], list[int])\n"
    )
    parts = [argument for package in (pets, chat, kinds) for argument in ("-p", package.__name__)]
    assert mypy(tmp_path, *parts, "-m", "use").startswith("Success")


def test_its_errors_are_about_it_alone(make: Make) -> None:
    """A package says which of its own names is meant, and knows no name of another package."""
    chat = make("chat")
    client = chat.Client(api_base="http://127.0.0.1:9", api_key="k")
    with pytest.raises(AttributeError) as raised:
        _ = client.chat.completions
    assert str(raised.value) == "the resource <chat> has no attribute 'completions'; it has create"
    with pytest.raises(AttributeError, match="'Client' has no attribute 'chats': did you mean 'chat'"):
        _ = client.chats
    with pytest.raises(AttributeError) as raised:
        _ = chat.models.Reply.from_dict({}).model_dump
    assert "use" not in str(raised.value)


@pytest.mark.long
@pytest.mark.timeout(240)
def test_a_removed_operation_is_found(make: Make, tmp_path: Path, mypy: Mypy) -> None:
    """What a package does not have is an error of the type check: after an update, an operation that is gone."""
    pets = make("pets")
    (tmp_path / "use.py").write_text(
        f"from {pets.__name__} import Client\nfrom {pets.__name__}.api import pets\n"
        'Client().pets.nope.sync("1")\nClient().pet.retrieve.sync("1")\npets.nope.sync("1")\n'
        'Client().pets.retrieve("1")\nClient().pets.retrieve.sync("1")\n'
    )
    found = mypy(tmp_path, "-m", "use")
    assert re.findall(r"use.py:(\d+): error:", found) == ["3", "4", "5", "6"]
