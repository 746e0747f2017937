"""The roots of the error tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, Unpack

from ..public import expose
from .redact import hide_keys, one_line, visible_headers

if TYPE_CHECKING:
    from .attempt import Attempt, RequestInfo


class SDKError(Exception):
    """Any error of the SDK."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception calls the class with `args` alone, which fails for a subclass with required keywords.
        return _rebuild, (type(self), self.args), self.__dict__ or None


def _rebuild(cls: type[SDKError], args: tuple[object, ...]) -> SDKError:
    return cls.__new__(cls, *args)  # __new__ sets args; pickle restores the rest as state


class ErrorDetails(TypedDict, total=False):
    """The arguments of every APIError besides its message; all but `settings` become attributes.

    `settings` has what set an option, an argument or an environment variable, which a hint may name.
    """

    request: RequestInfo | None
    attempts: Iterable[Attempt]
    request_id: str | None
    body: object
    request_sent: bool | None
    status_code: int | None
    headers: Mapping[str, str] | Iterable[tuple[str, str]]
    code: str | None
    type: str | None
    param: str | None
    hint: str | None
    settings: Mapping[str, str] | None


class APIError(SDKError):
    """A call that failed.

    `message` is that of the server or the transport; `attempts` are the earlier attempts; `request_sent` is whether the
    whole request was sent (None: unknown); `body` is parsed JSON, a str, bytes or None; `headers` are those of the
    response that hold no secret; `hint` says what to do next.
    """

    _hint: ClassVar[str | None] = None

    def __init__(self, message: str, **details: Unpack[ErrorDetails]) -> None:
        unknown = details.keys() - ErrorDetails.__annotations__.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} does not take {', '.join(sorted(unknown))}")
        message = hide_keys(message)
        super().__init__(message)
        self.message = message
        self.request = details.get("request")
        self.attempts: tuple[Attempt, ...] = tuple(details.get("attempts", ()))
        self.request_id = details.get("request_id")
        self.body = details.get("body")
        self.request_sent = details.get("request_sent")
        self.status_code = details.get("status_code")
        self.headers = visible_headers(details.get("headers", ()))
        self.code = details.get("code")
        self.type = details.get("type")
        self.param = details.get("param")
        hint = details.get("hint") or self._default_hint()
        self.hint = hint and with_settings(hint, details.get("settings"))

    def _default_hint(self) -> str | None:
        return self._hint

    def __str__(self) -> str:
        parts = [str(self.request)] if self.request else []
        if self.status_code is not None:
            parts.append(_status(self.status_code))
        parts.append(one_line(self.message) or "no message")
        text = ": ".join(parts)
        facts = self._facts()
        if facts:
            text = f"{text.rstrip('.')} ({', '.join(facts)})"
        return f"{text.rstrip('.')}. {self.hint}" if self.hint else text

    def _facts(self) -> list[str]:
        facts = []
        if self.code and self.code not in (str(self.status_code), self.message):
            facts.append(f"code {one_line(self.code)}")
        if self.attempts:
            facts.append(f"attempt {len(self.attempts) + 1}")
        if self.request_id:
            facts.append(f"request id {one_line(self.request_id)}")
        return facts

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


#: What sets an option, in hints of errors that do not know it.
_OPTIONS = {"api_base": "api_base=", "api_key": "api_key=", "max_in_flight": "max_in_flight="}


def with_settings(hint: str, settings: Mapping[str, str] | None) -> str:
    """Replace `{api_key}` and other options in a hint by what set them."""
    for option, otherwise in _OPTIONS.items():
        hint = hint.replace(f"{{{option}}}", (settings or _OPTIONS).get(option, otherwise))
    return hint


def _status(code: int) -> str:
    from http import HTTPStatus  # imported here, because only a printed error needs this large enum

    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


expose(globals(), "errors")
