"""The table of client options: environment variables, validation, default."""

import enum
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ..errors.redact import HARMLESS_HEADERS, HARMLESS_QUERY, redacted, redacted_values
from ..lazy import fully_imported, lazy_function
from ..validators import (
    HTTP_HEADERS,
    header_problem,
    header_value_problem,
    key_problem,
    number_problem,
    read_number,
    secret_problem,
    url_problem,
)

if TYPE_CHECKING:
    from .http_options import http_options_problem
else:  # few clients have any
    http_options_problem = lazy_function(globals(), ".http_options", "http_options_problem")

MIB = 1024 * 1024


class Missing(enum.Enum):
    """The type of MISSING."""

    MISSING = "MISSING"

    def __repr__(self) -> str:
        return self.name


MISSING: Final = Missing.MISSING
"""No API key was given anywhere. Not the same as None, which asks to send no key."""

COMPUTED: Final = object()
"""The default depends on another option or on the service, or is costly: `resolve` computes it."""


class InvalidOption(Exception):
    """An invalid value of an option; the message completes "<name> ..."."""

    def of(self, name: str) -> str:
        """Return the whole sentence. A part of a value is right behind the name: `default_headers["X-A"] is ...`."""
        return f"{name}{self}" if str(self).startswith("[") else f"{name} {self}"


class OptionSpec:
    """How one option is validated. If `nullable` is False, None means "not given".

    `env` are its environment variables without the prefix of the service; the first one that is set wins. `show`
    returns the value as people may see it.
    """

    __slots__ = ("check", "default", "env", "nullable", "read", "show")

    # Not a NamedTuple: creating that class takes as long as importing a module, for every client.
    def __init__(
        self,
        check: Callable[[object], object],
        default: object,
        env: tuple[str, ...] = (),
        nullable: bool = True,
        read: Callable[[str], object] = str,
        show: Callable[[object], str] = repr,
    ) -> None:
        self.check, self.default, self.env, self.nullable, self.read = check, default, env, nullable, read
        self.show = show


def key_source(value: object) -> object:
    """Accept a key, or a callable that returns keys, which are validated when it returns them."""
    if isinstance(value, Mapping):  # for several security schemes; each scheme validates its own key later
        for key in value.values():
            _refuse(key, None if key is None or callable(key) else secret_problem(key))
        return MappingProxyType({str(name): redacted(key) for name, key in value.items()})
    return one_key(value)


def one_key(value: object) -> object:
    """Accept a key, or a callable that returns keys."""
    return value if value is None or callable(value) else redacted(_refuse(value, key_problem(value)))


def _auth(value: object) -> object:
    """Accept an identity: a key, a function that returns keys, or an object that signs requests."""
    if isinstance(value, type):
        raise InvalidOption(f"must be an object, not the class {value.__name__}")
    if value is None or callable(getattr(value, "apply", None)):
        return value
    if not (isinstance(value, str) or callable(value)):
        kind = type(value).__name__
        raise InvalidOption(f"must be a key, a function that returns one, or an object with apply(), not {kind}")
    return one_key(value)


def _refuse(value: object, problem: str | None) -> object:
    if problem is not None:
        raise InvalidOption(problem)
    return value


def _base(value: object) -> object:
    _refuse(value, url_problem(value))
    return str(value).rstrip("/")


def header_text(value: object) -> object:
    """Accept the value of a header."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidOption(f"must be a str, not {type(value).__name__}")
    return _refuse(value, "is empty" if not value else header_value_problem(value))


def _key_header(value: object) -> object:
    """Take the name of a header that is the key's alone: not one that frames the request, or that the client sets."""
    _refuse(value, header_problem(value, ""))
    taken = str(value).lower() in HTTP_HEADERS
    return _refuse(value, f"must not be {value}: HTTP, or the client itself, sets that header" if taken else None)


def _scheme(value: object) -> object:
    """Return the scheme; None and "" mean the bare key."""
    return "" if value in (None, "") else header_text(value)


def _number(*, whole: bool = False, least: float = 0, above: bool = False) -> Callable[[object], object]:
    def check(value: object) -> object:
        if value is None:
            return None
        _refuse(value, number_problem(value, whole=whole, least=least, above=above))
        return value if whole else float(value)  # type: ignore[arg-type]  # number_problem has checked it

    return check


def _reader(*, whole: bool, none: bool) -> Callable[[str], object]:
    def read(text: str) -> object:
        if none and text.strip().lower() == "none":
            return None
        number = read_number(text, whole=whole)
        if number is None:
            kind = "a whole number" if whole else "a number of seconds"
            raise InvalidOption(f'must be {kind}{" or none" if none else ""}, not "{text[:40]}"')
        return number

    return read


def _flag(value: object) -> object:
    return _refuse(value, None if isinstance(value, bool) else f"must be True or False, not {type(value).__name__}")


def _hook(value: object) -> object:
    valid = value is None or callable(value)
    return _refuse(value, None if valid else f"must be callable, not {type(value).__name__}")


def _http(value: object) -> object:
    known = ("httpx", "own")
    return _refuse(value, None if value is None or value in known else f"must be {' or '.join(map(repr, known))}")


def _http_client(value: object) -> object:
    loaded = filter(None, map(fully_imported, ("httpx", "httpx2")))  # not imported, it cannot have made a client
    taken = value is None or any(isinstance(value, httpx.Client | httpx.AsyncClient) for httpx in loaded)
    return _refuse(
        value, None if taken else f"must be a Client or AsyncClient of httpx or httpx2, not {type(value).__name__}"
    )


