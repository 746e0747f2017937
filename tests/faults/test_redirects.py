"""Group Redirects of the fault table: only to the same origin, and only with the same method."""

from __future__ import annotations

import pytest

from sdk.errors import RedirectError

from .conftest import KEY, Call
from .raw import CHAT, Raw, always, reply


def _to(location: str, status: str = "307 Temporary Redirect") -> bytes:
    return reply(b"moved", status, f"Location: {location}\r\n")


@pytest.mark.parametrize("status", ["307 Temporary Redirect", "308 Permanent Redirect"])
@pytest.mark.parametrize("location", ["/v2/chat?a=1", "../v2/chat?a=1", "{origin}/v2/chat?a=1"])
def test_same_origin_is_followed(call: Call, status: str, location: str) -> None:
    """307 and 308 within the origin are followed with method, body and key."""
    with Raw(lambda peer: None) as server:
        moved = _to(location.replace("../", "/").format(origin=server.url.removesuffix("/v1")), status)
        server._script = always(moved, reply())
        outcome = call(server, open=1)
    assert outcome.error is None
    assert outcome.reply.content == CHAT
    first, second = server.requests
    assert second.startswith(b"POST /v2/chat?a=1 HTTP/1.1\r\n")
    assert first.partition(b"\r\n")[2] == second.partition(b"\r\n")[2]
    assert [(a.status_code, a.error) for a in outcome.reply.attempts] == [(int(status[:3]), None)]
    assert outcome.open == 1


@pytest.mark.parametrize("status", ["307 Temporary Redirect", "308 Permanent Redirect"])
@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{mine}", "user:pw@127.0.0.1:{mine}"])
def test_d1_another_origin(call: Call, status: str, host: str) -> None:
    """Neither key nor prompt goes to another origin; the error hides the query of where it should have gone."""
    with Raw(always(reply())) as other, Raw(lambda peer: None) as server:
        url = f"http://{host.format(port=other.port, mine=server.port)}/v1/chat?token=secret"
        server._script = always(_to(url, status))
        outcome = call(server, open=1)
        assert (other.connections, outcome.open) == (0, 1)
    assert type(outcome.failed) is RedirectError
    assert "another origin" in str(outcome.failed)
    assert "secret" not in str(outcome.failed)
    assert "pw" not in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.failed.request_sent) == (1, 1, True)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other"])
def test_d2_another_method(call: Call, status: str) -> None:
    """A redirect that would turn POST into GET is not followed."""
    with Raw(always(_to("/v2", status))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is RedirectError
    assert "would turn POST into GET" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize(("most", "requests"), [(3, 4), (1, 2), (0, 1)])
def test_d3_loop(call: Call, most: int, requests: int) -> None:
    """A loop ends after max_redirects, and is not tried again."""
    with Raw(always(_to("/v1/chat/completions"))) as server:
        outcome = call(server, open=1, client={"max_redirects": most})
    assert type(outcome.failed) is RedirectError
    assert f"more than {most} redirects" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (requests, requests, 1)


def test_d4_down_to_http(call: Call, certificate) -> None:  # type: ignore[no-untyped-def]
    """From https to http, even at the same host and port, no key goes."""
    made = certificate("IP:127.0.0.1")
    with Raw(lambda peer: None, tls=made.context) as server:
        server._script = always(_to(server.url.replace("https", "http")))
        outcome = call(server, open=1, client={"http_options": {"verify": made.file}})
    assert type(outcome.failed) is RedirectError
    assert KEY not in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize("location", ["//[", "http://[::1", "javascript:x"])
def test_a_location_that_leads_nowhere(call: Call, location: str) -> None:
    """A Location that cannot be read is not followed."""
    with Raw(always(_to(location))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is RedirectError
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)
