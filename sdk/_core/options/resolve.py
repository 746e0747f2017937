"""Every option of a client, merged from what is given, the environment and the defaults.

The only module that reads os.environ, and only when called. '' in the environment means unset.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Never, Self, TypeAlias, dataclass_transform

from ..._version import __version__
from ..errors import ConfigError
from ..errors.redact import Hidden
from ..lazy import loaded
from ..validators import key_problem
from .table import DERIVED, MISSING, RULES, Missing, Wrong

if TYPE_CHECKING:
    from ..service import Service

__all__ = [
    "MISSING",
    "Hook",
    "KeySource",
    "Missing",
    "Options",
    "check_key",
    "default_model",
    "default_user_agent",
    "log_level",
    "resolve",
    "webhook_secret",
]

KeySource: TypeAlias = str | Callable[[], str | Awaitable[str]]
Hook: TypeAlias = Callable[..., Any]

# The official package's names, and what people call these things elsewhere.
_OTHER_NAMES = {
    "base_url": "api_base",
    "api_url": "api_base",
    "endpoint": "api_base",
    "key": "api_key",
    "token": "api_key",
    "headers": "default_headers",
    "params": "default_query",
    "retries": "max_retries",
    "concurrency": "max_in_flight",
    "max_concurrency": "max_in_flight",
    "read_timeout": "stall_timeout",
    "proxy": "http_options",
    "proxies": "http_options",
    "verify": "http_options",
    "webhook_secret": "OPENAI_WEBHOOK_SECRET in the environment",
    "model": "OPENAI_MODEL in the environment, or model= of the call",
}
_LOG_LEVELS = {"debug": 10, "info": 20, "warn": 30, "warning": 30, "error": 40, "critical": 50}


_PROXY = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_NETWORK = (*_PROXY, *map(str.lower, _PROXY), "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUEST_METHOD")
_VARIABLES = tuple(variable for rule in RULES.values() for variable in rule.env)


def _secret(value: object) -> str:
    return "***" if isinstance(value, str | Mapping) else "<callable>" if callable(value) else repr(value)


def _names(value: object) -> str:
    """Show the names of a mapping: its values may be secrets."""
    return "{" + ", ".join(f"{name!r}: ***" for name in value) + "}" if isinstance(value, Mapping) else "***"


def _kind(value: object) -> str:
    """Show a client, transport or hook by its type: its own repr may tell a proxy's password."""
    return "None" if value is None else f"<{type(value).__name__}>"


#: How `repr` shows the options that may hold a secret.
_SHOWN: dict[str, Callable[[object], str]] = {
    **dict.fromkeys(("api_key", "admin_api_key"), _secret),
    **dict.fromkeys(("default_headers", "default_query", "http_options"), _names),
    **dict.fromkeys(("on_request", "on_response", "on_retry", "http_client", "transport"), _kind),
}


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False)
class _Frozen:
    """What attrs would make of `Options`; but to make a client need not load attrs, which takes as long as all else."""

    __slots__ = ("__weakref__", *RULES)

    def __init__(self, **values: Any) -> None:
        for name in RULES:
            object.__setattr__(self, name, values.pop(name))
        if values:
            raise TypeError(f"{type(self).__name__} has no field {next(iter(values))!r}")

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"can't set {name!r}: options do not change; with_options() makes another client")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"can't delete {name!r}: options do not change")

    def __repr__(self) -> str:
        shown = (f"{name}={_SHOWN.get(name, repr)(getattr(self, name))}" for name in RULES)
        return f"{type(self).__name__}({', '.join(shown)})"


