"""Where the clients of packages send, and which key they send there: servers and security schemes of any document."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest

from sdk.errors import AuthenticationError, ClientClosedError, ConfigError, NotFoundError

from ...faults.raw import Raw, always, reply
from ..packages import OK, Packages

DONE = always(reply(b"", headers="Content-Type: text/plain\r\n"))
SCHEMES = """
components:
  securitySchemes:
    ref: {$ref: '#/components/securitySchemes/x%2Dkey'}
    x-key: {type: apiKey, in: header, name: X-Key}
    q: {type: apiKey, in: query, name: 'k&y'}
    bearer: {type: http, scheme: Bearer}
    basic: {type: http, scheme: BASIC}
    oauth: {type: oauth2, flows: {}}
    digest: {type: http, scheme: digest}
    none: {type: apiKey, in: header, name: X-None}
    api_key: {type: apiKey, in: header, name: X-Api}
    a|b+c%: {type: apiKey, in: header, name: X-Odd}
    mtls: {type: mutualTLS}
"""


def secured(security: str, schemes: str = SCHEMES) -> str:
    """Return a document with one operation that wants this."""
    return f"paths: {{/a: {{get: {{security: {security}, {OK}}}}}}}\n{schemes}"


def sent(made: Any, **options: Any) -> bytes:
    """Return the head of the request that a client with these options sends."""
    with Raw(DONE) as server, made.Client(api_base=server.url, max_retries=0, **options) as client:
        client.a.retrieve.sync()
    return server.requests[0].partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    ("security", "key", "reported", "untold"),
    [
        ("[{}, {x-key: []}]", "k" * 9, b"X-Key: kkkkkkkkk", b"Bearer"),
        ("[{}, {x-key: []}]", {"q": "k" * 9}, b"GET /v1/a HTTP", b"kkk"),
        ("[{x-key: []}, {}]", None, b"GET /v1/a HTTP", b"X-Key"),
        ("[{}]", "k" * 9, b"GET /v1/a HTTP", b"kkk"),
        ("[{ref: []}]", "k" * 9, b"X-Key: kkkkkkkkk", b"Bearer"),
        ("[{none: []}]", {"none": "k" * 9}, b"X-None: kkkkkkkkk", b"Bearer"),
        ("[{api_key: []}]", {"api_key": "k" * 9}, b"X-Api: kkkkkkkkk", b"Bearer"),
        ("[{'a|b+c%': [], q: []}]", "k" * 9, b"X-Odd: kkkkkkkkk", b"Bearer"),
        ("[{'a|b+c%': [], q: []}]", "k" * 9, b"GET /v1/a?k%26y=kkkkkkkkk HTTP", b"Bearer"),
        ("[{x-key: [], ref: []}]", {"ref": "k" * 9}, b"X-Key: kkkkkkkkk", b"Bearer"),
        ("[{bearer: [], oauth: []}]", {"oauth": "k" * 9}, b"Authorization: Bearer kkkkkkkkk", b"X-Key"),
        ("[{bearer: [], oauth: []}]", {"bearer": "k" * 9}, b"Authorization: Bearer kkkkkkkkk", b"X-Key"),
        ("[{mtls: [], bearer: []}]", "k" * 9, b"Authorization: Bearer kkkkkkkkk", b"X-Key"),
        ("[{mtls: []}]", "k" * 9, b"GET /v1/a HTTP", b"kkk"),
        ("[{digest: []}, {bearer: []}]", "k" * 9, b"Authorization: Bearer kkkkkkkkk", b"X-Key"),
        ("[{basic: []}]", {"basic": "Änne:pass word"}, b"Authorization: Basic w4RubmU6cGFzcyB3b3Jk", b"pass"),
    ],
)
def test_keys(packages: Packages, security: str, key: Any, reported: bytes, untold: bytes) -> None:
    """The first alternative that asks for keys which are all there; without one only where none is asked for.

    Schemes that are sent alike want one key, of any of them.
    """
    head = sent(packages(secured(security)), api_key=key)
    assert reported in head and untold not in head


def test_an_alternative_that_no_key_satisfies_is_noted(packages: Packages) -> None:
    """One of several ways that cannot be expressed is a note."""
    packages(secured("[{digest: []}, {bearer: []}]"))
    assert packages.reported == [
        "left out: one way to prove who calls, of /paths/~1a/get: the security scheme digest is http with the scheme "
        "'digest', which one key cannot satisfy"
    ]


@pytest.mark.parametrize(
    ("security", "schemes", "problem"),
    [
        ("[{digest: []}]", SCHEMES, "at /components/securitySchemes/digest: the security scheme digest is http with"),
        ("[{bearer: [], basic: []}]", SCHEMES, "bearer and basic both want header Authorization"),
        ("[{nope: []}]", SCHEMES, "at /paths/~1a/get/security/0: no security scheme is called nope"),
        ("[{s: []}]", "components: {securitySchemes: {s: {type: oauth}}}", "is of the type 'oauth'"),
        ("[{s: []}]", "components: {securitySchemes: {s: {type: apiKey, in: body, name: x}}}", "'apiKey'"),
        ("[{s: []}]", "components: {securitySchemes: {s: {type: apiKey, in: header, name: 'a b'}}}", "'apiKey'"),
    ],
)
def test_schemes_that_no_key_satisfies(packages: Packages, security: str, schemes: str, problem: str) -> None:
    """Where nothing else is offered that is an error; --lenient keeps the operation, which is called without a key."""
    packages(secured(security, schemes), code=1)
    assert problem in packages.err
    made = packages(secured(security, schemes), "--lenient")
    reported = ("left out: one way to prove who calls, of /paths/~1a/get: ", "left out: at /paths/~1a/get/security/0: ")
    assert packages.reported[0].startswith(reported)
    assert sent(made, api_key=None).startswith(b"GET /v1/a HTTP")


def test_keys_of_schemes_that_are_not_there(packages: Packages) -> None:
    """A client refuses a key for a scheme that the API does not have, and a key that its scheme cannot carry."""
    made = packages(secured("[{bearer: []}]"))
    reported = r"'bogus', which is not a security scheme of T; its schemes are 'ref', 'x-key', 'q',"
    with pytest.raises(ConfigError, match=reported):
        made.Client(api_base="http://x", api_key={"bogus": "B"})
    with pytest.raises(ConfigError, match=reported):
        made.Client(api_base="http://x", api_key={"bearer": "k" * 9}).with_options(api_key={"bogus": "B"})
    with pytest.raises(ConfigError, match=r"api_key \['bearer'\] contains white space") as caught:
        made.Client(api_base="http://x", api_key={"bearer": "two words"})
    assert "two" not in str(caught.value)
    with pytest.raises(ConfigError, match="line break or another control character"):
        made.Client(api_base="http://x", api_key={"basic": "a:b\nc"})
    from sdk import Client

    with pytest.raises(ConfigError, match="api_key must be one key"):
        Client(api_key={"bearer": "x"})


def test_the_readme_names_the_variables(packages: Packages) -> None:
    """Each scheme that a key satisfies has a row with its variable; the one for all has one alone."""
    made = packages(secured("[{bearer: []}]"))
    prefix = made.__name__.upper()
    rows = re.findall(r"^\| `(\w+)` ", (packages.out / "README.md").read_text(), re.MULTILINE)
    assert rows == [
        f"{prefix}_{n}" for n in ("API_KEY", "REF", "X_KEY", "Q", "BEARER", "BASIC", "OAUTH", "NONE", "A_B_C")
    ]


def test_one_key_for_basic_alone(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all schemes are basic, one key may hold what a header could not; given, or in the environment."""
    made = packages(secured("[{b: []}]", "components: {securitySchemes: {b: {type: http, scheme: basic}}}"))
    reported = b"Authorization: Basic dTpwIHc="
    assert reported in sent(made, api_key="u:p w")
    with Raw(DONE) as server, made.Client(api_base=server.url) as client, client.with_options(api_key="u:p w") as other:
        other.a.retrieve.sync()
    assert reported in server.requests[0]
    assert reported in sent(made, api_key=lambda: "u:p w")
    monkeypatch.setenv(f"{made.__name__.upper()}_API_KEY", "u:p w")
    assert reported in sent(made)
    monkeypatch.delenv(f"{made.__name__.upper()}_API_KEY")
    monkeypatch.setenv(f"{made.__name__.upper()}_B", "u:p w")
    assert reported in sent(made)


