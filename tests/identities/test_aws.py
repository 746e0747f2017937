"""Amazon Bedrock: signatures as botocore makes them, and keys, against an imitation of its endpoint."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sdk import Client
from sdk.auth import AWSAuth
from sdk.errors import AuthenticationError, ConfigError, CredentialError, PermissionDeniedError, RequestError
from tests.auth.imitation import MESSAGES, Answer, Sent, Site, chat

pytest.importorskip("botocore", reason="the extra `aws` is not installed")
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, RefreshableCredentials

KEY = "AKIAEXAMPLEEXAMPLE"
SECRET = "wJalrXUtnFEMI-EXAMPLE"
REGION = "eu-central-1"


def client(auth: Any, **options: Any) -> Client:
    """Return a client of many calls at once, which does not try again."""
    return Client(**{"auth": auth, "max_in_flight": None, "max_retries": 0, **options})


def ask(made: Client, **arguments: Any) -> str:
    """Call, and return the id of the reply."""
    return made.chat.create.sync(**{"model": "m", "messages": MESSAGES, **arguments}).id


def signature_of(sent: Sent, origin: str, service: str = "bedrock") -> str:
    """Return the Authorization header that botocore makes of what came."""
    headers = sent.headers["authorization"]
    covered = re.search(r"SignedHeaders=([^,]+)", headers)
    assert covered is not None
    names = covered[1].split(";")
    assert {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names)
    assert ("content-type" in names) == ("content-type" in sent.headers)
    assert sent.headers["x-amz-content-sha256"] == hashlib.sha256(sent.body).hexdigest()
    request = AWSRequest(sent.method, f"{origin}{sent.target}", {n: sent.headers[n] for n in names}, sent.body)
    request.context["timestamp"] = sent.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(KEY, SECRET, sent.headers.get("x-amz-security-token")), service, REGION)
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    scope = f"{KEY}/{sent.headers['x-amz-date'][:8]}/{REGION}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={covered[1]}, Signature={signature}"


#: Requests of many forms: methods, paths that are encoded, queries, bodies.
REQUESTS: list[dict[str, Any]] = [
    {"method": "GET", "path": "/models"},
    {"method": "GET", "path": "/models/a.b-c_d~e"},
    {"method": "GET", "path": "/models/with space"},
    {"method": "GET", "path": "/models/with%2Fslash"},
    {"method": "GET", "path": "/models/ümlaut"},
    {"method": "GET", "path": "/models/a:b@c"},
    {"method": "GET", "path": "/models/a+b=c"},
    {"method": "GET", "path": "/models", "query": {"limit": 5}},
    {"method": "GET", "path": "/models", "query": {"b": "2", "a": "1"}},
    {"method": "GET", "path": "/models", "query": {"q": "a b&c=d/é"}},
    {"method": "GET", "path": "/models", "query": {"list": ["x", "y"], "empty": ""}},
    {"method": "DELETE", "path": "/responses/r_1"},
    {"method": "POST", "path": "/responses/r_1/cancel"},
    {"method": "POST", "path": "/chat/completions", "json": {"model": "m", "messages": MESSAGES}},
    {"method": "POST", "path": "/chat/completions", "json": {"text": "ä€😀\n"}},
    {"method": "POST", "path": "/chat/completions", "json": {}},
    {"method": "POST", "path": "/responses", "json": {"x": "y" * 100_000}},
    {"method": "POST", "path": "/files", "files": {"file": ("a.txt", b"\x00\xff")}},
    {"method": "PUT", "path": "/x", "json": [1, 2.5, None]},
    {"method": "PATCH", "path": "/x", "json": "text", "headers": {"X-Other": "a  b"}},
]


@pytest.fixture(scope="module")
def signed() -> Iterator[tuple[str, list[Sent]]]:
    """Send all requests with signatures, and return what came."""
    with Site(lambda _: Answer({})) as site:
        auth = AWSAuth(REGION, credentials=Credentials(KEY, SECRET, "session-token-1"))
        with client(auth, api_base=f"{site.origin}/openai/v1") as made:
            for request in REQUESTS:
                made.request(**request)
        yield site.origin, site.sent


@pytest.mark.parametrize("number", range(20))
def test_signatures_are_those_of_botocore(signed: tuple[str, list[Sent]], number: int) -> None:
    """Of what arrives, botocore makes the same signature."""
    origin, sent = signed[0], signed[1][number]
    assert sent.method == REQUESTS[number]["method"]
    assert sent.headers["authorization"] == signature_of(sent, origin)
    assert sent.headers["x-amz-security-token"] == "session-token-1"


def test_a_call_from_a_coroutine_is_signed() -> None:
    """Finding the credentials runs in a thread the first time, and the signature is the same."""

    async def main(url: str, auth: AWSAuth) -> None:
        async with client(auth, api_base=url) as made:
            for _ in range(2):
                await made.chat.create.asyncio(model="m", messages=MESSAGES)

    with Site(chat) as site:
        asyncio.run(main(site.url, AWSAuth(REGION, credentials=Credentials(KEY, SECRET))))
        assert len(site.sent) == 2
        for sent in site.sent:
            assert sent.headers["authorization"] == signature_of(sent, site.origin)


def test_a_stream_is_signed() -> None:
    """Its request is like any other."""
    body = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[]}\n\ndata: [DONE]\n\n'
    with Site(lambda _: Answer(body, headers={"Content-Type": "text/event-stream"})) as site:
        made = client(AWSAuth(REGION, credentials=Credentials(KEY, SECRET)), api_base=site.url)
        with made, made.chat.create.stream(model="m", messages=MESSAGES) as stream:
            assert stream.final().id == "c"
        assert site.sent[0].headers["authorization"] == signature_of(site.sent[0], site.origin)


def test_each_attempt_has_its_own_signature() -> None:
    """A retry is signed anew, since signatures are valid for minutes."""
    answers = iter([Answer({}, 500), Answer(b'{"object":"list","data":[]}')])
    with Site(lambda _: next(answers)) as site:
        auth = AWSAuth(REGION, credentials=Credentials(KEY, SECRET))
        with client(auth, api_base=site.url, max_retries=1) as made:
            made.models.list.sync()
        assert len(site.sent) == 2
        for sent in site.sent:
            assert sent.headers["authorization"] == signature_of(sent, site.origin)


def test_a_large_file_cannot_be_signed(tmp_path: Any) -> None:
    """A body that is streamed has no hash before it is sent."""
    path = tmp_path / "large.jsonl"
    path.write_bytes(b"x" * 2_000_000)
    auth = AWSAuth(REGION, credentials=Credentials(KEY, SECRET))
    reported = pytest.raises(RequestError, match=r"^files\.create: a signed request needs its body in memory")
    with client(auth, api_base="http://127.0.0.1:1/v1") as made, reported:
        made.files.create.sync(file=path, purpose="batch")


def test_fifty_threads_renew_credentials_once() -> None:
    """Credentials that end are renewed by botocore, once for all."""
    renewals = []
    lock = threading.Lock()

    def metadata(seconds: float) -> dict[str, str]:
        end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
        return {"access_key": KEY, "secret_key": SECRET, "token": "session-token-1", "expiry_time": end.isoformat()}

    def refresh() -> dict[str, str]:
        with lock:
            renewals.append(1)
        return {**metadata(3600), "token": "session-token-2"}

    credentials = RefreshableCredentials.create_from_metadata(metadata(1), refresh, "test")
    auth = AWSAuth(REGION, credentials=credentials)
    with Site(chat) as site, client(auth, api_base=site.url) as made, ThreadPoolExecutor(50) as pool:
        assert set(pool.map(ask, [made] * 50)) == {"c"}
        assert {sent.headers["x-amz-security-token"] for sent in site.sent} == {"session-token-2"}
    assert len(renewals) == 1


def test_credentials_of_the_environment_that_have_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are looked for again after the server says so, and the call is sent once more."""
    for name, value in (("ACCESS_KEY_ID", KEY), ("SECRET_ACCESS_KEY", SECRET), ("SESSION_TOKEN", "session-token-1")):
        monkeypatch.setenv(f"AWS_{name}", value)

    def answer(sent: Sent) -> Answer:
        if sent.headers["x-amz-security-token"] == "session-token-1":
            monkeypatch.setenv("AWS_SESSION_TOKEN", "session-token-2")
            return Answer({"message": "The security token included in the request is expired"}, 403)
        return chat(sent)

    with Site(answer) as site, client(AWSAuth(REGION), api_base=site.url) as made:
        assert ask(made) == "c"
        assert [sent.headers["x-amz-security-token"] for sent in site.sent] == ["session-token-1", "session-token-2"]


