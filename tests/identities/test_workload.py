"""Workload identity: the exchange of tokens (RFC 8693), and where the subject tokens come from."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sdk import Client
from sdk.auth import (
    Subject,
    WorkloadIdentity,
    aws_token,
    azure_token,
    client_certificate,
    file_token,
    function_token,
    gcp_token,
    github_token,
    kubernetes_token,
)
from sdk.errors import ConfigError, CredentialError, InternalServerError, TLSError
from tests.auth.imitation import MESSAGES, Answer, Sent, Site, Tokens, chat, only
from tests.faults.conftest import Certificate, certificate

__all__ = ["certificate"]

JWT = "urn:ietf:params:oauth:token-type:jwt"
SUBJECT = "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"


def subject() -> str:
    """Say who this program is."""
    return SUBJECT


def client(url: str, auth: Any, **options: Any) -> Client:
    """Return a client of many calls at once, which does not try again."""
    return Client(**{"api_base": url, "auth": auth, "max_in_flight": None, "max_retries": 0, **options})


def identity(tokens: Site, given: Any = subject, **options: Any) -> WorkloadIdentity:
    """Return an identity that exchanges at a server of the test."""
    return WorkloadIdentity("idp-1", "account-1", subject=given, token_url=f"{tokens.origin}/oauth/token", **options)


def ask(made: Client) -> str:
    """Call, and return the id of the reply."""
    return made.chat.create.sync(model="m", messages=MESSAGES).id


async def aask(url: str, auth: Any, **options: Any) -> str:
    """Call from a coroutine; see `ask`."""
    async with client(url, auth, **options) as made:
        return (await made.chat.create.asyncio(model="m", messages=MESSAGES)).id


def test_the_exchange() -> None:
    """Fifty threads lead to one exchange, which says what RFC 8693 wants and who asks."""
    with Site(Tokens()) as tokens, Site(chat) as site, ThreadPoolExecutor(50) as pool:
        with client(site.url, identity(tokens)) as made:
            assert set(pool.map(ask, [made] * 50)) == {"c"}
        assert {sent.bearer for sent in site.sent} == {"issued-token-1"}
    (sent,) = tokens.sent
    assert (sent.method, sent.target, sent.headers["content-type"]) == ("POST", "/oauth/token", "application/json")
    assert "authorization" not in sent.headers
    assert sent.json == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": SUBJECT,
        "subject_token_type": JWT,
        "identity_provider_id": "idp-1",
        "service_account_id": "account-1",
    }


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_a_revoked_token_is_exchanged_anew(world: str) -> None:
    """After a 401 there is another exchange, with the subject token of that moment."""
    with Site(Tokens()) as tokens, Site(only("issued-token-2")) as site:
        auth = identity(tokens)
        if world == "asyncio":
            assert asyncio.run(aask(site.url, auth)) == "c"
        else:
            with client(site.url, auth) as made:
                assert ask(made) == "c"
        assert len(tokens.sent) == 2


def test_a_token_is_exchanged_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty minutes before its end, whatever the clock of this machine says meanwhile."""
    began, ahead = time.monotonic(), 0.0
    monkeypatch.setattr("sdk._core.auth.credential.time.monotonic", lambda: began + ahead)
    with Site(Tokens(3600)) as tokens, Site(chat) as site, client(site.url, identity(tokens)) as made:
        for seconds in (0.0, 2399.0, 2401.0):
            ahead = seconds
            ask(made)
        assert [sent.bearer for sent in site.sent] == ["issued-token-1", "issued-token-1", "issued-token-2"]


