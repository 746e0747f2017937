"""The options of a client: arguments take precedence over environment variables, and these over defaults."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Never, Self, TypeAlias, dataclass_transform

from ..errors import ConfigError
from ..lazy import fully_imported, lazy_function, resolve
from .environment import environ
from .table import COMPUTED, MISSING, OPTIONS, InvalidOption, Missing, OptionSpec

if TYPE_CHECKING:
    from ..service import Service
    from .servers import with_server
else:
    with_server = lazy_function(globals(), ".servers", "with_server")

KeySource: TypeAlias = str | Callable[[], str | Awaitable[str]]
Hook: TypeAlias = Callable[..., Any]

#: Names of these options elsewhere.
_OTHER_NAMES: Mapping[str, str] = {
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
}


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False)
class _Frozen:
    """A frozen class without attrs, whose import takes as long as all other imports for making a client."""

    __slots__ = ("__weakref__", "_sources", *OPTIONS)

    #: The options; those of one service may be more.
    table: ClassVar[Mapping[str, OptionSpec]] = OPTIONS
    #: What options are called elsewhere -> what they are called here.
    other_names: ClassVar[Mapping[str, str]] = _OTHER_NAMES
    _sources: Mapping[str, str]

    def __init__(self, **values: Any) -> None:
        for name in self.table:
            object.__setattr__(self, name, values.pop(name))
        if values:
            raise TypeError(f"{type(self).__name__} has no field {next(iter(values))!r}")
        self._set_sources({})

    def _set_sources(self, sources: Mapping[str, str]) -> Self:
        object.__setattr__(self, "_sources", sources)
        return self

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"can't set {name!r}: options do not change; with_options() makes another client")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"can't delete {name!r}: options do not change")

    def __repr__(self) -> str:
        shown = (f"{name}={spec.show(getattr(self, name))}" for name, spec in self.table.items())
        return f"{type(self).__name__}({', '.join(shown)})"


class Options(_Frozen):
    """The options of one client, checked. Times are seconds; None is no limit. Build it with `Options.resolve`."""

    __slots__ = ()

    api_key: KeySource | Mapping[str, KeySource] | Literal[Missing.MISSING] | None
    auth: Any
    api_base: str
    auth_scheme: str
    auth_header: str
    user_agent: str
    max_in_flight: int | None
    pool_timeout: float | None
    max_connections: int | None
    pace: bool
    requests_per_minute: int | None
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
    on_event: Hook | None
    on_request: Hook | None
    on_response: Hook | None
    on_retry: Hook | None
    default_headers: Mapping[str, str]
    default_query: Mapping[str, Any]
    http: str | None
    http_options: Mapping[str, Any]
    http_client: Any
    transport: Any
    strict: bool

    @classmethod
    def resolve(cls, service: Service, given: Mapping[str, object]) -> Self:
        """Merge the given options with the environment of a service and the defaults.

        Raises TypeError for an unknown option, ConfigError for an invalid value.
        """
        variables = environ()
        found, keys = {**given}, dict[str, str]()
        if service.servers:  # of a few packages
            found = with_server(found, service, variables)
        if found.get("auth") is not None:
            found = _with_identity(found, {}, service, variables)
        if "api_key" not in found and (service.shares_variable or not variables.get(f"{service.prefix}_API_KEY")):
            keys = service.keys(variables)
            found |= {"api_key": keys} if keys else {}
        key = found.get("api_key", variables.get(f"{service.prefix}_API_KEY"))
        if (per_scheme := service.per_scheme(key)) is not key:
            found["api_key"] = per_scheme
        values, sources = cls._merge(found, variables, service)
        sources |= dict.fromkeys(found.keys() - given.keys() - {"api_key"}, "auth=")  # an identity knows its server
        if keys:
            sources["api_key"] = " and ".join(map(service.variable, keys))
        elif per_scheme is not key and "api_key" not in given:
            sources["api_key"] = f"{service.prefix}_API_KEY"
        if not values["api_base"]:
            raise ConfigError(
                f"the document of {service.title} does not name a server: give api_base=, or set "
                f"{service.prefix}_API_BASE"
            )
        return cls(**values)._set_sources(sources)

    def source(self, name: str) -> str | None:
        """Return what set an option: an argument, as `api_base=`, or an environment variable; None for a default."""
        return self._sources.get(name)

    def replace(self, service: Service, **changes: object) -> Self:
        """Return a copy with some options changed and validated; the environment is not read again."""
        if service.servers:
            changes = with_server(changes, service, {})
        # None means "not given" for an option that is not nullable.
        changes = {name: value for name, value in changes.items() if value is not None or self._nullable(name)}
        kept = {name: getattr(self, name) for name in self.table}
        # An option that was computed from another one is computed again.
        if self.auth_scheme == _scheme_for(self.auth_header):
            del kept["auth_scheme"]
        if self.max_connections == self.max_in_flight:
            del kept["max_connections"]
        found = {**kept, **changes}
        if found["auth"] is not None:
            found = _with_identity(changes, kept, service, {})
        values, sources = self._merge(found, {}, service)
        sources = {**self._sources, **{name: sources[name] for name in changes if name in sources}}
        return type(self)(**values)._set_sources(sources)

    @classmethod
    def _nullable(cls, name: str) -> bool:
        return name not in cls.table or cls.table[name].nullable

    @classmethod
    def _merge(
        cls, given: Mapping[str, object], variables: Mapping[str, str], service: Service
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the values of all options, and what set those that are not the defaults."""
        for name in given:
            if name not in cls.table:
                raise TypeError(_unknown(name, cls, service))
        values: dict[str, Any] = {}
        sources: dict[str, str] = {}
        for name, spec in cls.table.items():
            source, value = name, given.get(name, COMPUTED)
            if value is None and not spec.nullable:
                value = COMPUTED
            try:
                if value is COMPUTED:
                    named = (f"{service.prefix}_{suffix}" for suffix in spec.env)
                    source = next((variable for variable in named if variables.get(variable)), "")
                    if not source:
                        values[name] = spec.default
                        continue
                    value = spec.read(variables[source])
                sources[name] = source if source != name else f"{name}="
                # replace() passes the MISSING that resolve() left.
                values[name] = value if value is MISSING and spec.default is MISSING else spec.check(value)
            except InvalidOption as wrong:
                # `from None`, because the context could show the value.
                raise ConfigError(wrong.of(source)) from None
        if values["auth_scheme"] is COMPUTED:
            values["auth_scheme"] = _scheme_for(values["auth_header"])
        if values["max_connections"] is COMPUTED:
            values["max_connections"] = values["max_in_flight"]
        if values["api_base"] is COMPUTED:
            values["api_base"] = service.base_url
        if values["user_agent"] is COMPUTED:
            values["user_agent"] = default_user_agent(service.product)
        return values, sources

    @property
    def limits_per_minute(self) -> tuple[int | None, int | None]:
        """The requests, and the tokens, that all calls together may use in a minute; None is no limit."""
        return self.requests_per_minute, None

    @property
    def api_key_missing(self) -> bool:
        """Whether no API key was given. An explicit None means to send no key; then it is not missing."""
        return self.api_key is MISSING

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("Options hold the API key and cannot be pickled; make a new client in the other process")