def test_a_refusal_for_another_reason_is_told() -> None:
    """It is not sent again; a wrong clock is named; no key and no signature is shown."""

    def answer(sent: Sent) -> Answer:
        reported = f"Signature mismatch for {KEY}: {sent.headers['authorization']}"
        return Answer({"message": reported}, 403, {"Date": "Tue, 15 Nov 1994 08:12:31 GMT"})

    auth = AWSAuth(REGION, credentials=Credentials(KEY, SECRET, "session-token-1"))
    reported = pytest.raises(PermissionDeniedError, match=r"The clock of this machine is \d+ s ahead of the server's")
    with Site(answer) as site, client(auth, api_base=site.url) as made, reported as caught:
        ask(made)
    assert len(site.sent) == 1
    signature = site.sent[0].headers["authorization"].rpartition("=")[2]
    assert caught.value.headers["content-type"] == "application/json"
    for secret in (KEY, SECRET, signature, "session-token-1"):
        assert secret not in f"{caught.value!r} {vars(caught.value)}"


def test_without_credentials_the_call_says_where_to_look() -> None:
    """Nothing is sent."""
    with Site(chat) as site, client(AWSAuth(REGION), api_base=site.url) as made:
        with pytest.raises(CredentialError, match=r"botocore found no credentials\. Check the credentials of AWS"):
            ask(made)
        assert site.sent == []


