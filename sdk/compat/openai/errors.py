"""The errors, by the names of the official package. Each is a subclass of the error of the SDK that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import sdk.errors as ours

if TYPE_CHECKING:
    import httpx


class OpenAIError(ours.SDKError):
    """Any error."""


class ClientClosedError(OpenAIError, ours.ClientClosedError, RuntimeError):
    """The client is closed."""


class APIError(OpenAIError, ours.APIError):
    """A call that failed: `message`, `request`, `body`, `code`, `param`, `type`; and what `sdk.errors.APIError` has.

    `body` is the error of the server: of `{"error": {...}}` the inner object.
    """

    def __init__(self, message: Any = "Connection error.", request: Any = None, **details: Any) -> None:
        if not isinstance(message, str):  # an APITimeoutError(request), an APIResponseValidationError(response, body)
            details["response" if hasattr(message, "status_code") else "request"], message = (
                message,
                "Request timed out.",
            )
        body = details.pop("body", None)
        response = details.pop("response", None)
        if isinstance(body, Mapping):
            details |= {name: body.get(name) for name in ("code", "param", "type") if name not in details}
        if response is not None:
            details |= {"status_code": response.status_code, "headers": dict(response.headers)}
            details["request_id"] = response.headers.get("x-request-id")
            request = request or getattr(response, "_request", None)
        ours.APIError.__init__(self, message, body=body, **details)
        self.__dict__["request"], self.__dict__["_response"] = request or details.get("request"), response

    def _server_error(self) -> Any:
        body = self.__dict__.get("body")
        return body.get("error", body) if isinstance(body, dict) else body

    if TYPE_CHECKING:
        request: Any
        body: Any
    else:

        @property
        def request(self) -> httpx.Request | None:
            """The request, without its body, and without its headers, which hold secrets."""
            return _request_of(self.__dict__.get("request"))

        @request.setter
        def request(self, value: Any) -> None:
            self.__dict__["request"] = value

        @property
        def body(self) -> Any:
            """The error of the server, parsed."""
            return self._server_error()

        @body.setter
        def body(self, value: Any) -> None:
            self.__dict__["body"] = value

    @property
    def response(self) -> httpx.Response:
        """The response, with the headers that hold no secret. Raises: AttributeError if none arrived."""
        kept: httpx.Response | None = self.__dict__.get("_response")
        if kept is not None:
            return kept
        if self.status_code is None:
            raise AttributeError(f"{type(self).__name__!r} has no attribute 'response': none arrived")
        from .http import response_of

        return response_of(self.status_code, self.headers, self.__dict__.get("body"), self.request)


class APIConnectionError(APIError, ours.APIConnectionError):
    """No complete response arrived."""


class APITimeoutError(APIConnectionError, ours.APITimeoutError):
    """The response did not arrive in time."""


class APIStatusError(APIError, ours.APIStatusError):
    """The server answered with an error status: `status_code`, `response`, `request_id`."""


class BadRequestError(APIStatusError, ours.BadRequestError):
    """400."""


class AuthenticationError(APIStatusError, ours.AuthenticationError):
    """401."""


class OAuthError(AuthenticationError):
    """401 of a token server."""


class PermissionDeniedError(APIStatusError, ours.PermissionDeniedError):
    """403."""


class NotFoundError(APIStatusError, ours.NotFoundError):
    """404."""


class ConflictError(APIStatusError, ours.ConflictError):
    """409."""


class UnprocessableEntityError(APIStatusError, ours.UnprocessableEntityError):
    """422."""


class RateLimitError(APIStatusError, ours.RateLimitError):
    """429."""


class InternalServerError(APIStatusError, ours.InternalServerError):
    """500 and above."""


class APIResponseValidationError(APIError, ours.APIResponseError):
    """A reply that cannot be read."""


class LengthFinishReasonError(OpenAIError):
    """The answer was cut off before it was complete; `completion` is the whole reply."""

    def __init__(self, *, completion: Any) -> None:
        usage = f" - {completion.usage}" if completion.usage else ""
        super().__init__(f"the answer was cut off at the length limit, and cannot be parsed{usage}")
        self.completion = completion


class ContentFilterFinishReasonError(OpenAIError):
    """A filter withheld the answer."""

    def __init__(self, *, completion: Any = None) -> None:
        super().__init__("a content filter withheld the answer, which cannot be parsed")
        self.completion = completion


class InvalidWebhookSignatureError(ours.WebhookVerificationError, ValueError):
    """A webhook whose signature is not valid."""


class WebSocketConnectionClosedError(OpenAIError):
    """A WebSocket closed. This SDK opens none."""


class WebSocketQueueFullError(OpenAIError):
    """Too many messages wait for a WebSocket. This SDK opens none."""


class SubjectTokenProviderError(OpenAIError):
    """The source of a token failed."""


_KNOWN: dict[type, type] = {
    ours.SDKError: OpenAIError,
    ours.APIResponseError: APIResponseValidationError,
    ours.WebhookVerificationError: InvalidWebhookSignatureError,
    **{
        vars(ours)[name]: kind
        for name, kind in list(globals().items())
        if isinstance(kind, type) and issubclass(kind, OpenAIError) and name in vars(ours)
    },
}


def __getattr__(name: str) -> Any:
    """Return the class that is made for another error of the SDK: pickles name it."""
    kind: Any = getattr(ours, name, None) if not name.startswith("_") else None
    if not (isinstance(kind, type) and issubclass(kind, ours.SDKError)):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    own: Any = kind
    return class_of(own)


@cache
def class_of(kind: Any) -> Any:
    """Return the class here for a class of the SDK: one of this module, or one made below it."""
    if kind in _KNOWN or not issubclass(kind, ours.SDKError) or issubclass(kind, OpenAIError):
        return _KNOWN.get(kind, kind)
    own: tuple[Any, ...] = kind.__bases__
    bases = [class_of(base) for base in own if issubclass(base, ours.SDKError)]
    return type(kind.__name__, (*bases, kind), {"__module__": __name__, "__doc__": kind.__doc__})


def translated(error: ours.SDKError) -> ours.SDKError:
    """Return the same error as one of this module's classes."""
    own: Any = type(error)
    kind = class_of(own)
    if kind is not type(error):
        error.__class__ = kind
    if isinstance(error, ours.APIError) and error.hint:
        error.hint = error.hint.replace("api_base=", "base_url=")
    elif isinstance(error, ours.ConfigError):
        error.args = tuple(one.replace("api_base", "base_url") if isinstance(one, str) else one for one in error.args)
    return error


def _request_of(info: Any) -> Any:
    if info is None or not hasattr(info, "method") or hasattr(info, "headers"):
        return info
    from .http import request_of

    return request_of(info)