def options_of(service: Service) -> type[Options]:
    """Return the class of the options of a service."""
    found: type[Options] = resolve(service.options) if service.options else Options
    return found


def _with_identity(
    given: Mapping[str, Any], kept: Mapping[str, Any], service: Service, variables: Mapping[str, str]
) -> dict[str, Any]:
    """Return the options of a client with an identity: few have one."""
    from .identity import with_identity

    named = (f"{service.prefix}_{suffix}" for suffix in OPTIONS["api_base"].env)
    try:
        return with_identity(given, kept, has_base=any(variables.get(name) for name in named))
    except InvalidOption as wrong:
        raise ConfigError(wrong.of("auth")) from None


def _scheme_for(header: str) -> str:
    """Return the default scheme. Only Authorization headers have one (RFC 9110, section 11.4)."""
    return "Bearer" if header.lower() in ("authorization", "proxy-authorization") else ""


def _unknown(name: str, options: type[Options], service: Service) -> str:
    import difflib  # imported here, because only an error needs it

    close = difflib.get_close_matches(name, options.table, n=1)
    suggested = resolve(service.guide)("option", name) if service.guide else ""
    meant = options.other_names.get(name) or suggested or (close[0] if close else None)
    return f"there is no client option {name!r}" + (
        f"; did you mean {meant.format(prefix=service.prefix)}?" if meant else ""
    )


def default_user_agent(product: str) -> str:
    """Return the User-Agent of a client: its product and version, the versions of httpx and of Python."""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{product} (httpx/{_httpx_version()}) Python/{python}".lstrip()


def _httpx_version() -> str:
    """Read the version of httpx without importing httpx, which takes longer than all other imports together."""
    from importlib.machinery import PathFinder

    known = fully_imported("httpx")
    if known is not None:
        return str(known.__version__)
    spec: Any = PathFinder.find_spec("httpx")
    try:
        text = spec.loader.get_data(spec.origin.replace("__init__", "__version__")).decode()
        return str(text.split('__version__ = "', 1)[1].partition('"')[0])
    except (AttributeError, OSError, IndexError):  # httpx is packaged differently
        import httpx

        return str(httpx.__version__)