def test_a_refusal_is_told_without_the_subject_token() -> None:
    """What the token server says is told, and its error is the cause; neither this call nor the next is sent."""

    def refuse(sent: Sent) -> Answer:
        reported = f"{sent.json['subject_token']} has no such subject"
        return Answer({"error": "invalid_grant", "error_description": reported}, 400)

    with Site(refuse) as tokens, Site(chat) as site, client(site.url, identity(tokens)) as made:
        failures = []
        for _ in range(3):
            with pytest.raises(CredentialError) as caught:
                ask(made)
            failures.append(caught.value)
        assert (len(tokens.sent), site.sent) == (1, [])
    shown = str(failures[0])
    assert f"{tokens.origin}/oauth/token gave no token: 400: invalid_grant: *** has no such subject." in shown
    assert "Check that it trusts this workload" in shown
    assert failures[0].__cause__ is not None
    assert SUBJECT not in f"{failures[0]!r} {failures[0].__cause__!r} {vars(failures[0].__cause__)}"


def test_a_token_server_that_is_down_is_asked_again() -> None:
    """Its errors are retried as those of the API are, and Retry-After is obeyed; then it is left alone."""

    def fail(_: Sent) -> Answer:
        return Answer({"error": "down"}, 503, {"Retry-After": "300"})

    with Site(fail) as tokens, Site(chat) as site, client(site.url, identity(tokens)) as made:
        with pytest.raises(CredentialError, match="The source is asked again after 300 s") as caught:
            ask(made)
        assert isinstance(caught.value.__cause__, InternalServerError)
        assert len(tokens.sent) == 1


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ([], "its reply has no access_token"),
        ({"access_token": ""}, "its reply has no access_token"),
        ({"access_token": "t", "expires_in": "soon"}, "the expires_in of its reply is not a number of seconds"),
        ({"access_token": "t", "expires_in": True}, "the expires_in of its reply is not a number of seconds"),
        ({"access_token": "t", "expires_in": -5}, "the expires_in of its reply is not a number of seconds"),
    ],
)
def test_a_reply_that_holds_no_token(body: Any, problem: str) -> None:
    """The error says what is missing."""
    reported = pytest.raises(CredentialError, match=problem)
    with Site(lambda _: Answer(body)) as tokens, client("http://127.0.0.1:1/v1", identity(tokens)) as made, reported:
        ask(made)


def test_the_clock_is_blamed_for_a_refused_subject_token() -> None:
    """A token server whose Date differs from the time of this machine shows why."""

    def refuse(_: Sent) -> Answer:
        return Answer({"error": "invalid_grant"}, 400, {"Date": "Tue, 15 Nov 1994 08:12:31 GMT"})

    reported = pytest.raises(CredentialError, match="The clock of this machine is")
    with Site(refuse) as tokens, client("http://127.0.0.1:1/v1", identity(tokens)) as made, reported:
        ask(made)


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_a_function_that_fails(world: str) -> None:
    """Its exception is told by kind and message, without what looks like a token."""

    def fail() -> str:
        raise LookupError(f"no {SUBJECT}")

    auth = WorkloadIdentity("idp", "account", subject=fail)
    with pytest.raises(CredentialError, match=r"function_token\(\) gave no token: LookupError: no \*\*\*\.") as caught:
        if world == "asyncio":
            asyncio.run(aask("http://127.0.0.1:1/v1", auth))
        else:
            with client("http://127.0.0.1:1/v1", auth) as made:
                ask(made)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_coroutine_function() -> None:
    """It is awaited; a blocking call says that it cannot."""

    async def asubject() -> str:
        return SUBJECT

    with Site(Tokens()) as tokens, Site(chat) as site:
        auth = identity(tokens, asubject)
        with client(site.url, auth) as made, pytest.raises(ConfigError, match=r"is async, and this is a sync call"):
            ask(made)
        assert asyncio.run(aask(site.url, auth)) == "c"
        assert tokens.sent[0].json["subject_token"] == SUBJECT


def test_identifiers_are_required() -> None:
    """An empty one is an error at once."""
    with pytest.raises(ConfigError, match="needs identity_provider_id and service_account_id"):
        WorkloadIdentity("", "account", subject=subject)


Made = Callable[[], Subject]


def exchanged(given: Made, world: str) -> Any:
    """Return what an exchange sent, with the subject of a place."""
    with Site(Tokens()) as tokens, Site(chat) as site:
        auth = identity(tokens, given())
        if world == "asyncio":
            assert asyncio.run(aask(site.url, auth)) == "c"
        else:
            with client(site.url, auth) as made:
                assert ask(made) == "c"
        return tokens.sent[0].json


