"""Webhooks by Standard Webhooks: group K of the fault table, and what a proven one gives."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import traceback
from collections.abc import Callable
from http.client import parse_headers
from typing import Any
from wsgiref.headers import Headers as WSGIHeaders

import httpx
import pytest
import yaml

from sdk import models, webhooks
from sdk.errors import ConfigError, SDKError, WebhookVerificationError

from ..generator.whole import ROOT

NOW = 1_700_000_000
KEY = b"a key of twenty-four by."
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
EVENT = {"id": "evt_1", "object": "event", "created_at": NOW, "type": "response.completed", "data": {"id": "resp_1"}}
BODY = json.dumps(EVENT).encode()


def sign(body: bytes = BODY, *, id: str = "wh_1", timestamp: object = NOW, key: bytes = KEY) -> str:
    """Return a v1 signature, made without the SDK."""
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(body: bytes = BODY, *, timestamp: object = NOW, **changes: Any) -> dict[str, Any]:
    """Return the three headers of a webhook, some of them changed; None leaves one out."""
    all_of_them = {
        "webhook-id": "wh_1",
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(body, timestamp=timestamp),
        **{f"webhook-{name}": value for name, value in changes.items()},
    }
    return {name: value for name, value in all_of_them.items() if value is not None}


def refused(body: Any = BODY, given: Any = None, **options: Any) -> str:
    """Return what the error says; exactly WebhookVerificationError must be raised."""
    options.setdefault("now", NOW)
    with pytest.raises(SDKError) as caught:
        webhooks.unwrap(body, headers() if given is None else given, SECRET, **options)
    assert type(caught.value) is WebhookVerificationError
    assert "whsec" not in str(caught.value)
    return str(caught.value)


def test_gives_the_event_as_a_model() -> None:
    """A genuine webhook comes back as the model of its type."""
    event = webhooks.unwrap(BODY, headers(), SECRET, now=NOW)
    assert type(event) is models.WebhookResponseCompleted
    assert (event.type, event.data.id, event.to_dict()) == ("response.completed", "resp_1", EVENT)


def test_agrees_with_the_published_example() -> None:
    """The example of the Standard Webhooks specification verifies."""
    body = b'{"test": 2432232314}'
    given = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert webhooks.verify(body, given, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now=1614265330) == body


def test_knows_every_event_of_the_document() -> None:
    """Each webhook of the pinned document has its model, by the type that its schema names."""
    document = yaml.load((ROOT / "spec" / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)
    assert len(document["webhooks"]) == 16
    for hook in document["webhooks"].values():
        reference = hook["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        name = reference.rpartition("/")[2]
        (kind,) = document["components"]["schemas"][name]["properties"]["type"]["enum"]
        body = json.dumps({**EVENT, "type": kind}).encode()
        assert type(webhooks.unwrap(body, headers(body), SECRET, now=NOW)).__name__ == name


def test_the_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Left out, the secret is OPENAI_WEBHOOK_SECRET; without both, the error names it."""
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", SECRET)
    assert webhooks.verify(BODY, headers(), now=NOW) == BODY
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "")
    with pytest.raises(ConfigError, match=r"^no webhook secret: give secret= or set OPENAI_WEBHOOK_SECRET$"):
        webhooks.verify(BODY, headers(), now=NOW)


def test_a_secret_without_prefix_is_the_key_itself() -> None:
    """Only whsec_ announces base64."""
    given = headers(signature=sign(key=b"plain"))
    assert webhooks.verify(BODY, given, "plain", now=NOW) == BODY


def test_a_secret_that_is_no_text() -> None:
    """Half a character, as a variable of another encoding holds, is no key; the error does not show the secret."""
    with pytest.raises(ConfigError, match=r"^secret= is not text in UTF-8$") as caught:
        webhooks.verify(BODY, headers(), "secret\udcff", now=NOW)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("secret", ["", "whsec_"])
