"""Multipart bodies: names of every script, in fields, in files and on a cassette."""

from pathlib import Path

import httpx
import pytest

from sdk import Client
from sdk.testing import LocalServer, cassette
from sdk.testing.server.multipart import read_parts

#: ISO-8859-1, beyond it, beyond the first plane, typographic quotes, from right to left.
NAMES = ("a.txt", "é.txt", "日本語.txt", "Ωmega.pdf", "“quoted”.txt", "😀.png", "שלום.txt")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_fields_and_files(name: str) -> None:
    """The parts have the names that were sent."""
    body = (
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n1\r\n'
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\nx\r\n--b--\r\n'
    )
    parts = read_parts("multipart/form-data; boundary=b", body.encode())
    assert [(found, part.filename, part.text) for found, part in parts] == [(name, None, "1"), ("file", name, "x")]


def test_a_name_that_is_no_utf_8() -> None:
    """Bytes of another encoding are replaced; the form is read all the same."""
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="\xe9.txt"\r\n\r\nx\r\n--b--\r\n'
    assert [part.filename for _, part in read_parts("multipart/form-data; boundary=b", body)] == ["\ufffd.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_the_server_stores_the_name(name: str, tmp_path: Path) -> None:
    """An upload is checked, described and recorded on a cassette under its name."""
    with (
        LocalServer() as server,
        Client(
            api_base=server.url,
            api_key=server.api_key,
            max_retries=0,
            transport=cassette(tmp_path / "t.yaml").transport(),
        ) as client,
    ):
        assert client.files.create.sync(file=(name, b"x"), purpose="assistants").filename == name
        assert server.requests[0].parameters == {"file": b"x", "purpose": "assistants"}
    played = cassette(tmp_path / "t.yaml", mode="none").transport()
    with Client(api_base="http://nobody.test/v1", api_key="k", transport=played) as client:
        assert client.files.create.sync(file=(name, b"x"), purpose="assistants").filename == name


def test_a_field_that_the_api_does_not_have(api: httpx.Client, server: LocalServer) -> None:
    """A parameter of any name is refused as a parameter, and not by a failure of the server."""
    server.state.validate = True
    try:
        reply = api.post("/files", data={"purpose": "batch", "日本": "1"}, files={"file": ("a", b"x")})
    finally:
        server.state.validate = False
    assert (reply.status_code, "日本" in reply.json()["error"]["message"]) == (400, True)