worlds = pytest.mark.parametrize("world", ["sync", "asyncio"])


@worlds
def test_a_file(tmp_path: Path, world: str) -> None:
    """It is read for each exchange, without the line break at its end; Kubernetes writes such files."""
    path = tmp_path / "token"
    path.write_text(f"{SUBJECT}\n")
    for made in (lambda: file_token(path), lambda: kubernetes_token(path)):
        sent = exchanged(made, world)
        assert (sent["subject_token"], sent["subject_token_type"]) == (SUBJECT, JWT)


@worlds
def test_a_file_that_is_missing_or_empty(tmp_path: Path, world: str) -> None:
    """The error names it."""
    with pytest.raises(CredentialError, match=r"the token file .*/none cannot be read: No such file or directory"):
        exchanged(lambda: file_token(tmp_path / "none"), world)
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(CredentialError, match=r"the token file .*/empty gave no token: it is empty"):
        exchanged(lambda: file_token(tmp_path / "empty"), world)


@worlds
def test_github(monkeypatch: pytest.MonkeyPatch, world: str) -> None:
    """The job asks for a token for the audience, with the key of the job, which no repr shows."""
    with Site(lambda _: Answer({"value": SUBJECT, "count": 1})) as github:
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{github.origin}/token?api-version=2.0")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job-key-1")
        assert "job-key-1" not in repr(github_token())
        assert exchanged(github_token, world)["subject_token"] == SUBJECT
    (sent,) = github.sent
    assert (sent.method, sent.bearer) == ("GET", "job-key-1")
    assert sent.query == {"api-version": "2.0", "audience": "https://api.openai.com/v1"}


def test_github_without_the_permission() -> None:
    """The error names the permission that the job lacks."""
    with pytest.raises(ConfigError, match="the job needs `id-token: write`"):
        github_token()