def test_k1_an_empty_secret(secret: str) -> None:
    """With an empty key anyone could sign: refused as configuration, though the signature fits."""
    with pytest.raises(ConfigError, match=r"^secret= is empty: anyone could sign with it$"):
        webhooks.verify(BODY, headers(signature=sign(key=b"")), secret, now=NOW)


@pytest.mark.parametrize(
    ("secret", "body", "given"),
    [
        (SECRET, BODY, headers(signature="v1,abc")),
        (SECRET, BODY, headers(id=None)),
        (SECRET, BODY, headers(timestamp=1)),
        (SECRET, b"{", headers(b"{")),
        (SECRET + "!", BODY, headers()),
    ],
    ids=["signature", "header", "time", "no JSON", "no base64"],
)
def test_no_error_shows_the_secret(secret: Any, body: bytes, given: dict[str, Any]) -> None:
    """Reporters of errors show what variables hold: not the secret, whatever is wrong."""
    with pytest.raises(SDKError) as caught:
        webhooks.unwrap(body, given, secret, now=NOW)
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    frames = [frame for error in chain if error for frame, _ in traceback.walk_tb(error.__traceback__)]
    shown = [repr(value) for frame in frames[1:] for value in frame.f_locals.values()]
    assert len(shown) > 5
    assert [text for text in shown if SECRET[6:20] in text or KEY.decode() in text] == []


