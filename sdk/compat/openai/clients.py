"""The clients: OpenAI and AsyncOpenAI, over a client of the SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self
from weakref import finalize

from ...client import Client as OurClient
from ...errors import SDKError
from .options import DEFAULT_MAX_RETRIES, client_options, timeouts
from .resource import RESOURCES, LazyResource, ResponseForm
from .sentinels import NOT_GIVEN, given, is_given

if TYPE_CHECKING:
    from .resources import AsyncResources, Resources
else:
    AsyncResources = Resources = object

#: Options that one call can have, so that a client with others of these shares its connections.
_OF_CALLS = ("timeout", "max_retries", "default_headers", "default_query")
#: Attributes that programs set, and the option of each.
_SETTABLE = ("api_key", "admin_api_key", "organization", "project", "base_url", "timeout", "max_retries")


class BaseClient:
    """What both clients are: options, and a client of the SDK, which has the connections."""

    _asynchronous = False
    #: Attributes that a copy has, too.
    _kept: tuple[str, ...] = ()

    def __init__(
        self,
        *,
        api_key: Any = None,
        admin_api_key: str | None = None,
        organization: str | None = None,
        project: str | None = None,
        webhook_secret: str | None = None,
        base_url: Any = NOT_GIVEN,
        timeout: Any = NOT_GIVEN,
        max_retries: int = DEFAULT_MAX_RETRIES,
        default_headers: Mapping[str, Any] | None = None,
        default_query: Mapping[str, Any] | None = None,
        http_client: Any = None,
        websocket_base_url: Any = None,
        workload_identity: Any = None,
        provider: Any = None,
        data_residency: Any = None,
        _strict_response_validation: bool = False,
        _enforce_credentials: bool = True,
        **more: Any,
    ) -> None:
        """Create a client; options that are left out come from the environment.

        `timeout` is a number of seconds or a Timeout, for each phase. A call waits for no place: `max_in_flight` of the
        SDK, which may be given here, too, as all its options, is no limit. Raises: OpenAIError without a key.
        """
        if provider is not None or data_residency is not None:
            raise TypeError("provider= and data_residency= are not here: sdk.Client(auth=...) knows other clouds")
        if http_client is not None and hasattr(http_client, "aclose") != self._asynchronous:
            wanted = "httpx.AsyncClient" if self._asynchronous else "httpx.Client"
            raise TypeError(f"http_client must be an {wanted}, not {type(http_client).__name__}")
        if workload_identity is not None:
            more["auth"] = workload_identity
        self.__dict__["_given"] = {
            "api_key": api_key, "admin_api_key": admin_api_key, "organization": organization, "project": project,
            "base_url": base_url, "timeout": timeout, "max_retries": max_retries, "default_headers": default_headers,
            "default_query": default_query, "http_client": http_client, "strict": _strict_response_validation, **more,
        }  # fmt: skip
        self.__dict__["webhook_secret"], self.__dict__["websocket_base_url"] = webhook_secret, websocket_base_url
        self.__dict__["_call_options"] = {}
        self._connect()
        missing = getattr(self._sdk.options.api_key, "name", "") == "MISSING"
        if missing and _enforce_credentials and "auth" not in more and not (admin_api_key or self.admin_api_key):
            from .errors import OpenAIError

            raise OpenAIError("there is no API key: give api_key=, or set OPENAI_API_KEY")

    def _connect(self) -> None:
        """Create the client of the SDK."""
        try:
            ours = OurClient(**self._options())
        except SDKError as error:
            from .errors import translated

            raise translated(error) from error.__cause__
        self.__dict__["_sdk"] = ours
        self.__dict__["_shared"] = shared = _Shared(ours)
        finalize(shared, _close, ours)

    def _options(self) -> dict[str, Any]:
        return client_options(**self._given)

    if TYPE_CHECKING:
        _sdk: Any
        _shared: Any
        _given: dict[str, Any]
        _call_options: dict[str, Any]
        webhook_secret: str | None
        websocket_base_url: Any

    if not TYPE_CHECKING:
        for _name in RESOURCES:
            locals()[_name] = LazyResource(_name)
        del _name

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; an option of the connections takes effect with the next call."""
        if name in _SETTABLE:
            self._given[name] = value
            self._connect()
        else:
            super().__setattr__(name, value)

    def without_headers(self, names: frozenset[str]) -> Any:
        """Return a client of the SDK that does not send some headers, made with the first call that leaves them out."""
        kept: dict[frozenset[str], Any] = self.__dict__.setdefault("_without", {})
        if names not in kept:
            kept[names] = self.copy(
                set_default_headers={n: v for n, v in self._custom_headers.items() if n.lower() not in names},
                **({"api_key": ""} if "authorization" in names else {}),
            )
        return kept[names]._sdk

    def resource(self, path: str) -> Any:
        """Return a resource by its path."""
        found: Any = self
        for part in path.split("."):
            found = getattr(found, part)
        return found

    @property
    def api_key(self) -> str:
        """The key."""
        key = self._given["api_key"]
        if key is None:
            found = self._sdk.options.api_key
            key = next(iter(found.values()), None) if isinstance(found, Mapping) else found
        return key if isinstance(key, str) else ""

    @property
    def auth_headers(self) -> dict[str, str]:
        """The header of the key."""
        return {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}

    @property
    def admin_api_key(self) -> str | None:
        """The key of an organization."""
        found: str | None = self._sdk.options.admin_api_key
        return found

    @property
    def organization(self) -> str | None:
        """The organization of the calls."""
        found: str | None = self._sdk.options.organization
        return found

    @property
    def project(self) -> str | None:
        """The project of the calls."""
        found: str | None = self._sdk.options.project
        return found

    @property
    def base_url(self) -> Any:
        """The URL of the server, as one of httpx, with a slash at its end."""
        import httpx

        return httpx.URL(f"{self._sdk.options.api_base}/")

    _base_url = base_url

    @property
    def timeout(self) -> Any:
        """The timeout."""
        found = self._given["timeout"]
        if is_given(found):
            return found
        from .transports import DEFAULT_TIMEOUT

        return DEFAULT_TIMEOUT

    @property
    def max_retries(self) -> int:
        """How often a call is tried again."""
        return int(self._call_options.get("max_retries", self._sdk.options.max_retries))

    @property
    def default_headers(self) -> dict[str, str]:
        """The headers that every call sends, without that of the key."""
        return {**self._sent_headers(), **self._custom_headers}

    @property
    def _custom_headers(self) -> dict[str, str]:
        return dict(self._given["default_headers"] or {})

    @property
    def default_query(self) -> dict[str, Any]:
        """The query that every call sends."""
        return {**self._sdk.options.default_query, **self._call_options.get("extra_query", {})}

    _custom_query = default_query

    @property
    def user_agent(self) -> str:
        """The User-Agent header."""
        return str(self._sdk.options.user_agent)

    def _sent_headers(self) -> dict[str, str]:
        options = self._sdk.options
        found = {"User-Agent": str(options.user_agent)}
        if options.organization:
            found["OpenAI-Organization"] = options.organization
        if options.project:
            found["OpenAI-Project"] = options.project
        return {**found, **options.default_headers, **self._call_options.get("extra_headers", {})}

    @property
    def with_raw_response(self) -> Any:
        """The same methods, which return the response, whose `parse()` is the reply."""
        return ResponseForm(self, "raw")

    @property
    def with_streaming_response(self) -> Any:
        """The same methods, which return the response within a `with` block."""
        return ResponseForm(self, "streaming")

    def copy(self, **changes: Any) -> Self:
        """Return a client with some options changed. It shares the connections where that is possible."""
        changes = given(changes)
        own = self._given
        merged = {**own, **{name: value for name, value in changes.items() if value is not None}}
        for name in ("headers", "query"):
            changed, set_ = changes.pop(f"default_{name}", None), changes.pop(f"set_default_{name}", None)
            if set_ is not None and changed is not None:
                raise ValueError(f"give default_{name}=, which adds, or set_default_{name}=, which replaces, not both")
            if set_ is not None or changed is not None:
                both = set_ if set_ is not None else {**(own[f"default_{name}"] or {}), **(changed or {})}
                merged[f"default_{name}"] = both
            merged.pop(f"set_default_{name}", None)
        merged["strict"] = merged.pop("_strict_response_validation", merged["strict"])
        secret = merged.pop("webhook_secret", self.webhook_secret)
        other = type(self).__new__(type(self))
        other.__dict__ |= {name: self.__dict__[name] for name in self._kept if name in self.__dict__}
        other.__dict__ |= {
            "_given": merged, "_call_options": {}, "webhook_secret": secret,
            "websocket_base_url": merged.pop("websocket_base_url", self.websocket_base_url),
        }  # fmt: skip
        same = all(merged.get(name) is own.get(name) for name in {*merged, *own} - {*_OF_CALLS})
        if same and merged["default_headers"] is own["default_headers"]:
            other.__dict__ |= {"_sdk": self._sdk, "_shared": self._shared}
            other.__dict__["_call_options"] = {**self._call_options, **_call_options(merged, own)}
        else:
            other._connect()
        return other

    with_options = copy

    def is_closed(self) -> bool:
        """Return whether the client was closed."""
        return bool(self.__dict__.get("_closed"))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._sdk.options.api_base}>"