@worlds
def test_google_cloud(monkeypatch: pytest.MonkeyPatch, world: str) -> None:
    """The metadata server gives an identity token as text, without a proxy in between."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    with Site(lambda _: Answer(SUBJECT.encode(), headers={"Content-Type": "text/html"})) as machine:
        monkeypatch.setenv("GCE_METADATA_HOST", f"127.0.0.1:{machine.port}")
        found = gcp_token("my-audience")
        assert found.token_type == "urn:ietf:params:oauth:token-type:id_token"
        made: Any = found
        options = Client(api_key="k").options
        assert (made.get(options, None) if world == "sync" else asyncio.run(made.aget(options, None))) == SUBJECT
    (sent,) = machine.sent
    assert sent.path == "/computeMetadata/v1/instance/service-accounts/default/identity"
    assert (sent.query, sent.headers["metadata-flavor"]) == ({"audience": "my-audience"}, "Google")


@worlds
def test_azure(world: str) -> None:
    """The metadata server gives an access token as JSON."""
    with Site(lambda _: Answer({"access_token": SUBJECT, "expires_in": "86399"})) as machine:
        url = f"{machine.origin}/metadata/identity/oauth2/token"
        assert exchanged(lambda: azure_token("my-resource", client_id="c", url=url), world)["subject_token"] == SUBJECT
    (sent,) = machine.sent
    assert sent.query == {"api-version": "2018-02-01", "resource": "my-resource", "client_id": "c"}
    assert sent.headers["metadata"] == "true"


def test_a_metadata_server_that_knows_no_identity() -> None:
    """The error names its URL and what it said."""
    answer = Answer({"error": "invalid_request", "error_description": "Identity not found"}, 400)
    with Site(lambda _: answer) as machine:
        url = f"{machine.origin}/metadata/identity/oauth2/token"
        with pytest.raises(CredentialError, match=rf"{url} gave no token: 400: invalid_request: Identity not found"):
            exchanged(lambda: azure_token(url=url), "sync")


@worlds
def test_aws(monkeypatch: pytest.MonkeyPatch, world: str) -> None:
    """STS gives a token for the audience, for the credentials that botocore finds."""
    pytest.importorskip("botocore", reason="the extra `aws` is not installed")
    xml = f"""<GetWebIdentityTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetWebIdentityTokenResult>
    <WebIdentityToken>{SUBJECT}</WebIdentityToken><Expiration>2030-01-01T00:00:00Z</Expiration>
    </GetWebIdentityTokenResult></GetWebIdentityTokenResponse>"""
    with Site(lambda _: Answer(xml.encode(), headers={"Content-Type": "text/xml"})) as sts:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts.origin)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        assert exchanged(lambda: aws_token("my-audience", region="eu-central-1"), world)["subject_token"] == SUBJECT
    (sent,) = sts.sent
    assert b"Action=GetWebIdentityToken" in sent.body
    assert b"Audience.member.1=my-audience" in sent.body


def test_aws_without_credentials() -> None:
    """The error names what is missing."""
    pytest.importorskip("botocore", reason="the extra `aws` is not installed")
    with pytest.raises(CredentialError, match=r"aws_token\(\) gave no token: NoCredentialsError"):
        exchanged(lambda: aws_token(region="eu-central-1"), "sync")


@pytest.fixture
def wary(certificate: Callable[[str], Certificate]) -> ssl.SSLContext:
    """Return the context of a server that requires a client certificate."""
    trusted = Path(certificate("IP:127.0.0.1").file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, trusted.with_name("key.pem"))
    context.load_verify_locations(trusted)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


@worlds
def test_a_client_certificate(certificate: Callable[[str], Certificate], wary: ssl.SSLContext, world: str) -> None:
    """The certificate of the client is shown to the token server and to the API; there is no subject token."""
    file = Path(certificate("IP:127.0.0.1").file)
    shown = {"verify": str(file), "cert": (str(file), str(file.with_name("key.pem")))}
    with Site(Tokens(), tls=wary) as tokens, Site(chat, tls=wary) as site:
        auth = identity(tokens, client_certificate())
        if world == "asyncio":
            assert asyncio.run(aask(site.url, auth, http_options=shown)) == "c"
        else:
            with client(site.url, auth, http_options=shown) as made:
                assert ask(made) == "c"
        assert site.sent[0].bearer == "issued-token-1"
        assert tokens.sent[0].json == {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token_type": "urn:openai:params:oauth:token-type:x509",
            "identity_provider_id": "idp-1",
            "service_account_id": "account-1",
        }


def test_a_token_server_that_wants_another_certificate(
    certificate: Callable[[str], Certificate], wary: ssl.SSLContext
) -> None:
    """The failure of the handshake is the cause of the error."""
    file, other = (Path(certificate(name).file) for name in ("IP:127.0.0.1", "DNS:nobody.example"))
    shown = {"verify": str(file), "cert": (str(other), str(other.with_name("key.pem")))}
    with Site(Tokens(), tls=wary) as tokens:
        auth = identity(tokens, client_certificate())
        reported = pytest.raises(CredentialError, match=r"/oauth/token gave no token: ")
        with client("http://127.0.0.1:1/v1", auth, http_options=shown) as made, reported as caught:
            ask(made)
        assert isinstance(caught.value.__cause__, TLSError)


def test_a_client_certificate_needs_its_file() -> None:
    """Without http_options['cert'] there is nothing to prove who calls."""
    auth = WorkloadIdentity("idp", "account", subject=client_certificate())
    with Client(auth=auth, max_retries=0) as made:
        assert made.options.api_base == "https://mtls.api.openai.com/v1"
        with pytest.raises(ConfigError, match=r"client_certificate\(\) needs the certificate: http_options="):
            ask(made)


def test_a_function_may_have_another_kind_of_token() -> None:
    """Its kind goes with it."""
    kind = "urn:ietf:params:oauth:token-type:id_token"
    assert exchanged(lambda: function_token(subject, token_type=kind), "sync")["subject_token_type"] == kind
