"""The table of options: where each comes from, what it may be, and what it is when nobody says."""

import enum
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from ..validators import (
    header_problem,
    header_value_problem,
    key_problem,
    number_problem,
    read_number,
    secret_problem,
    url_problem,
)

MIB = 1024 * 1024


class Missing(enum.Enum):
    """The type of MISSING."""

    MISSING = "MISSING"

    def __repr__(self) -> str:
        return self.name


MISSING: Final = Missing.MISSING
"""No API key was given anywhere. Not the same as None, which asks to send no key."""

DERIVED: Final = object()
"""The default depends on another option, or is costly: `_config` works it out."""


class Wrong(Exception):
    """A value that an option does not take; the words complete "<name> ..."."""


class Rule(NamedTuple):
    """How one option is read. Where `nullable` is False, None is the same as not given."""

    check: Callable[[object], object]
    default: object
    env: tuple[str, ...] = ()
    nullable: bool = True
    read: Callable[[str], object] = str


def key_source(value: object) -> object:
    """Take a key, or a callable that returns one, whose keys are checked as they come."""
    if value is None or callable(value):
        return value
    if isinstance(value, Mapping):  # an API with several security schemes, which say what their keys may be
        for key in value.values():
            _refuse(key, None if key is None or callable(key) else secret_problem(key))
        return MappingProxyType({str(name): key for name, key in value.items()})
    return _refuse(value, key_problem(value))


def _refuse(value: object, problem: str | None) -> object:
    if problem is not None:
        raise Wrong(problem)
    return value


def _base(value: object) -> object:
    _refuse(value, url_problem(value))
    return str(value).rstrip("/")


def _header_text(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Wrong(f"must be a str, not {type(value).__name__}")
    return _refuse(value, "is empty" if not value else header_value_problem(value))


def _header_name(value: object) -> object:
    return _refuse(value, header_problem(value, ""))


def _scheme(value: object) -> object:
    """None and "" ask for the bare key."""
    return "" if value in (None, "") else _header_text(value)


def _number(*, whole: bool = False, least: float = 0, above: bool = False) -> Callable[[object], object]:
    def check(value: object) -> object:
        if value is None:
            return None
        _refuse(value, number_problem(value, whole=whole, least=least, above=above))
        return value if whole else float(value)  # type: ignore[arg-type]  # number_problem has seen to it

    return check


def _reader(*, whole: bool, none: bool) -> Callable[[str], object]:
    def read(text: str) -> object:
        if none and text.strip().lower() == "none":
            return None
        number = read_number(text, whole=whole)
        if number is None:
            kind = "a whole number" if whole else "a number of seconds"
            raise Wrong(f'must be {kind}{" or none" if none else ""}, not "{text[:40]}"')
        return number

    return read


def _flag(value: object) -> object:
    return _refuse(value, None if isinstance(value, bool) else f"must be True or False, not {type(value).__name__}")


def _hook(value: object) -> object:
    taken = value is None or callable(value)
    return _refuse(value, None if taken else f"must be callable, not {type(value).__name__}")


def _anything(value: object) -> object:
    return value


def _mapping(value: object) -> Mapping[str, object]:
    """Copy a dict, so that a later change of the caller's does not reach the client."""
    if not isinstance(value, Mapping):
        raise Wrong(f"must be a mapping, not {type(value).__name__}")
    if not all(isinstance(name, str) for name in value):
        raise Wrong("has a name that is not a str")
    return MappingProxyType(dict(value))


def _headers(value: object) -> object:
    headers = _mapping(value)
    for name, text in headers.items():
        problem = header_problem(name, text)
        # A name that is a token is safe to show; a value never is.
        if problem is not None:
            raise Wrong(problem if header_problem(name, "") else f'["{name}"] {problem}')
    return headers


_SECONDS = _number(above=True)
_WAIT = _number()  # 0: do not wait
_SIZE = _number(whole=True, least=1)
_TIMES = _number(whole=True)
_READ_SECONDS = _reader(whole=False, none=True)
_READ_SIZE = _reader(whole=True, none=True)
_READ_TIMES = _reader(whole=True, none=False)
_NOTHING: Mapping[str, object] = MappingProxyType({})

RULES: Final[Mapping[str, Rule]] = {
    "api_key": Rule(key_source, MISSING, ("OPENAI_API_KEY",)),
    "admin_api_key": Rule(key_source, None, ("OPENAI_ADMIN_KEY",)),
    "api_base": Rule(_base, "https://api.openai.com/v1", ("OPENAI_API_BASE", "OPENAI_BASE_URL"), nullable=False),
    "auth_scheme": Rule(_scheme, DERIVED),
    "auth_header": Rule(_header_name, "Authorization", nullable=False),
    "organization": Rule(_header_text, None, ("OPENAI_ORG_ID", "OPENAI_ORGANIZATION")),
    "project": Rule(_header_text, None, ("OPENAI_PROJECT_ID",)),
    "user_agent": Rule(_header_text, DERIVED, ("OPENAI_USER_AGENT",), nullable=False),
    "max_in_flight": Rule(_SIZE, 2, ("OPENAI_MAX_IN_FLIGHT",), read=_READ_SIZE),
    "pool_timeout": Rule(_WAIT, 600.0),
    "max_connections": Rule(_SIZE, DERIVED),
    "max_redirects": Rule(_TIMES, 3, ("OPENAI_MAX_REDIRECTS",), nullable=False, read=_READ_TIMES),
    "connect_timeout": Rule(_SECONDS, 10.0),
    "timeout": Rule(_SECONDS, 120.0, ("OPENAI_TIMEOUT",), read=_READ_SECONDS),
    "stall_timeout": Rule(_SECONDS, 600.0, ("OPENAI_STALL_TIMEOUT",), read=_READ_SECONDS),
    "deadline": Rule(_SECONDS, None),
    "max_retries": Rule(_TIMES, 2, ("OPENAI_MAX_RETRIES",), nullable=False, read=_READ_TIMES),
    "retry_sent": Rule(_flag, True, nullable=False),
    "max_retry_after": Rule(_WAIT, 120.0),
    "max_response_bytes": Rule(_SIZE, 512 * MIB),
    "max_line_bytes": Rule(_SIZE, 16 * MIB),
    "require_stream_end": Rule(_flag, True, nullable=False),
    "on_request": Rule(_hook, None),
    "on_response": Rule(_hook, None),
    "on_retry": Rule(_hook, None),
    "default_headers": Rule(_headers, _NOTHING, nullable=False),
    "default_query": Rule(_mapping, _NOTHING, nullable=False),
    "http_options": Rule(_mapping, _NOTHING, nullable=False),
    "http_client": Rule(_anything, None),
    "transport": Rule(_anything, None),
    "strict": Rule(_flag, False, nullable=False),
}
