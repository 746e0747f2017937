"""What is no OpenAPI document is named as what it is, with the way out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.document.load import load
from generator.document.location import STDIN, Url, forget, location_of
from generator.errors import GeneratorError

from ...faults.raw import Raw, always, reply
from ..conftest import Write

PAGE = '<!DOCTYPE html>\n<html><script>SwaggerUIBundle({ url: "/v1/openapi.json" })</script></html>\n'


def refused(path: Path | Url) -> tuple[str, str | None]:
    """Load what must be refused; return the problem and the hint."""
    with pytest.raises(GeneratorError) as caught:
        load(path)
    return caught.value.problem, caught.value.hint


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"asyncapi": "2.0.0"}, "this is AsyncAPI, which describes messages, not calls"),
        ({"discoveryVersion": "v1"}, "this is a discovery document of Google, not OpenAPI"),
        ({"info": {"_postman_id": "1"}, "item": []}, "this is a collection of Postman, not an OpenAPI document"),
        ({"swaggerVersion": "1.2"}, "this is Swagger 1.2, which is older than 2.0"),
        ({"overlay": "1.0.0", "actions": []}, "this is an overlay, not an OpenAPI document"),
        ({"openrpc": "1.2.6"}, "this is OpenRPC, not OpenAPI"),
        ({"$schema": "https://json-schema.org/x"}, "this is a JSON schema, not an OpenAPI document"),
        ({"type": "object"}, "this is not an OpenAPI document: it has no `openapi`"),
    ],
)
def test_other_kinds(write: Write, data: object, problem: str) -> None:
    """Each kind of description has a message of its own."""
    assert refused(write(json.dumps(data), "d.json"))[0] == problem


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        (PAGE, "this is a web page, not an OpenAPI document", "give the document that it shows: /v1/openapi.json"),
        ("<html></html>", "this is a web page, not an OpenAPI document", "give the document that such a page shows, "
         "often at /openapi.json, /v3/api-docs or /swagger.json"),
        ('<?xml version="1.0"?><a/>', "this is XML, not an OpenAPI document", "convert it to OpenAPI first"),
    ],
)  # fmt: skip
def test_pages(write: Write, text: str, problem: str, hint: str) -> None:
    """A page is no broken YAML, and its script often names the document."""
    assert refused(write(text)) == (problem, hint)


def test_the_page_of_a_server() -> None:
    """The hint has the whole URL of the document that a page on a server shows."""
    with Raw(always(reply(PAGE.encode()))) as server:
        forget()
        assert refused(Url(f"{server.url}/docs"))[1] == f"try --spec {server.url.removesuffix('/v1')}/v1/openapi.json"


def test_a_merge_key_is_no_tag(write: Write) -> None:
    """YAML may begin with `<<`."""
    assert refused(write("<<: {openapi: 3.1.0}\n"))[0] == "not valid OpenAPI: 'info' is missing"


def test_utf_16_is_read(tmp_path: Path) -> None:
    """A document that a shell of Windows wrote has two bytes for each character, and says so."""
    path = tmp_path / "d.yaml"
    path.write_bytes("openapi: 3.1.0\ninfo: {title: Zoö, version: '1'}\npaths: {}\n".encode("utf-16"))
    assert load(path).data["info"]["title"] == "Zoö"


def test_a_closed_door() -> None:
    """A server that wants a key is asked by another program, and its answer piped."""
    with Raw(always(reply(b"", "401 Unauthorized"))) as server:
        forget()
        hint = refused(Url(server.url))[1]
    assert hint == f'pipe it: curl -H "Authorization: Bearer ..." {server.url} | sdkwright generate --spec -'


def test_locations(tmp_path: Path) -> None:
    """A file URL is a path, and other schemes are refused."""
    assert location_of(f"file://{tmp_path}/a%20b.yaml") == tmp_path / "a b.yaml"
    with pytest.raises(GeneratorError, match="ftp://x: documents come from http and https alone"):
        location_of("ftp://x")


def test_nothing_on_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty pipe is the fault of the command before it; the message calls the standard input by its name."""
    monkeypatch.setattr("generator.document.location._READ", {STDIN: b""})
    with pytest.raises(GeneratorError) as caught:
        load(STDIN)
    assert str(caught.value) == (
        "the standard input: at the top of the document: the file is empty\n"
        "  to fix: check the command before the pipe: it printed nothing"
    )
