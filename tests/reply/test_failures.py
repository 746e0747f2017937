"""From a failed response to a typed error, whatever the server's body looks like."""

import json
import math

import pytest

from sdk import errors
from sdk.errors import APIStatusError, Attempt, RequestInfo, error_in_body, status_error

REQUEST = RequestInfo("GET", "http://localhost/v1/models")
Fields = tuple[str, str | None, str | None, str | None]


def build(status: int, body: object = None, content_type: str | None = "application/json") -> APIStatusError:
    """Build the error for a body: bytes as they are, anything else as JSON, None for no body."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return status_error(status, request=REQUEST, headers={}, body=raw, content_type=content_type)


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (402, APIStatusError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (408, APIStatusError),
        (409, errors.ConflictError),
        (413, APIStatusError),
        (422, errors.UnprocessableEntityError),
        (429, errors.RateLimitError),
        (499, APIStatusError),
        (500, errors.InternalServerError),
        (529, errors.InternalServerError),
        (599, errors.InternalServerError),
        (304, APIStatusError),
    ],
)
def test_class(status: int, cls: type[APIStatusError]) -> None:
    """The status picks the class."""
    error = build(status)
    assert (type(error), error.status_code, error.body, error.message) == (cls, status, None, "")


@pytest.mark.parametrize("field", ["code", "type"])
def test_quota(field: str) -> None:
    """A 429 for want of quota is told from one for haste."""
    assert type(build(429, {"error": {"message": "x", field: "insufficient_quota"}})) is errors.QuotaExceededError


def test_quota_elsewhere() -> None:
    """Only a 429 is about quota."""
    error = build(403, {"error": {"message": "x", "code": "insufficient_quota"}})
    assert type(error) is errors.PermissionDeniedError


SHAPES: dict[str, tuple[object, Fields]] = {
    "OpenAI": (
        {"error": {"message": "m", "type": "invalid_request_error", "param": "messages", "code": "c"}},
        ("m", "invalid_request_error", "c", "messages"),
    ),
    "llama.cpp": ({"error": {"code": 400, "message": "m", "type": "t"}}, ("m", "t", "400", None)),
    "vLLM, old": (
        {"object": "error", "message": "m", "type": "BadRequestError", "param": None, "code": 400},
        ("m", "BadRequestError", "400", None),
    ),
    "Ollama": ({"error": "model 'x' not found"}, ("model 'x' not found", None, None, None)),
    "LiteLLM": (
        {"error": {"message": "m", "type": "None", "param": "None", "code": "401"}},
        ("m", None, "401", None),
    ),
    "FastAPI": ({"detail": "Not Found"}, ("Not Found", None, None, None)),
    "FastAPI, validation": (
        {
            "detail": [
                {"loc": ["body", "messages", 0], "msg": "Field required", "type": "missing", "input": "my prompt"},
                {"loc": ["body", "n"], "msg": "bad", "type": "int"},
            ]
        },
        ("body.messages.0: Field required; body.n: bad", None, None, None),
    ),
    "text-generation-inference": ({"error": "m", "error_type": "validation"}, ("m", "validation", None, None)),
    "Gemini": (
        [{"error": {"code": 400, "message": "m", "status": "INVALID_ARGUMENT"}}],
        ("m", "INVALID_ARGUMENT", "400", None),
    ),
    "OAuth": ({"error": "invalid_grant", "error_description": "m"}, ("invalid_grant: m", "invalid_grant", None, None)),
    "Responses event": ({"type": "error", "code": "c", "message": "m", "param": None}, ("m", None, "c", None)),
    "nested event": ({"type": "error", "error": {"type": "overloaded_error", "message": "m"}},
                     ("m", "overloaded_error", None, None)),
    "flat": ({"message": "boom", "code": "x"}, ("boom", None, "x", None)),
    "flag": ({"error": True, "message": "m"}, ("m", None, None, None)),
    "code outside": ({"error": {"message": "m"}, "code": 429}, ("m", None, "429", None)),
    "no message": ({"error": {"code": "c"}}, ("c", None, "c", None)),
    "message that is a list": ({"error": {"message": ["a", "b"]}}, ("a; b", None, None, None)),
    "message that is an object": ({"error": {"message": {"msg": "m"}}}, ("m", None, None, None)),
    "odd fields": ({"error": {"message": "m", "code": True, "type": [], "param": {}}}, ("m", None, None, None)),
}  # fmt: skip

ONLY_FAILED: dict[str, tuple[object, Fields]] = {
    "message alone": ({"message": "m"}, ("m", None, None, None)),
    "problem details": ({"title": "t", "detail": "d", "status": 400}, ("d", None, None, None)),
    "JSON:API": ({"errors": [{"code": 7003, "message": "m"}]}, ("m", None, "7003", None)),
    "string": ("plain", ("plain", None, None, None)),
    "list": ([], ("", None, None, None)),
}  # fmt: skip


@pytest.mark.parametrize(("body", "fields"), (SHAPES | ONLY_FAILED).values(), ids=(SHAPES | ONLY_FAILED).keys())
def test_shapes(body: object, fields: Fields) -> None:
    """Message, type, code and param are found in every known shape, and the body is kept as it came."""
    error = build(400, body)
    assert (error.message, error.type, error.code, error.param) == fields
    assert error.body == body


@pytest.mark.parametrize(("body", "fields"), SHAPES.values(), ids=SHAPES.keys())
def test_error_in_body(body: object, fields: Fields) -> None:
    """The same shapes are errors where a reply was expected."""
    assert error_in_body(body) == fields


@pytest.mark.parametrize(
    "body",
    [
        *(None, "", "error", 1, [], {}, {"error": None}, {"error": {}}, {"error": ""}, {"error": False}),
        *({"message": "hello"}, {"message": {"role": "assistant"}, "code": "x"}, {"message": "", "code": "x"}),
        {"message": "deleted", "code": "x", "id": "file-1"},
        {"detail": "high", "status": "completed"},
        {"object": "chat.completion", "choices": [], "error": None},
        {"type": "response.created", "response": {}},
        [{"error": "a"}, {"error": "b"}],
    ],
)
def test_no_error_in_body(body: object) -> None:
    """A reply that merely has a message, or an empty error, is no error."""
    assert error_in_body(body) is None


@pytest.mark.parametrize(
    ("raw", "content_type", "body", "message"),
    [
        (b"", None, None, ""),
        (b"busy\n", "text/plain", "busy\n", "busy"),
        (
            b"<!DOCTYPE html>\n<html><head><title>502  Bad\nGateway</title>",
            "text/html",
            "<!DOCTYPE html>\n<html><head><title>502  Bad\nGateway</title>",
            'an HTML page titled "502 Bad Gateway"',
        ),
        (b"<html><body>x", "application/json", "<html><body>x", "an HTML page"),
        (b'{"error":"m"}', "text/plain", {"error": "m"}, "m"),
        (b'\xef\xbb\xbf {"error":"m"}', None, {"error": "m"}, "m"),
        (b'{"error":', "application/json", '{"error":', '{"error":'),
        (b"caf\xe9", "text/plain; charset=iso-8859-1", "café", "café"),
        (b"caf\xe9", "text/plain; charset=nonsense", b"caf\xe9", ""),
        (b"\x00\xff", "application/octet-stream", b"\x00\xff", ""),
        (b"[" * 200_000, "application/json", "[" * 200_000, "[" * 200_000),
        (b'{"error":{"message":"m","n":-Infinity}}', None, {"error": {"message": "m", "n": -math.inf}}, "m"),
        (b'{"error":"\\ud800 m"}', None, {"error": "\ud800 m"}, "\ud800 m"),
    ],
)
def test_bodies(raw: bytes, content_type: str | None, body: object, message: str) -> None:
    """A body is parsed JSON, else text, else bytes, whatever its content type says."""
    error = build(502, raw, content_type)
    assert (error.body, error.message) == (body, message)


def test_deep_message() -> None:
    """A message nested without end is no reason to fail."""
    nested: object = "deep"
    for _ in range(500):
        nested = [nested]
    assert build(400, {"error": {"message": nested}}).message == ""


def test_all_attributes() -> None:
    """Headers, request id, attempts and request reach the error."""
    attempts = [Attempt(1, None, None, 0.5)]
    error = status_error(
        401,
        request=REQUEST,
        headers=[("X-Request-Id", "req_9"), ("Set-Cookie", "s"), ("Content-Type", "application/json")],
        body=b'{"error":{"message":"Incorrect API key provided.","code":"invalid_api_key"}}',
        content_type="application/json",
        attempts=attempts,
        settings={"api_key": "OPENAI_API_KEY"},
    )
    assert error.headers == {"x-request-id": "req_9", "content-type": "application/json"}
    assert (error.request, error.attempts, error.request_id) == (REQUEST, tuple(attempts), "req_9")
    assert error.request_sent is True
    assert str(error) == (
        "GET http://localhost/v1/models: 401 Unauthorized: Incorrect API key provided"
        " (code invalid_api_key, attempt 2, request id req_9)."
        " Check the API key: OPENAI_API_KEY."
    )


def test_long_body() -> None:
    """A long message is cut where it is shown, and whole in the attributes."""
    error = build(500, {"error": "x" * 9000})
    assert error.message == "x" * 9000
    assert str(error) == f"GET http://localhost/v1/models: 500 Internal Server Error: {'x' * 499}…"


def test_secrets() -> None:
    """A key that the server echoes appears nowhere in the error."""
    error = status_error(
        401,
        request=REQUEST,
        headers={},
        body=b'{"error":{"message":"unknown key hunter2!","got":"hunter2!"}}',
        content_type=None,
        secrets=["hunter2!", ""],
    )
    assert error.body == {"error": {"message": "unknown key ***", "got": "***"}}
    assert error.message == "unknown key ***"


def test_a_placeholder_is_no_secret() -> None:
    """A key so short that it is none is not hidden: it would be in every other word."""
    body = b'{"error": {"message": "Incorrect key: k", "code": "invalid_api_key"}}'
    error = status_error(401, request=None, headers={}, body=body, content_type=None, secrets=("k",))
    assert (error.message, error.code) == ("Incorrect key: k", "invalid_api_key")
    error = status_error(401, request=None, headers={}, body=body, content_type=None, secrets=("Incorrect",))
    assert error.message == "*** key: k"
