"""The error tree: who is whose child, what errors say, what they hide, and that they travel."""

import copy
import inspect
import pickle
import re
from collections.abc import Callable
from typing import Any

import pytest

from sdk import errors
from sdk.errors import APIError, Attempt, RequestInfo, SDKError, StreamError

REQUEST = RequestInfo("POST", "http://localhost:8000/v1/chat/completions")
TREE = {
    "SDKError": {"Exception"},
    "ConfigError": {"SDKError", "ValueError"},
    "RequestError": {"SDKError", "ValueError"},
    "BudgetError": {"SDKError"},
    "ClientClosedError": {"SDKError"},
    "APIError": {"SDKError"},
    "APIConnectionError": {"APIError"},
    "APITimeoutError": {"APIConnectionError"},
    "TLSError": {"APIConnectionError"},
    "PoolTimeoutError": {"APIConnectionError"},
    "ConnectionClosedError": {"APIConnectionError"},
    "ConnectionTimeoutError": {"ConnectionClosedError", "APITimeoutError"},
    "RedirectError": {"APIConnectionError"},
    "APIStatusError": {"APIError"},
    "BadRequestError": {"APIStatusError"},
    "AuthenticationError": {"APIStatusError"},
    "PermissionDeniedError": {"APIStatusError"},
    "NotFoundError": {"APIStatusError"},
    "ConflictError": {"APIStatusError"},
    "UnprocessableEntityError": {"APIStatusError"},
    "RateLimitError": {"APIStatusError"},
    "QuotaExceededError": {"RateLimitError"},
    "InternalServerError": {"APIStatusError"},
    "APIResponseError": {"APIError"},
    "CredentialError": {"APIError"},
    "StreamError": {"APIError"},
    "StreamIncompleteError": {"StreamError"},
    "StreamBrokenError": {"StreamError", "APIConnectionError"},
    "StreamStalledError": {"StreamError", "APITimeoutError"},
    "StreamDeadlineError": {"StreamError", "APITimeoutError"},
    "StreamTooLargeError": {"StreamError", "APIResponseError"},
    "JobFailedError": {"APIError"},
    "JobTimeoutError": {"APITimeoutError"},
    "MessageError": {"SDKError"},
    "ToolError": {"SDKError"},
    "RefusalError": {"SDKError"},
    "WebhookVerificationError": {"SDKError"},
}
CLASSES = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, SDKError)]
API_CLASSES = [cls for cls in CLASSES if issubclass(cls, APIError)]
WAYS: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    *(lambda error, p=p: pickle.loads(pickle.dumps(error, p)) for p in range(pickle.HIGHEST_PROTOCOL + 1)),
]


class Demanding(errors.NotFoundError):
    """A user's subclass whose constructor cannot be called with a message alone."""

    def __init__(self, *, model: str) -> None:
        super().__init__(f"no model {model}", request=REQUEST, status_code=404)
        self.model = model


def full(cls: type[APIError]) -> APIError:
    """Build an error with every attribute filled."""
    earlier = Attempt(1, 503, errors.InternalServerError("busy", request=REQUEST, status_code=503), 0.25)
    extra: Any = {"partial": ["a", "b"]} if issubclass(cls, StreamError) else {}
    if issubclass(cls, errors.JobFailedError | errors.JobTimeoutError):
        extra = {"reply": ["a", "b"]}
    return cls(
        "it failed",
        request=REQUEST,
        attempts=[earlier],
        request_id="req_1",
        body={"error": {"message": "it failed"}},
        request_sent=True,
        status_code=418,
        headers={"Retry-After": "3"},
        code="c",
        type="t",
        param="p",
        hint="Do this.",
        **extra,
    )


def state(error: BaseException) -> object:
    """Return all that an error holds, comparable; errors inside it by their own state."""
    return type(error), error.args, str(error), {
        name: [(a.number, a.status_code, a.elapsed, a.error and state(a.error)) for a in value]
        if name == "attempts"
        else value
        for name, value in vars(error).items()
    }  # fmt: skip


def test_tree() -> None:
    """The tree is the one above, no class more and none less."""
    assert {cls.__name__: {base.__name__ for base in cls.__bases__} for cls in CLASSES} == TREE


def test_tree_is_drawn() -> None:
    """The drawing at the top of the module shows every class."""
    drawing = errors.__doc__ or ""
    assert [name for name in TREE if not re.search(rf"\b{name}\b", drawing)] == []


