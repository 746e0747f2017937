"""The error of a response with an error status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..errors import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitError,
    UnprocessableEntityError,
)
from ..errors.body import error_fields, parse_body
from ..errors.redact import MIN_SECRET_LENGTH, request_id, visible_headers

if TYPE_CHECKING:
    from ..errors.attempt import Attempt, RequestInfo
    from ..request.spec import EndpointSpec

_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error(
    status: int,
    *,
    request: RequestInfo | None,
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    body: bytes,
    content_type: str | None,
    attempts: Iterable[Attempt] = (),
    secrets: Iterable[str] = (),
    settings: Mapping[str, str] | None = None,
    hint: str | None = None,
) -> APIStatusError:
    """Build the error of a response with an error status, from a body of any form.

    `secrets` (the key that was sent) are replaced where the body echoes them. `settings` says what set the options that
    hints name; `hint` takes the place of the usual one.
    """
    for secret in secrets:
        if len(secret) >= MIN_SECRET_LENGTH:
            body = body.replace(secret.encode(), b"***")
    parsed = parse_body(body, content_type)
    message, kind, code, param = error_fields(parsed)
    cls = _BY_STATUS.get(status, InternalServerError if status >= 500 else APIStatusError)
    if cls is RateLimitError and "insufficient_quota" in (code, kind):
        cls = QuotaExceededError
    shown = visible_headers(headers)
    return cls(
        message,
        request=request,
        attempts=attempts,
        request_id=request_id(shown),
        body=parsed,
        request_sent=True,
        status_code=status,
        headers=shown,
        code=code,
        type=kind,
        param=param,
        settings=settings,
        hint=hint,
    )


def declare(error: APIStatusError, spec: EndpointSpec) -> None:
    """Let an error know the model of its body; without a message that is known as one, the body's values are it."""
    name = spec.error_of(error.status_code)
    if not name:
        return
    error._declared = (spec.root, name)
    if not error.message and isinstance(error.body, Mapping):
        facts = [f"{key}: {value}" for key, value in error.body.items() if isinstance(value, str | int) and value]
        error.message = "; ".join(facts)
        error.args = (error.message,)