BEARER_HEADER = "components: {securitySchemes: {h: {type: apiKey, in: header, name: Authorization}}}"


@pytest.mark.parametrize("key", ["Bearer t0ken-123", "Token t0ken-123", "Bot t0ken-123", "t0ken-123"])
@pytest.mark.parametrize("form", [str, lambda key: {"h": key}, lambda key: lambda: key])
def test_a_key_with_its_own_prefix(packages: Packages, key: str, form: Any) -> None:
    """A scheme that is the whole value of a header takes a value with a prefix: given in any form."""
    made = packages(secured("[{h: []}]", BEARER_HEADER))
    assert f"Authorization: {key}\r\n".encode() in sent(made, api_key=form(key)) + b"\r\n"


def test_a_key_with_its_own_prefix_in_the_environment(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables take such a value, too; one with a line break is refused."""
    made = packages(secured("[{h: []}]", BEARER_HEADER))
    monkeypatch.setenv(f"{made.__name__.upper()}_API_KEY", "Token t0ken-123")
    assert b"Authorization: Token t0ken-123" in sent(made)
    with pytest.raises(ConfigError, match="contains a line break"):
        made.Client(api_base="http://x", api_key="Token t0ken\n")


@pytest.mark.parametrize(
    ("options", "reported"),
    [
        ({"api_key": "t0ken-123"}, b"Authorization: Bearer t0ken-123"),
        ({"api_key": "t0ken-123", "auth_header": "x-api-key"}, b"x-api-key: t0ken-123"),
        ({}, b"GET /v1/a HTTP"),
    ],
)
def test_a_document_without_schemes(packages: Packages, options: Any, reported: bytes) -> None:
    """A key is sent as a bearer token, or as the options say; without one nothing is asked for."""
    made = packages(f"paths: {{/a: {{get: {{{OK}}}}}}}")
    head = sent(made, **options)
    assert reported in head
    assert (b"t0ken" in head) == bool(options)
    assert "`Authorization: Bearer`: the document does not say how" in (packages.out / "README.md").read_text()


def test_operations_that_want_no_key(packages: Packages) -> None:
    """`security: []` means that the operation wants none, with or without schemes."""
    made = packages(f"paths: {{/a: {{get: {{security: [], {OK}}}}}}}")
    assert b"t0ken" not in sent(made, api_key="t0ken-123")


@pytest.mark.parametrize(
    ("security", "key", "reported"),
    [
        ("[{basic: []}]", "sk_1", b"Authorization: Basic c2tfMTo="),
        ("[{basic: []}, {bearer: []}]", "sk_1_secret", b"Authorization: Bearer sk_1_secret"),
        ("[{basic: []}, {bearer: []}]", "user:pass", b"Authorization: Basic dXNlcjpwYXNz"),
        ("[{bearer: []}, {basic: []}]", "user:pass", b"Authorization: Basic dXNlcjpwYXNz"),
        ("[{basic: []}, {bearer: []}]", lambda: "sk_1_secret", b"Authorization: Bearer sk_1_secret"),
        ("[{basic: []}, {bearer: []}]", {"basic": "sk_1"}, b"Authorization: Basic c2tfMTo="),
    ],
)
def test_basic_keys(packages: Packages, security: str, key: Any, reported: bytes) -> None:
    """A key without a colon is a user without a password, and of basic and bearer it is the bearer's."""
    assert reported in sent(packages(secured(security)), api_key=key)


def test_the_readme_says_what_a_basic_key_is(packages: Packages) -> None:
    """It is `user:password`, in the table and in the example."""
    packages(secured("[{b: []}]", "components: {securitySchemes: {b: {type: http, scheme: basic}}}"))
    readme = (packages.out / "README.md").read_text()
    assert (
        "the key of the security scheme `b`: as `user:password`, sent in the header `Authorization` as `Basic ...`"
        in readme
    )
    assert 'Client(api_base="https://...", api_key="user:password")' in readme


def test_a_scheme_called_api_key(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside others its variable is for it alone: its key never goes to another scheme."""
    schemes = """
components:
  securitySchemes:
    api_key: {type: apiKey, in: header, name: X-Key}
    oauth: {type: oauth2, flows: {}}
"""
    made = packages(secured("[{oauth: []}]", schemes))
    monkeypatch.setenv(f"{made.__name__.upper()}_API_KEY", "k" * 9)
    with pytest.raises(ConfigError, match=r"a\.retrieve needs a key for oauth"):
        sent(made)
    monkeypatch.setenv(f"{made.__name__.upper()}_OAUTH", "o" * 9)
    assert b"Authorization: Bearer ooooooooo" in sent(made)
    made = packages(secured("[{api_key: []}]", schemes))
    variable = f"{made.__name__.upper()}_API_KEY"
    with pytest.raises(ConfigError, match=rf"or set {variable} \(api_key=None sends no key\)"):
        sent(made)
    monkeypatch.setenv(variable, "k" * 9)
    assert b"X-Key: kkkkkkkkk" in sent(made)


def test_no_count_of_retries_for_others(packages: Packages) -> None:
    """A header that only some APIs know is not sent to the API of a package."""
    made = packages(f"paths: {{/a: {{get: {{{OK}}}}}}}")
    assert b"x-retry-count" not in sent(made).lower()


def test_the_hint_of_an_operation_that_is_not_there(packages: Packages) -> None:
    """It says what set the base URL, and nothing of models or of a base URL that ends in /v1."""
    made = packages(f"paths: {{/a: {{get: {{{OK}}}}}}}")
    with (
        Raw(always(reply(b"{}", status="404 Not Found"))) as server,
        made.Client(api_base=server.url, max_retries=0) as client,
        pytest.raises(NotFoundError) as caught,
    ):
        client.a.retrieve.sync()
    assert caught.value.hint == "Check the arguments in the path, and that the server (api_base=) has this operation."


def test_errors_hide_every_key(packages: Packages) -> None:
    """What a server echoes of the keys, as they were given or as they were sent, no error shows."""
    made = packages(secured("[{x-key: [], q: [], basic: []}]"))
    keys = {"x-key": "x" * 20, "q": "q" * 20, "basic": "user:" + "p" * 20}
    body = " ".join((*keys.values(), "dXNlcjpwcHBwcHBwcHBwcHBwcHBwcHBwcA==")).encode()
    answer = reply(body, status="401 Unauthorized", headers="Content-Type: text/plain\r\n")
    with (
        Raw(always(answer)) as server,
        made.Client(api_base=server.url, api_key=keys, max_retries=0) as client,
        pytest.raises(AuthenticationError) as caught,
    ):
        client.a.retrieve.sync()
    for secret in body.decode().split():
        assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("servers", "base"),
    [
        ("[{url: 'HTTPS://h.x/v1/'}]", "https://h.x/v1"),
        ("[{url: '//h.x/v1'}]", "https://h.x/v1"),
        ("[{url: ' https://h.x/v1 '}]", "https://h.x/v1"),
        ("[{url: 'wss://h.x/v1'}, {url: 'https://y.x'}]", "https://y.x"),
        ("[{url: '{s}://h.x:{p}/{b}', variables: {s: {default: http}, p: {default: '8'}, b: {default: ''}}}]",
         "http://h.x:8"),
        ("[{url: '/v1'}]", ""), ("[{url: '../x'}]", ""), ("[{url: v1}]", ""), ("[]", ""),
        ("[{url: 'https://{tenant}.x/v1'}]", ""),
    ],
)  # fmt: skip
def test_servers(packages: Packages, servers: str, base: str) -> None:
    """The first server that speaks HTTP is the base URL; where it is no whole URL, the caller has to give it."""
    made = packages(f"servers: {servers}\npaths: {{/a: {{get: {{{OK}}}}}}}")
    readme = (packages.out / "README.md").read_text()
    if base:
        assert made.Client().options.api_base == base
        assert f"Calls go to `{base}`." in readme
        return
    assert 'Client(api_base="https://...")' in readme and "which is not a complete URL" in readme
    prefix = made.__name__.upper()
    with pytest.raises(ConfigError, match=f"T does not name a server: give api_base=, or set {prefix}_API_BASE"):
        made.Client()
    with pytest.raises(ConfigError, match=f"{prefix}_API_BASE"):
        importlib.import_module(f"{made.__name__}.api.a").retrieve.sync()
    assert made.Client(api_base="http://h.x/v1").options.api_base == "http://h.x/v1"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://h.x/v1?x=1", "holds a query or a fragment"), ("https:///v1", "has no host"),
        ("https://u:p@h.x", "holds a user name"), ("https://h:port/v1", "has no host, or one that cannot be read"),
        ("ftp://h.x", "no server speaks HTTP"),
    ],
)  # fmt: skip
def test_servers_that_cannot_be(packages: Packages, url: str, problem: str) -> None:
    """A URL that no client can have as its base is refused when the package is made."""
    packages(f"servers: [{{url: '{url}'}}]\npaths: {{}}", code=1)
    assert problem in packages.err and "d.yaml:3: at /servers" in packages.err


def test_operations_on_another_server(packages: Packages) -> None:
    """A client that was sent elsewhere stays at that origin, with the path of the operation's own server."""
    text = """
        servers: [{url: 'https://h.x/v1'}]
        paths:
          /a: {get: {%s}}
          /b: {servers: [{url: 'HTTPS://h.x/v1/'}], get: {%s}}
          /c: {servers: [{url: 'https://other.x'}], get: {%s}}
          /d: {get: {servers: [{url: 'https://h.x/v2'}], %s}}
          /e: {get: {servers: [{url: '/v3'}], %s}}
        """ % ((OK,) * 5)  # fmt: skip
    made = packages(text)
    assert packages.reported == []
    with Raw(DONE) as server, made.Client(api_base=server.url) as client:
        for name in "abcde":
            getattr(client, name).retrieve.sync()
    lines = [request.partition(b"\r\n")[0].split()[1] for request in server.requests]
    assert lines == [b"/v1/a", b"/v1/b", b"/c", b"/v2/d", b"/v3/e"]
    client = made.Client()
    found = [client._context_of(getattr(client, name).retrieve.request()).options.api_base for name in "abcde"]
    assert found == ["https://h.x/v1", "https://h.x/v1", "https://other.x", "https://h.x/v2", "https://h.x/v3"]
    assert client._context_of(client.c.retrieve.request()) is client._context_of(client.c.retrieve.request())
    client.close()
    with pytest.raises(ClientClosedError):
        client.c.retrieve.sync()


def test_a_server_that_is_no_whole_url(packages: Packages) -> None:
    """Its variables need defaults: an operation cannot be given a base URL of its own."""
    servers = "servers: [{url: 'https://{x}.h'}]"
    packages(f"servers: [{{url: 'https://h.x'}}]\npaths: {{/a: {{get: {{{servers}, {OK}}}}}}}", code=1)
    assert "the operation is at https://{x}.h, which is not a complete URL" in packages.err
    made = packages(f"servers: [{{url: 'https://h.x'}}]\npaths: {{/a: {{get: {{{servers}, {OK}}}}}}}", "--lenient")
    reported = (
        "left out: at /paths/~1a/get/servers: the server of GET /a: the operation is at https://{x}.h, which is no"
    )
    assert packages.reported[0].startswith(reported)
    assert sent(made).startswith(b"GET /v1/a HTTP")


def test_operations_that_agree_on_a_server(packages: Packages) -> None:
    """Where the document itself names no server, the one of all its operations is the base URL."""
    at = "servers: [{url: 'https://h.x/v1'}]"
    made = packages(f"paths: {{/a: {{{at}, get: {{{OK}}}}}, /b: {{get: {{{at}, {OK}}}}}}}")
    assert made.Client().options.api_base == "https://h.x/v1"
    made = packages(f"paths: {{/a: {{{at}, get: {{{OK}}}}}, /b: {{get: {{{OK}}}}}}}")
    client = made.Client(api_base="https://gateway.x/v1")
    assert client._context_of(client.a.retrieve.request()).options.api_base == "https://gateway.x/v1"


@pytest.mark.parametrize(
    "schemes",
    [
        "",
        "components: {securitySchemes: {m: {type: mutualTLS}}}",
        "components: {securitySchemes: {b: {type: http, scheme: bearer}}}",
    ],
)
def test_an_operation_for_everybody(packages: Packages, schemes: str) -> None:
    """`security: [{}]` sends no key, with or without security schemes in the document."""
    made = packages(f"paths: {{/a: {{get: {{security: [{{}}], {OK}}}}}}}\n{schemes}")
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url, api_key="k" * 9) as client:
        client.a.retrieve.sync()
    assert b"kkkkkkkkk" not in server.requests[0]