class Options(_Frozen):
    """The options of one client, checked. Times are seconds; None is no limit. Build it with `Options.resolve`."""

    __slots__ = ()

    api_key: KeySource | Mapping[str, KeySource] | Literal[Missing.MISSING] | None
    admin_api_key: KeySource | None
    api_base: str
    auth_scheme: str
    auth_header: str
    organization: str | None
    project: str | None
    user_agent: str
    max_in_flight: int | None
    pool_timeout: float | None
    max_connections: int | None
    max_redirects: int
    connect_timeout: float | None
    timeout: float | None
    stall_timeout: float | None
    deadline: float | None
    max_retries: int
    retry_sent: bool
    max_retry_after: float | None
    max_response_bytes: int | None
    max_line_bytes: int | None
    require_stream_end: bool
    on_request: Hook | None
    on_response: Hook | None
    on_retry: Hook | None
    default_headers: Mapping[str, str]
    default_query: Mapping[str, Any]
    http_options: Mapping[str, Any]
    http_client: Any
    transport: Any
    strict: bool

    @classmethod
    def resolve(cls, **given: object) -> Self:
        """Merge the given options with the environment and the defaults: the first that says something wins.

        Raises TypeError for an option that does not exist, ConfigError for a value that it does not take.
        """
        return cls(**_merge(given, os.environ))

    @classmethod
    def of(cls, service: Service, given: Mapping[str, object]) -> Self:
        """Do as `resolve` for the client of a generated package, whose variables have their own prefix."""
        environ = service.environment(os.environ)
        found = {**given}
        if found.get("api_base") is None and not environ.get("OPENAI_API_BASE") and not environ.get("OPENAI_BASE_URL"):
            if not service.base_url:
                raise ConfigError(
                    f"the document of {service.title} does not say where it is: give api_base=, or set "
                    f"{service.prefix}_API_BASE"
                )
            found["api_base"] = service.base_url
        if "api_key" not in found and not environ.get("OPENAI_API_KEY"):
            found |= {"api_key": keys} if (keys := service.keys(os.environ)) else {}
        one = found.get("api_key", environ.get("OPENAI_API_KEY"))
        if (spread := service.spread(one)) is not one:
            found["api_key"] = spread
        try:
            return cls(**_merge(found, environ))
        except ConfigError as error:
            raise ConfigError(str(error).replace("OPENAI_", f"{service.prefix}_")) from None

    def replace(self, **changes: object) -> Self:
        """Return these options with some changed and checked again; the environment is not read a second time."""
        # As everywhere: None is the same as not given where an option cannot be without.
        changes = {name: value for name, value in changes.items() if value is not None or _nullable(name)}
        kept = {name: getattr(self, name) for name in RULES}
        # What followed another option goes on following it.
        if self.auth_scheme == _scheme_for(self.auth_header):
            del kept["auth_scheme"]
        if self.max_connections == self.max_in_flight:
            del kept["max_connections"]
        return type(self)(**_merge({**kept, **changes}, {}))

    @property
    def api_key_missing(self) -> bool:
        """Whether no API key was given at all; None given explicitly asks to send none, and is not missing."""
        return self.api_key is MISSING

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("Options hold the API key and are not pickled; build the client anew in the other process")


def resolve(given: Mapping[str, object]) -> Options:
    """Return the options for what was given; see `Options.resolve`."""
    return Options.resolve(**given)


def check_key(key: object, source: str) -> str:
    """Return the key that a callable gave; raises ConfigError that names the source, never the key."""
    problem = key_problem(key)
    if problem is not None:
        del key  # reporters of errors show what variables hold
        raise ConfigError(f"{source} {problem}")
    return str(key)


def default_model() -> str | None:
    """Return OPENAI_MODEL, or None."""
    model = os.environ.get("OPENAI_MODEL")
    if model and (model != model.strip() or not model.isprintable()):
        raise ConfigError("OPENAI_MODEL begins or ends with white space, or contains a control character")
    return model or None


def log_level() -> int | None:
    """Return the level that OPENAI_LOG names, as the logging module counts them, or None."""
    name = os.environ.get("OPENAI_LOG")
    if not name:
        return None
    level = _LOG_LEVELS.get(name.strip().lower())
    if level is None:
        raise ConfigError(f"OPENAI_LOG must be one of {', '.join(_LOG_LEVELS)}")
    return level