def test_a_key_of_bedrock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a bearer token, from the argument, a function or the variable; an explicit identity comes before that."""
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "bedrock-key-1")
    with Site(chat) as site:
        auths = [AWSAuth(REGION), AWSAuth(REGION, api_key="bedrock-key-2"), AWSAuth(REGION, api_key=lambda: "key-3")]
        for auth in (*auths, AWSAuth(REGION, credentials=Credentials(KEY, SECRET))):
            with client(auth, api_base=site.url) as made:
                ask(made)
        *keys, last = site.sent
    assert [sent.bearer for sent in keys] == ["bedrock-key-1", "bedrock-key-2", "key-3"]
    assert last.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")


def test_a_refused_key_is_not_sent_again() -> None:
    """There is no other one."""
    with Site(lambda _: Answer({"message": "expired"}, 401)) as site:
        made = client(AWSAuth(REGION, api_key="bedrock-key-1"), api_base=site.url)
        with made, pytest.raises(AuthenticationError):
            ask(made)
        assert len(site.sent) == 1


def test_base_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The region and the kind of endpoint make the URL; a variable replaces it."""
    with client(AWSAuth("us-east-1", api_key="k")) as made:
        assert made.options.api_base == "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1"
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    with client(AWSAuth(api_key="k", endpoint="mantle")) as made:
        assert made.options.api_base == "https://bedrock-mantle.us-west-2.api.aws/v1"
    monkeypatch.setenv("AWS_BEDROCK_BASE_URL", "https://bedrock.test/openai/v1")
    with client(AWSAuth(api_key="k")) as made:
        assert made.options.api_base == "https://bedrock.test/openai/v1"


def test_what_is_wrong_is_told_at_once() -> None:
    """Two identities, no region, an endpoint that is none."""
    wrong: Any = "other"
    for arguments, problem in (
        ({"api_key": "k", "profile": "p"}, "several identities: give one of api_key and profile"),
        ({"region": REGION, "endpoint": wrong}, "the endpoint of AWSAuth is one of runtime, mantle"),
        ({"region": REGION, "api_key": "a b"}, "the api_key of AWSAuth contains white space"),
        ({}, "AWSAuth needs the region: give region="),
    ):
        with pytest.raises(ConfigError, match=problem):
            AWSAuth(**arguments)
    with pytest.raises(ConfigError, match="AWSAuth needs the region"):
        client(AWSAuth(api_key="k"))


def test_nothing_shows_the_keys() -> None:
    """The identity and the options hide them."""
    auth = AWSAuth(REGION, api_key="bedrock-key-1")
    with client(auth) as made:
        assert "bedrock-key-1" not in f"{auth!r} {made.options!r} {vars(auth)}"