class _Shared:
    """What clients with the same connections share: when the last one is gone, they are closed."""

    def __init__(self, ours: Any) -> None:
        self.ours = ours


def _close(ours: Any) -> None:
    ours.close()


def _call_options(changed: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return the options of each call of a client that shares the connections of another."""
    options: dict[str, Any] = {}
    if changed["timeout"] is not own["timeout"]:
        options |= timeouts(changed["timeout"])
    if changed["max_retries"] != own["max_retries"]:
        options["max_retries"] = changed["max_retries"]
    if changed["default_query"] is not own["default_query"]:
        options["extra_query"] = dict(changed["default_query"] or {})
    return options


class OpenAI(BaseClient, Resources):
    """A client that blocks."""

    def close(self) -> None:
        """Close the connections."""
        self.__dict__["_closed"] = True
        for other in self.__dict__.get("_without", {}).values():
            other.close()
        self._sdk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def request(self, method: str, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a request to any path, and return its reply as `cast_to`."""
        from .cast import request

        return request(self, method, path, cast_to=cast_to, **options)

    def get(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a GET request to any path."""
        return self.request("GET", path, cast_to=cast_to, **options)

    def post(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a POST request to any path."""
        return self.request("POST", path, cast_to=cast_to, **options)

    def put(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a PUT request to any path."""
        return self.request("PUT", path, cast_to=cast_to, **options)

    def patch(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a PATCH request to any path."""
        return self.request("PATCH", path, cast_to=cast_to, **options)

    def delete(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a DELETE request to any path."""
        return self.request("DELETE", path, cast_to=cast_to, **options)


class AsyncOpenAI(BaseClient, AsyncResources):
    """A client for coroutines."""

    _asynchronous = True

    async def close(self) -> None:
        """Close the connections."""
        self.__dict__["_closed"] = True
        for other in self.__dict__.get("_without", {}).values():
            await other.close()
        await self._sdk.aclose()

    aclose = close

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def request(self, method: str, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a request to any path, and return its reply as `cast_to`."""
        from .cast import arequest

        return await arequest(self, method, path, cast_to=cast_to, **options)

    async def get(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a GET request to any path."""
        return await self.request("GET", path, cast_to=cast_to, **options)

    async def post(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a POST request to any path."""
        return await self.request("POST", path, cast_to=cast_to, **options)

    async def put(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a PUT request to any path."""
        return await self.request("PUT", path, cast_to=cast_to, **options)

    async def patch(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a PATCH request to any path."""
        return await self.request("PATCH", path, cast_to=cast_to, **options)

    async def delete(self, path: str, *, cast_to: Any, **options: Any) -> Any:
        """Send a DELETE request to any path."""
        return await self.request("DELETE", path, cast_to=cast_to, **options)


Client, AsyncClient = OpenAI, AsyncOpenAI
