"""The key of the API, and the headers of its responses."""

import hmac
from collections.abc import Mapping

from ..server.errors import APIFailure
from ..server.middleware import Refusal
from ..server.recorded_request import RecordedRequest

#: Headers of every response: rate limits, and how soon to poll, because the official package otherwise waits a second.
_HEADERS = {
    "openai-poll-after-ms": "10",
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-limit-tokens": "1000000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-remaining-tokens": "999900",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-reset-tokens": "6ms",
}


def headers(seconds: float) -> Mapping[str, str]:
    """Return the headers of a response that took some seconds."""
    return {"openai-processing-ms": str(round(seconds * 1000)), **_HEADERS}


def refuse_without(api_key: str | None) -> Refusal:
    """Return what refuses requests without the key; None accepts all."""

    def refuse(request: RecordedRequest) -> APIFailure | None:
        return refusal(request.headers, api_key)

    return refuse


def refusal(headers: Mapping[str, str], api_key: str | None) -> APIFailure | None:
    """Return the error for a request without the API key; None if the key is right, or none is required."""
    if api_key is None:
        return None
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        message = "No API key was given. Send the header 'Authorization: Bearer KEY'."
    elif hmac.compare_digest(given.encode(), api_key.encode()):
        return None
    else:
        # Enough to recognise the key, not enough to use it.
        shown = f"{given[:3]}...{given[-2:]}" if len(given) > 12 else "..."
        message = f"The API key '{shown}' is wrong."
    return APIFailure(message, status=401, code="invalid_api_key", headers={"www-authenticate": "Bearer"})