@pytest.mark.parametrize("cls", CLASSES)
def test_public_module(cls: type[SDKError]) -> None:
    """Every error, and so every traceback, names the public module."""
    assert cls.__module__ == "sdk.errors"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cls", API_CLASSES)
def test_api_errors_travel(cls: type[APIError], way: Callable[[Any], Any]) -> None:
    """Pickle and copy keep the type and every attribute of an API error."""
    error = full(cls)
    assert state(way(error)) == state(error)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cls", [cls for cls in CLASSES if cls not in API_CLASSES])
def test_other_errors_travel(cls: type[SDKError], way: Callable[[Any], Any]) -> None:
    """Pickle and copy keep the type, the arguments, notes and added attributes of any other error."""
    error = cls("a", 1)
    error.add_note("seen")
    error.extra = [1]  # type: ignore[attr-defined]  # as users do
    assert state(way(error)) == state(error)


@pytest.mark.parametrize("way", WAYS)
def test_subclasses_travel(way: Callable[[Any], Any]) -> None:
    """A subclass with required keywords comes back as itself."""
    error = Demanding(model="m")
    assert state(way(error)) == state(error)


def test_cause_does_not_travel() -> None:
    """An error chained to something that cannot be pickled still can: the cause stays behind."""
    error = errors.APIConnectionError("it broke")
    error.__cause__ = OSError(lambda: None)
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), back.__cause__) == (errors.APIConnectionError, None)


def test_deepcopy_is_deep() -> None:
    """A deep copy shares no body, a copy does."""
    error = full(APIError)
    assert copy.copy(error).body is error.body
    assert copy.deepcopy(error).body is not error.body


def test_defaults() -> None:
    """An error that was told nothing says None, not something false."""
    error = errors.APIConnectionError("x")
    reported = {name: value for name, value in vars(error).items() if value}
    assert reported == {"message": "x"}
    assert (error.request_sent, error.attempts, error.headers) == (None, (), {})


def test_unknown_detail() -> None:
    """A detail that does not exist is a TypeError, not lost."""
    with pytest.raises(TypeError, match="APIError does not take colour"):
        APIError("x", colour=1)  # type: ignore[call-arg]  # the point


def test_str() -> None:
    """An error says method, URL, status, message, code, attempt, request id and what to do."""
    assert str(full(errors.BadRequestError)) == (
        "POST http://localhost:8000/v1/chat/completions: 418 I'm a Teapot: it failed"
        " (code c, attempt 2, request id req_1). Do this."
    )


def test_str_of_an_unknown_status() -> None:
    """A status without a name is told as a number."""
    assert str(errors.APIStatusError("no", status_code=499)) == "499: no"


def test_repr() -> None:
    """repr is as careful as str."""
    assert repr(errors.BadRequestError("no sk-abcdef123456", status_code=400)) == (
        "BadRequestError('400 Bad Request: no sk-***')"
    )


_SETTINGS = {"api_base": "THE_BASE", "api_key": "THE_KEY", "max_in_flight": "the_limit="}


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (errors.AuthenticationError("x", settings=_SETTINGS), "Check the API key: THE_KEY."),
        (
            errors.QuotaExceededError("x", settings=_SETTINGS),
            "Check the plan and the billing of this account; a retry does not help.",
        ),
        (
            errors.APIConnectionError("[Errno 111] Connection refused", settings=_SETTINGS),
            "Is the server running, and is the base URL (THE_BASE) right?",
        ),
        (
            errors.APIConnectionError("[Errno -2] Name or service not known", settings=_SETTINGS),
            "Is the host of the base URL (THE_BASE) right?",
        ),
        (errors.APIConnectionError("[Errno 104] Connection reset by peer", settings=_SETTINGS), None),
        (
            errors.PoolTimeoutError("x", settings=_SETTINGS),
            "Raise the_limit=, or close streams that are no longer read.",
        ),
        (errors.AuthenticationError("x"), "Check the API key: api_key=."),
        (errors.BadRequestError("x", settings=_SETTINGS), None),
    ],
)
def test_hints(error: APIError, hint: str | None) -> None:
    """Where it is known what to do next, the error says so."""
    assert error.hint == hint


def test_partial() -> None:
    """A stream's error keeps what had come."""
    error = errors.StreamBrokenError("x", partial="half", request_sent=True)
    assert (error.partial, error.request_sent) == ("half", True)
    assert StreamError("x").partial is None