def test_no_error_shows_the_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor where it is the variable that is wrong."""
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", SECRET + "\n")
    with pytest.raises(ConfigError) as caught:
        webhooks.unwrap(BODY, headers(), now=NOW)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert [f.f_code.co_name for f in frames for v in f.f_locals.values() if SECRET in repr(v)] == []


@pytest.mark.parametrize("signature", ["v1,é", "v1,\ud800", b"v1,\xff", "v1,", "v1", ","])
def test_k2_a_signature_that_is_no_base64(signature: Any) -> None:
    """Whatever stands for a signature is refused, and crashes nothing."""
    refused(given=headers(signature=signature))


@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
@pytest.mark.parametrize("value", [None, "", [], 7])
def test_k3_a_missing_header(name: str, value: Any) -> None:
    """Each header has to be there, as text; the error says which one is not."""
    given = {**headers(), f"webhook-{name}": value}
    if value is None:
        del given[f"webhook-{name}"]
    assert refused(given=given) == f"the header webhook-{name} is missing"


@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
def test_k3_a_header_given_twice(name: str) -> None:
    """Two values for one header are refused, for nobody knows which one was meant."""
    pairs = [*headers().items(), (f"Webhook-{name}", "x")]
    assert refused(given=pairs) == f"the header webhook-{name} is there 2 times"


@pytest.mark.parametrize("secret", ["whsec_!!", "whsec_abc", "whsec_ü", b"whsec_YQ=="])
def test_k3_a_secret_that_is_no_base64(secret: Any) -> None:
    """A wrong secret is an error of configuration that does not show it."""
    with pytest.raises(ConfigError) as caught:
        webhooks.verify(BODY, headers(), secret, now=NOW)
    assert str(secret)[6:] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_k3_a_body_that_is_no_utf8() -> None:
    """Bytes that are no UTF-8 can be genuine, and are no event."""
    body = b'{"type": "\xff"}'
    assert refused(body, headers(body)) == "the webhook is genuine, but its body is not JSON"
    assert refused("\ud800") == "the body is a str that is not UTF-8; pass the bytes as received"


@pytest.mark.parametrize("body", [EVENT, None, 7])
def test_k3_a_body_that_was_decoded(body: Any) -> None:
    """Decoded JSON cannot be verified, and the error says what to give."""
    assert refused(body).startswith("the body must be bytes or str as received, not ")


class _Keys:
    """Headers with the least that dict() takes."""

    def __init__(self, given: dict[str, str]) -> None:
        self.keys, self._given = given.keys, given

    def __getitem__(self, name: str) -> str:
        return self._given[name]


FORMS: dict[str, Callable[[dict[str, str]], Any]] = {
    "dict": dict,
    "other case": lambda given: {name.title(): value for name, value in given.items()},
    "bytes": lambda given: {name.encode(): value.encode() for name, value in given.items()},
    "pairs": lambda given: list(given.items()),
    "pairs of bytes": lambda given: [(name.encode(), value.encode()) for name, value in given.items()],
    "lists": lambda given: {name: [value] for name, value in given.items()},
    "among others": lambda given: {**given, "X-Other": None, b"y": 7},
    "http.server": lambda given: parse_headers(io.BytesIO("".join(f"{k}: {v}\n" for k, v in given.items()).encode())),
    "wsgiref": lambda given: WSGIHeaders(list(given.items())),
    "httpx": httpx.Headers,
    "keys alone": _Keys,
    "an environ of WSGI": lambda given: {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in given.items()} | {"a": 1},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("body", [BODY, BODY.decode(), bytearray(BODY)])
def test_takes_what_frameworks_give(form: str, body: Any) -> None:
    """Headers come as mappings or pairs, of text or bytes, in any case; bodies as bytes or text."""
    assert webhooks.verify(body, FORMS[form](headers()), SECRET, now=NOW) == BODY


@pytest.mark.parametrize(
    "timestamp",
    ["1_7", "٣", "+1700000000", "-1700000000", "1700000000.0", " 1700000000", "1700000000\n", "1e9", "9" * 5_000],
)
def test_k4_a_timestamp_is_ascii_digits(timestamp: str) -> None:
    """What int() would take is not enough, though the signature fits."""
    given = headers(timestamp=timestamp)
    assert refused(given=given) == "the header webhook-timestamp is not Unix time in whole seconds"


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_k5_within_the_tolerance(age: int) -> None:
    """Five minutes to both sides, the edge included."""
    given = headers(timestamp=NOW - age)
    assert webhooks.verify(BODY, given, SECRET, now=NOW) == BODY
    assert webhooks.verify(BODY, given, SECRET, now=NOW + 0.4) == BODY


@pytest.mark.parametrize(
    ("age", "message"),
    [
        (301, "the webhook is too old: 301 s, and 300 s are allowed"),
        (-301, "the webhook is 301 s in the future, and 300 s are allowed. Is this clock right?"),
        (-302, "the webhook is 302 s in the future, and 300 s are allowed. Is this clock right?"),
    ],
)
def test_k5_beyond_the_tolerance(age: int, message: str) -> None:
    """One second more is refused, with the number."""
    assert refused(given=headers(timestamp=NOW - age)) == message


def test_the_tolerance_can_be_changed() -> None:
    """tolerance= is in seconds."""
    assert webhooks.verify(BODY, headers(timestamp=NOW - 900), SECRET, tolerance=900, now=NOW) == BODY
    refused(given=headers(timestamp=NOW - 2), tolerance=1)


HUGE = 10**400


@pytest.mark.parametrize(
    ("argument", "value", "problem"),
    [
        ("tolerance", float("nan"), "must be a number of seconds, not nan"),
        ("tolerance", float("inf"), "must be a number of seconds, not inf"),
        ("tolerance", -1, "must be at least 0, not -1"),
        ("tolerance", "300", "must be a number of seconds, not str"),
        ("tolerance", True, "must be a number of seconds, not bool"),
        ("tolerance", None, "must be a number of seconds, not NoneType"),
        ("tolerance", HUGE, "must be at most 1e+15 seconds"),
        ("now", float("nan"), "must be a number of seconds, not nan"),
        ("now", float("inf"), "must be a number of seconds, not inf"),
        ("now", -HUGE, "must be at least 0"),
        ("now", "1970", "must be a number of seconds, not str"),
        ("seen", {"wh_1"}, "must be callable, not set"),
    ],
)
@pytest.mark.parametrize("read", [webhooks.verify, webhooks.unwrap])
def test_an_argument_that_would_switch_a_check_off(read: Any, argument: str, value: Any, problem: str) -> None:
    """What is no number of seconds is refused at once: to compare with NaN accepts a delivery of any age."""
    with pytest.raises(ConfigError) as caught:
        read(BODY, headers(timestamp=1000), SECRET, **{"now": NOW, argument: value})
    assert str(caught.value) == f"{argument}= {problem}"


def test_the_clock_is_the_real_one() -> None:
    """Without now=, a webhook of long ago is old, and one of this moment is not."""
    import time

    assert webhooks.verify(BODY, headers(timestamp=int(time.time())), SECRET) == BODY
    with pytest.raises(WebhookVerificationError, match="too old"):
        webhooks.verify(BODY, headers(), SECRET)


OTHER = sign(key=b"another key")


@pytest.mark.parametrize(
    "signature",
    [f"{OTHER} {sign()}", f"{sign()} {OTHER}", f"v1a,xyz {sign()}", f"v2,x v1 {sign()} ,"],
)
def test_k6_any_v1_signature_may_match(signature: str) -> None:
    """While secrets rotate there are several; those of other versions do not disturb."""
    assert webhooks.verify(BODY, headers(signature=signature), SECRET, now=NOW) == BODY


@pytest.mark.parametrize(
    "signature",
    [OTHER, sign()[3:], f"v1a{sign()[2:]}", f"v2{sign()[2:]}", f"V1{sign()[2:]}", sign().rstrip("="), sign()[:-5]],
)
def test_k6_others_do_not_count(signature: str) -> None:
    """A right digest under another version, bare, or cut, is no signature."""
    assert refused(given=headers(signature=signature)).startswith("no signature of the webhook matches.")


@pytest.mark.parametrize("changed", ["body", "id", "timestamp"])
def test_each_signed_part_counts(changed: str) -> None:
    """A changed body, id or time breaks the signature."""
    given = headers(signature=sign())
    given |= {"webhook-id": "wh_2"} if changed == "id" else {}
    given |= {"webhook-timestamp": str(NOW + 1)} if changed == "timestamp" else {}
    assert refused(BODY + b" " if changed == "body" else BODY, given).startswith("no signature")


def test_k7_a_replay_is_refused() -> None:
    """The hook hears of proven ids only, and its yes refuses the webhook."""
    ids: list[str] = []

    def seen(id: str) -> bool:
        ids.append(id)
        return ids.count(id) > 1

    refused(given=headers(signature=OTHER), seen=seen)
    assert ids == []
    assert webhooks.verify(BODY, headers(), SECRET, seen=seen, now=NOW) == BODY
    assert refused(seen=seen) == "the webhook has been handled before: its webhook-id was seen"
    assert ids == ["wh_1", "wh_1"]


@pytest.mark.parametrize("event", [{"type": "x", "new": {"a": 1}}, {"id": "evt_1", "data": {}}, {"type": 7}])
def test_k8_an_unknown_type(event: dict[str, Any]) -> None:
    """An event of an unknown type, or none, comes back raw."""
    body = json.dumps(event).encode()
    found = webhooks.unwrap(body, headers(body), SECRET, now=NOW)
    assert isinstance(found, webhooks.UnknownEvent)
    assert isinstance(found, models.Unknown)
    assert found.raw == found.to_dict() == event
    assert found.type == ("x" if event.get("type") == "x" else None)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"notjson", "the webhook is genuine, but its body is not JSON"),
        (b"", "the webhook is genuine, but its body is not JSON"),
        (b"[1]", "the webhook is genuine, but its body is not a JSON object"),
        (b"null", "the webhook is genuine, but its body is not a JSON object"),
    ],
)
def test_k9_genuine_but_no_event(body: bytes, message: str) -> None:
    """A body that is no JSON object is said to be so, after it was proven."""
    assert webhooks.verify(body, headers(body), SECRET, now=NOW) == body
    assert refused(body, headers(body)) == message


@pytest.mark.parametrize("headers", [None, 3, ["abc"], [("webhook-id",)], "webhook-id"])
def test_headers_that_are_none(headers: Any) -> None:
    """What is neither a mapping nor pairs is a failure to verify, like everything else that is wrong."""
    with pytest.raises(WebhookVerificationError, match="a mapping or pairs of name and value"):
        webhooks.verify(b"{}", headers, "whsec_c2VjcmV0")
