"""Row E4 of the fault table: what the environment and http_options say of the network."""

from __future__ import annotations

import base64
import socket
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIConnectionError, ConfigError

from .conftest import KEY, Call
from .raw import Peer, Raw, always, once, reply

_HTTPS = "https://127.0.0.1:1/v1"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("https_proxy", "ftp://127.0.0.1:1", "ftp://"),
        ("ALL_PROXY", "http://", "not the URL"),
        ("HTTPS_PROXY", "http://host:notaport", "not the URL"),
        ("HTTPS_PROXY", "http://[::1", "not the URL"),
        ("NO_PROXY", "good.example,[::1", "[::1"),
        ("NO_PROXY", "host:port", "host:port"),
        ("no_proxy", "10.0.0.0/99", "10.0.0.0/99"),
        ("SSL_CERT_FILE", "/no/such/file.pem", "/no/such/file.pem"),
        ("SSL_CERT_DIR", "/no/such/dir", "/no/such/dir"),
    ],
)
def test_e4_unusable(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    """A variable that cannot be used is named when the client is made, before any connection."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as raised:
        Client(api_base=_HTTPS, api_key=KEY)
    assert name in str(raised.value)
    assert said in str(raised.value)


def test_e4_a_file_that_holds_no_certificate(monkeypatch: pytest.MonkeyPatch, call: Call, tmp_path: Any) -> None:
    """A certificate file that cannot be read as one is named before the first connection that needs it."""
    (tmp_path / "ca.pem").write_text("nonsense")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with Raw(always(reply())) as server:
        outcome = call(server.url.replace("http:", "https:"))
        assert (server.open(0), server.connections) == (0, 0)
    assert type(outcome.error) is ConfigError
    assert "SSL_CERT_FILE" in str(outcome.error)


def test_e4_a_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of a proxy's URL does not show its password."""
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@host:notaport")
    with pytest.raises(ConfigError) as raised:
        Client(api_base=_HTTPS, api_key=KEY)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(("name", "value"), [("HTTPS_PROXY", "socks5://x:1"), ("SSL_CERT_FILE", "/no/such")])
def test_what_is_not_used_does_not_disturb(monkeypatch: pytest.MonkeyPatch, call: Call, name: str, value: str) -> None:
    """Variables for https do not keep a client from a server over http."""
    monkeypatch.setenv(name, value)
    with Raw(always(reply())) as server:
        assert call(server, open=1).error is None


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_forwards_http(monkeypatch: pytest.MonkeyPatch, call: Call, variable: str) -> None:
    """An http request goes to the proxy whole, with the proxy's own credentials."""
    with Raw(always(reply())) as proxy:
        monkeypatch.setenv(variable, f"http://user:p%40ss@127.0.0.1:{proxy.port}")
        outcome = call("http://server.invalid:81/v1")
        assert proxy.open(0) == 0
    assert outcome.error is None
    head = proxy.requests[0].decode()
    assert head.startswith("POST http://server.invalid:81/v1/chat/completions HTTP/1.1\r\nHost: server.invalid:81\r\n")
    assert f"Proxy-Authorization: Basic {base64.b64encode(b'user:p@ss').decode()}\r\n" in head


def test_a_header_of_who_calls_a_cgi_program_is_no_proxy(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    """Under CGI HTTP_PROXY is the caller's header `Proxy` (CVE-2016-5385): it is passed over, and http_proxy is not."""
    with Raw(always(reply())) as proxy, Raw(always(reply())) as server:
        monkeypatch.setenv("REQUEST_METHOD", "GET")
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert call(server.url).error is None
        assert (server.connections, proxy.connections) == (1, 0)
        monkeypatch.delenv("HTTP_PROXY")
        monkeypatch.setenv("http_proxy", proxy.url)
        assert call(server.url).error is None
        assert (server.connections, proxy.connections) == (1, 1)


@pytest.mark.parametrize(
    ("excluded", "direct"),
    [
        ("127.0.0.1", True),
        ("*", True),
        ("10.0.0.0/8, 127.0.0.0/8", True),
        ("::1/128,127.0.0.1", True),
        ("127.0.0.1:{port}", True),
        ("127.0.0.1:9", False),
        ("0.0.1", False),
        ("10.0.0.0/8,fd00::/8,example.com,.example.org,localhost", False),
    ],
)
def test_no_proxy(monkeypatch: pytest.MonkeyPatch, call: Call, excluded: str, direct: bool) -> None:
    """NO_PROXY names hosts, domains, networks and ports that are asked directly."""
    with Raw(always(reply())) as proxy, Raw(always(reply())) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", excluded.format(port=server.port))
        assert call(server.url).error is None
        assert (server.connections, proxy.connections) == ((1, 0) if direct else (0, 1))


@pytest.mark.parametrize(
    ("host", "direct"), [("api.example.com", True), ("example.com", True), ("badexample.com", False)]
)
def test_no_proxy_domains(monkeypatch: pytest.MonkeyPatch, host: str, direct: bool) -> None:
    """A domain stands for itself and what is below it, and not for names that only end alike."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", ".example.com")
    with Client(api_base=f"https://{host}/v1", api_key=KEY) as client:
        assert (client._context.transport.route.proxy is None) is direct


def test_trust_env_false(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    """With trust_env=False no variable about the network is looked at."""
    monkeypatch.setenv("HTTP_PROXY", "ftp://nonsense")
    with Raw(always(reply())) as server:
        assert call(server, open=1, client={"http_options": {"trust_env": False}}).error is None


def _tunnel(answer: bytes, certificate: Any) -> Any:
    """Return a proxy that answers CONNECT, and then is the server itself."""

    def script(peer: Peer) -> None:
        if peer.request() is None:
            return
        peer.send(answer)
        if b" 200 " in answer:
            secure = certificate.context.wrap_socket(peer.sock, server_side=True)
            peer._server._sockets.append(secure)
            inner = Peer(peer._server, secure, peer.number)
            try:
                always(b"", reply())(inner)
            finally:
                secure.close()

    return script


def test_a_proxy_tunnels_https(call: Call, certificate: Any) -> None:
    """An https request goes through CONNECT; the proxy sees neither key nor path."""
    made = certificate("DNS:server.invalid")
    with Raw(_tunnel(b"HTTP/1.1 200 OK\r\n\r\n", made)) as proxy:
        options = {"proxy": proxy.url.removesuffix("/v1"), "verify": made.file}
        outcome = call("https://server.invalid/v1", client={"http_options": options})
        assert proxy.open(0) == 0
    assert outcome.error is None
    connect, inner = proxy.requests
    assert connect == b"CONNECT server.invalid:443 HTTP/1.1\r\nHost: server.invalid:443\r\n\r\n"
    assert inner.startswith(b"POST /v1/chat/completions HTTP/1.1\r\nHost: server.invalid\r\n")


@pytest.mark.parametrize(
    ("answer", "attempts"),
    [(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 1), (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", 3), (b"", 3)],
)
def test_a_proxy_refuses(call: Call, answer: bytes, attempts: int) -> None:
    """A proxy that does not connect is a failure to connect: nothing was sent. One that wants a password stays so."""
    with Raw(_tunnel(answer, None)) as proxy:
        outcome = call(
            "https://server.invalid/v1", client={"http_options": {"proxy": f"http://127.0.0.1:{proxy.port}"}}
        )
        assert proxy.open(0) == 0
    assert type(outcome.failed) is APIConnectionError
    assert "the proxy 127.0.0.1 refused the connection" in str(outcome.failed)
    assert "Check the proxy" in str(outcome.failed)
    assert "OPENAI_API_BASE" not in str(outcome.failed)
    assert (outcome.attempts, outcome.failed.request_sent) == (attempts, False)


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:1", "http://no-such-proxy.invalid:1"])
def test_a_proxy_that_is_not_there(call: Call, proxy: str) -> None:
    """It is called a proxy, so that nobody looks for the server."""
    outcome = call("http://server.invalid/v1", client={"http_options": {"proxy": proxy}})
    assert type(outcome.failed) is APIConnectionError
    assert "the proxy" in str(outcome.failed) or "name of the proxy" in str(outcome.failed)
    assert "Check the proxy" in str(outcome.failed)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nVia: 1", b"HTTP/1.1 2"])
def test_a_proxy_that_hangs_up_in_its_answer(call: Call, answer: bytes) -> None:
    """Half an answer opens no tunnel, whatever it begins with; another attempt may get it whole."""
    with Raw(once(lambda peer: peer.send(answer))) as proxy:
        outcome = call(
            "https://server.invalid/v1", client={"http_options": {"proxy": f"http://127.0.0.1:{proxy.port}"}}
        )
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, outcome.failed.request_sent) == (3, False)
    assert "it closed the connection" in str(outcome.failed)


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\n\n", b"HTTP/1.1 200 \r\nVia: 1\n\r\n", b"HTTP/1.1 100 Go\n\nHTTP/1.0 200 OK\r\n\r\n"],
)
def test_a_proxy_answers_as_servers_do(call: Call, certificate: Any, answer: bytes) -> None:
    """An answer to CONNECT may end its lines in a bare line feed, and interim responses may come before it."""
    made = certificate("DNS:server.invalid")
    with Raw(_tunnel(answer, made)) as proxy:
        options = {"proxy": proxy.url.removesuffix("/v1"), "verify": made.file}
        outcome = call("https://server.invalid/v1", client={"http_options": options, "max_retries": 0})
    assert outcome.error is None


@pytest.mark.parametrize(
    ("answer", "reported"),
    [
        (b"HTTP/1.1 2xyz OK\r\n\r\n", "does not begin with a status line"),
        (b"HTTP/1.9 200 OK\r\n\r\n", "does not begin with a status line"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "does not begin with a status line"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "does not begin with a status line"),
        (b"SSH-2.0-OpenSSH\r\n", "did not send an HTTP response"),
        (b"HTTP/1.1 101 Switching\r\n\r\n", "switched protocols"),
        (b"HTTP/1.1 200 OK\r\n\r\nbytes of nobody", "more bytes follow"),
        (b"HTTP/1.1 302 Found\n\n", "302 Found"),
    ],
)
def test_a_proxy_that_answers_nonsense(call: Call, answer: bytes, reported: str) -> None:
    """What is no success of HTTP/1.1 opens no tunnel, and is told at once."""
    with Raw(once(lambda peer: peer.say(answer))) as proxy:
        options = {"http_options": {"proxy": f"http://127.0.0.1:{proxy.port}"}}
        outcome = call("https://server.invalid/v1", client=options, max_retries=0)
        assert proxy.open(0) == 0
    assert type(outcome.failed) is APIConnectionError
    assert reported in str(outcome.failed)


def test_a_proxy_that_answers_without_end(call: Call) -> None:
    """An answer to CONNECT that has no end is not kept."""
    with Raw(_tunnel(b"HTTP/1.1 299 OK\r\nX: " + b"a" * 1_000_000, None)) as proxy:
        options = {"http_options": {"proxy": f"http://127.0.0.1:{proxy.port}"}}
        outcome = call("https://server.invalid/v1", client=options, max_retries=0)
        assert proxy.open(0) == 0
    assert "its response cannot be read: the response's headers are larger than 102,400 bytes" in str(outcome.failed)


@pytest.mark.parametrize("host", ["a..b", "a" * 64 + ".example"])
def test_a_host_that_cannot_be_asked_for(call: Call, host: str) -> None:
    """A host name that DNS cannot hold is a failure to connect."""
    outcome = call(f"http://{host}/v1")
    assert type(outcome.failed) is APIConnectionError
    assert f"the host name {host} cannot be resolved" in str(outcome.failed)


@pytest.mark.parametrize(
    ("host", "excluded", "direct"),
    [
        ("169.254.1.2", "169.254/16", True),
        ("10.1.2.3", "10/8", True),
        ("11.1.2.3", "10/8", False),
        ("intranet", "<local>", True),
        ("api.example.com", "<local>", False),
        ("b.example", "a.example b.example", True),
        ("b.example", "a.example,\tb.example", True),
    ],
)
def test_no_proxy_as_other_systems_write_it(
    monkeypatch: pytest.MonkeyPatch, host: str, excluded: str, direct: bool
) -> None:
    """Networks without their last zeros, names without a dot, and white space between entries are understood."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", excluded)
    with Client(api_base=f"https://{host}/v1", api_key=KEY) as client:
        assert (client._context.transport.route.proxy is None) is direct


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"verifi": False}, "verifi"),
        ({"timeout": 3}, "timeout"),
        ({"limits": 3}, "limits"),
        ({"uds": 5}, "uds"),
        ({"local_address": 5}, "local_address"),
        ({"socket_options": 5}, "socket_options"),
        ({"socket_options": [(1, 2)]}, "socket_options"),
    ],
)
def test_http_options_are_checked(options: dict[str, Any], said: str) -> None:
    """An option that httpx's transports do not take, or that needs a package, is named at once."""
    with pytest.raises(ConfigError, match=said):
        Client(api_key=KEY, http_options=options)


def test_http2_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP/2 needs h2, which the error says how to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"h2: pip install 'httpx\[http2\]'"):
        Client(api_key=KEY, http_options={"http2": True})


def test_a_unix_socket(call: Call, tmp_path: Any) -> None:
    """http_options['uds'] connects to a socket of the file system."""
    with Raw(always(reply())) as server:
        server._listener.shutdown(socket.SHUT_RDWR)
        server._threads[0].join()
        server._listener.close()
        server._listener = socket.socket(socket.AF_UNIX)
        server._listener.bind(str(tmp_path / "s"))
        server._listener.listen()
        server._note(server._listener)
        server._threads[0] = type(server._threads[0])(target=server._accept, daemon=True)
        server._threads[0].start()
        outcome = call("http://localhost/v1", client={"http_options": {"uds": str(tmp_path / "s")}})
        assert server.open(0) == 0
    assert outcome.error is None