def webhook_secret() -> str | None:
    """Return OPENAI_WEBHOOK_SECRET, or None."""
    secret = Hidden(os.environ.get("OPENAI_WEBHOOK_SECRET", ""))
    return check_key(secret, "OPENAI_WEBHOOK_SECRET") if secret else None


def default_user_agent() -> str:
    """Return what the SDK calls itself: its own version, httpx's and Python's."""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"openai-compatible-sdk/{__version__} (httpx/{_httpx_version()}) Python/{python}"


def _httpx_version() -> str:
    """Read httpx's version without importing httpx, which takes longer than everything else together."""
    from importlib.machinery import PathFinder

    known = loaded("httpx")
    if known is not None:
        return str(known.__version__)
    spec: Any = PathFinder.find_spec("httpx")
    try:
        text = spec.loader.get_data(spec.origin.replace("__init__", "__version__")).decode()
        return str(text.split('__version__ = "', 1)[1].partition('"')[0])
    except (AttributeError, OSError, IndexError):  # packed another way
        import httpx

        return str(httpx.__version__)


def _scheme_for(header: str) -> str:
    """Only Authorization headers have a scheme (RFC 9110, section 11.4); `api-key: ...` takes the bare key."""
    return "Bearer" if header.lower() in ("authorization", "proxy-authorization") else ""


def _nullable(name: str) -> bool:
    return name not in RULES or RULES[name].nullable


def _merge(given: Mapping[str, object], environ: Mapping[str, str]) -> dict[str, Any]:
    for name in given:
        if name not in RULES:
            raise TypeError(_unknown(name))
    values: dict[str, Any] = {}
    for name, rule in RULES.items():
        source, value = name, given.get(name, DERIVED)
        if value is None and not rule.nullable:
            value = DERIVED
        try:
            if value is DERIVED:
                source = next((variable for variable in rule.env if environ.get(variable)), "")
                if not source:
                    values[name] = rule.default
                    continue
                value = rule.read(environ[source])
            # MISSING passes: replace() hands over what resolve() left open.
            values[name] = value if value is MISSING and rule.default is MISSING else rule.check(value)
        except Wrong as wrong:
            # `from None`: a context could show the value.
            raise ConfigError(f"{source} {wrong}") from None
    if values["auth_scheme"] is DERIVED:
        values["auth_scheme"] = _scheme_for(values["auth_header"])
    if values["max_connections"] is DERIVED:
        values["max_connections"] = values["max_in_flight"]
    if values["user_agent"] is DERIVED:
        values["user_agent"] = default_user_agent()
    return values


def _unknown(name: str) -> str:
    import difflib  # here: only a mistake needs it

    close = difflib.get_close_matches(name, RULES, n=1)
    meant = _OTHER_NAMES.get(name) or (close[0] if close else None)
    return f"there is no client option {name!r}" + (f"; did you mean {meant}?" if meant else "")


def environment(service: Service | None = None) -> tuple[str | None, ...]:
    """Return what the environment says of the options now, to tell whether it has changed."""
    if service is None:
        return tuple(map(os.environ.get, _VARIABLES))
    found = service.environment(os.environ)
    return (*map(found.get, _VARIABLES), *service.keys(os.environ).values())


def network_environment() -> dict[str, str]:
    """Return the variables that tell how to reach the network, as curl, requests and httpx read them."""
    found = {name: os.environ[name] for name in _NETWORK if os.environ.get(name)}
    if sys.platform in ("win32", "darwin") and not any(name.lower().endswith("_proxy") for name in found):
        from urllib.request import getproxies  # it asks the system's settings too

        found |= {f"{scheme}_proxy".upper(): url for scheme, url in getproxies().items()}
    return found