def _transport(value: object) -> object:
    methods = ("handle_request", "handle_async_request")
    sends = any(callable(getattr(value, name, None)) for name in methods) and not isinstance(value, type)
    taken = value is None or sends
    return _refuse(value, None if taken else f"must be a transport of httpx or httpx2, not {type(value).__name__}")


def _mapping(value: object) -> Mapping[str, object]:
    """Copy a mapping, so that later changes by the caller do not affect the client."""
    if not isinstance(value, Mapping):
        raise InvalidOption(f"must be a mapping, not {type(value).__name__}")
    if not all(isinstance(name, str) for name in value):
        raise InvalidOption("has a name that is not a str")
    return MappingProxyType(dict(value))


def _headers(value: object) -> object:
    headers = _mapping(value)
    for name, text in headers.items():
        problem = header_problem(name, text)
        # A name that is a token is safe to show; a value never is.
        if problem is not None:
            raise InvalidOption(problem if header_problem(name, "") else f'["{name}"] {problem}')
    return MappingProxyType(redacted_values(headers, HARMLESS_HEADERS))


def _query(value: object) -> object:
    return MappingProxyType(redacted_values(_mapping(value), HARMLESS_QUERY))


def _http_options(value: object) -> object:
    options: Mapping[str, Any] = _mapping(value)
    _refuse(options, http_options_problem(options) if options else None)
    secret = {name: redacted(options[name]) for name in ("proxy", "cert") if name in options}
    return MappingProxyType({**options, **secret})


def shown_secret(value: object) -> str:
    """Return what people may see of a key."""
    return "***" if isinstance(value, str | Mapping) else "<callable>" if callable(value) else repr(value)


def shown_kind(value: object) -> str:
    """Return the type of a client, transport or hook: its repr may contain a proxy's password."""
    return "None" if value is None else f"<{type(value).__name__}>"


def _shown_names(value: object) -> str:
    """Show only the names of a mapping: its values may be secrets."""
    return "{" + ", ".join(f"{name!r}: ***" for name in value) + "}" if isinstance(value, Mapping) else "***"


_SECONDS = _number(above=True)
_WAIT = _number()  # 0: do not wait
#: Accepts a whole number of at least 1.
SIZE = _number(whole=True, least=1)
_TIMES = _number(whole=True)
_READ_SECONDS = _reader(whole=False, none=True)
_READ_SIZE = _reader(whole=True, none=True)
_READ_TIMES = _reader(whole=True, none=False)
_NOTHING: Mapping[str, object] = MappingProxyType({})

#: The options of every client; a service may have more, see `Service.options`.
OPTIONS: Final[Mapping[str, OptionSpec]] = {
    "api_key": OptionSpec(key_source, MISSING, ("API_KEY",), show=shown_secret),
    "auth": OptionSpec(_auth, None, show=shown_kind),
    "api_base": OptionSpec(_base, COMPUTED, ("API_BASE", "BASE_URL"), nullable=False),
    "auth_scheme": OptionSpec(_scheme, COMPUTED),
    "auth_header": OptionSpec(_key_header, "Authorization", nullable=False),
    "user_agent": OptionSpec(header_text, COMPUTED, ("USER_AGENT",), nullable=False),
    "max_in_flight": OptionSpec(SIZE, 2, ("MAX_IN_FLIGHT",), read=_READ_SIZE),
    "pool_timeout": OptionSpec(_WAIT, 600.0),
    "max_connections": OptionSpec(SIZE, COMPUTED),
    "pace": OptionSpec(_flag, True, nullable=False),
    "requests_per_minute": OptionSpec(SIZE, None),
    "max_redirects": OptionSpec(_TIMES, 3, ("MAX_REDIRECTS",), nullable=False, read=_READ_TIMES),
    "connect_timeout": OptionSpec(_SECONDS, 10.0),
    "timeout": OptionSpec(_SECONDS, 120.0, ("TIMEOUT",), read=_READ_SECONDS),
    "stall_timeout": OptionSpec(_SECONDS, 600.0, ("STALL_TIMEOUT",), read=_READ_SECONDS),
    "deadline": OptionSpec(_SECONDS, None),
    "max_retries": OptionSpec(_TIMES, 2, ("MAX_RETRIES",), nullable=False, read=_READ_TIMES),
    "retry_sent": OptionSpec(_flag, True, nullable=False),
    "max_retry_after": OptionSpec(_WAIT, 120.0),
    "max_response_bytes": OptionSpec(SIZE, 512 * MIB),
    "max_line_bytes": OptionSpec(SIZE, 16 * MIB),
    "require_stream_end": OptionSpec(_flag, True, nullable=False),
    "on_event": OptionSpec(_hook, None, show=shown_kind),
    "on_request": OptionSpec(_hook, None, show=shown_kind),
    "on_response": OptionSpec(_hook, None, show=shown_kind),
    "on_retry": OptionSpec(_hook, None, show=shown_kind),
    "default_headers": OptionSpec(_headers, _NOTHING, nullable=False, show=_shown_names),
    "default_query": OptionSpec(_query, _NOTHING, nullable=False, show=_shown_names),
    "http": OptionSpec(_http, None, ("HTTP",)),
    "http_options": OptionSpec(_http_options, _NOTHING, nullable=False, show=_shown_names),
    "http_client": OptionSpec(_http_client, None, show=shown_kind),
    "transport": OptionSpec(_transport, None, show=shown_kind),
    "strict": OptionSpec(_flag, False, nullable=False),
}
