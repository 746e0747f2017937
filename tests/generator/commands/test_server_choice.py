"""The servers of a document by name, with their variables: `Client(server=..., server_variables=...)`."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from ..packages import HEAD, OK, Packages

PATHS = f"paths: {{/a: {{get: {{{OK}}}}}}}\n"
US = "{url: 'https://{region}.a.example/v2', variables: {region: {default: us, enum: [us, eu]}}}"
SANDBOX = "{url: 'https://sandbox.a.example'}"


def _made(packages: Packages, servers: str, version: str = "3.1.0") -> Any:
    return packages(f"{PATHS}servers: [{servers}]", head=HEAD.replace("3.1.0", version))


def _base(made: Any, **options: Any) -> str:
    return str(made.Client(api_key=None, **options).options.api_base)


@pytest.mark.parametrize(
    ("options", "base"),
    [
        ({}, "https://us.a.example/v2"),
        ({"server": "default"}, "https://us.a.example/v2"),
        ({"server": "sandbox"}, "https://sandbox.a.example"),
        ({"server": "https://sandbox.a.example"}, "https://sandbox.a.example"),
        ({"server_variables": {"region": "eu"}}, "https://eu.a.example/v2"),
        ({"api_base": "https://other.example"}, "https://other.example"),
    ],
)
def test_a_server_and_its_variables(packages: Packages, options: dict[str, Any], base: str) -> None:
    """A name or the URL of the document chooses the server; variables have their defaults."""
    assert _base(_made(packages, f"{US}, {SANDBOX}"), **options) == base


@pytest.mark.parametrize(
    ("variables", "base"),
    [
        ({"SERVER": "sandbox"}, "https://sandbox.a.example"),
        ({"REGION": "eu"}, "https://eu.a.example/v2"),
        ({"REGION": "eu", "API_BASE": "https://other.example"}, "https://other.example"),
    ],
)
def test_the_environment_chooses(
    packages: Packages, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], base: str
) -> None:
    """The prefix of the package names the server and its variables, unless it names a base URL."""
    made = _made(packages, f"{US}, {SANDBOX}")
    for name, value in variables.items():
        monkeypatch.setenv(f"{made.__name__.upper()}_{name}", value)
    assert _base(made) == base


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"server": "moon"}, "server is 'moon', which is not a server of T; there are 'default', 'sandbox'"),
        (
            {"server_variables": {"region": "mars"}},
            "region is 'mars', which the document does not allow; it can be 'us', ",
        ),
        ({"server_variables": {"zone": "a"}}, "server_variables has 'zone', which is not a variable of"),
        ({"server": "sandbox", "api_base": "https://x.example"}, "server= and api_base= name two servers"),
    ],
)
def test_what_the_document_does_not_have(packages: Packages, options: dict[str, Any], problem: str) -> None:
    """The error names what there is."""
    made = _made(packages, f"{US}, {SANDBOX}")
    wrong = importlib.import_module(f"{made.__name__}.errors").ConfigError
    with pytest.raises(wrong, match=problem):
        _base(made, **options)


def test_another_client_of_another_server(packages: Packages) -> None:
    """`with_options` chooses, too."""
    made = _made(packages, f"{US}, {SANDBOX}")
    assert made.Client(api_key=None).with_options(server="sandbox").options.api_base == "https://sandbox.a.example"


@pytest.mark.parametrize(
    ("servers", "version", "names"),
    [
        (
            f"{{url: 'https://a.example', description: The production server}}, {SANDBOX}",
            "3.0.3",
            ["production", "sandbox"],
        ),
        (
            "{url: 'https://a.example', name: Live}, {url: '//b.example', x-speakeasy-server-id: test}",
            "3.2.0",
            ["Live", "test"],
        ),
        ("{url: 'https://api.example/v1'}, {url: 'https://api.example/v2'}, {url: /v3}", "3.1.0", ["default", "other"]),
        ("{url: 'https://a.example'}", "3.1.0", []),
    ],
)
def test_the_names_of_servers(packages: Packages, servers: str, version: str, names: list[str]) -> None:
    """The document's name comes before words of the description, and these before the host's; one server needs none."""
    made = _made(packages, servers, version)
    assert list(made.Client._service.servers) == names
