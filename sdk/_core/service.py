"""The description of an API: its servers, authentication and special features. Data, not code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .public import expose
from .validators import key_problem, secret_problem, value_problem


class Scheme:
    """A security scheme: the place of its key (`header`, `query` or `cookie`), its name, and the prefix of the key.

    With the `prefix` "Basic" a key has the form `user:password` and may hold all but control characters (RFC 7617,
    section 2); one without a colon is a user with an empty password. Without a prefix the key is the whole value, which
    may begin with one: "Token abc".
    """

    __slots__ = ("name", "place", "prefix")

    def __init__(self, place: str, name: str, prefix: str = "") -> None:
        self.place, self.name, self.prefix = place, name, prefix

    def format(self, key: str) -> str:
        """Return the key in the form that is sent."""
        if self.prefix == "Basic":
            import base64  # imported here, because few services have basic authentication

            key = base64.b64encode((key if ":" in key else f"{key}:").encode()).decode()
        return f"{self.prefix} {key}" if self.prefix else key

    def problem(self, key: object) -> str | None:
        """Return the problem of a key, a message that completes "<name> ...", or None."""
        check = {"Basic": secret_problem, "": value_problem}.get(self.prefix, key_problem)
        return check(key)


class Server:
    """A server that a client can choose: its URL, and its variables with their default and allowed values (any: ())."""

    __slots__ = ("url", "variables")

    def __init__(self, url: str, variables: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType({})) -> None:
        self.url, self.variables = url, variables


class Service:
    """An API: its server, the configuration of its clients, and its special features. Data, not code.

    `base_url` is "" if the document names no server. `prefix` begins the names of the environment variables, `product`
    the user agent. `servers` are those of the document by name, where there is a choice. Without `schemes` every
    operation takes the client's key in one header. With `counts_retries`, the header X-Retry-Count gives the server the
    number of the attempt. With `lenient`, the name of the module that finds them, errors in replies of status 200 and
    in streams are detected, and JSON sent as text/plain is accepted; otherwise a reply means what its document says.
    With `idempotency_keys` the servers support an Idempotency-Key on every POST, so that each may be repeated.

    `option_headers` are options that are sent as headers, with the name of the header; `harmless_headers` are request
    headers of this API, in lower case, whose values may be shown. `key_options` are options that hold the key of one
    security scheme, with the rest of the name of their variable. `poll_header` is the response header in which a server
    asks to wait that many milliseconds before the state of a job is read again.

    The rest names code by "module:name". `auth` is the class that signs calls with the keys of a client, `options` is
    the class of a client's options, where there are more than `Options` has, and `meter` the class that counts what
    calls use ("": nothing counts it). `identity` is the function that returns what signs the calls of a client with an
    identity and with keys of `key_options`. `not_found` is the function that completes the hint of an error of status
    404, in steps of the call. `remember` is the function that lets replies that can be waited for know their client.
    `stream_reader` is the function that reads a whole stream of events which a server sends though a reply was asked
    for ("": that is an error). `accumulators` is the class that builds the reply of a stream, by the model of its
    events. `stream_helper` is the function that returns helper events for a stream. `answer_layouts` are the layouts in
    which `parse` finds answers, by the argument that takes the schema. `credential_hint` is the function that returns
    what may be wrong with the keys of a refused call, from its base URL, its keys and the status. `guide` is the
    function that says what to use for a name of another package of the API. `telemetry` is the class of the conventions
    that spans and metrics follow.
    """

    # Not a NamedTuple: creating that class takes as long as importing a module, for every client.
    __slots__ = (
        "accumulators", "answer_layouts", "auth", "base_url", "counts_retries", "credential_hint", "guide",
        "harmless_headers", "idempotency_keys", "identity", "key_options", "lenient", "meter", "not_found",
        "option_headers", "options", "poll_header", "prefix", "product", "remember", "schemes", "servers",
        "stream_helper", "stream_reader", "telemetry", "title",
    )  # fmt: skip

    def __init__(
        self,
        title: str,
        base_url: str,
        prefix: str,
        *,
        schemes: Mapping[str, Scheme] = MappingProxyType({}),
        servers: Mapping[str, Server] = MappingProxyType({}),
        lenient: str = "",
        product: str = "",
        idempotency_keys: bool = False,
        counts_retries: bool = False,
        option_headers: Mapping[str, str] = MappingProxyType({}),
        harmless_headers: frozenset[str] = frozenset(),
        key_options: Mapping[str, str] = MappingProxyType({}),
        poll_header: str = "",
        accumulators: Mapping[str, str] = MappingProxyType({}),
        stream_helper: str = "",
        stream_reader: str = "",
        answer_layouts: str = "",
        guide: str = "",
        credential_hint: str = "",
        auth: str = "",
        options: str = "",
        meter: str = "",
        identity: str = "",
        not_found: str = "",
        remember: str = "",
        telemetry: str = "",
    ) -> None:
        self.title, self.base_url, self.prefix, self.schemes = title, base_url, prefix, schemes
        self.lenient, self.product, self.idempotency_keys = lenient, product, idempotency_keys
        self.counts_retries, self.servers = counts_retries, servers
        self.option_headers, self.harmless_headers, self.accumulators = option_headers, harmless_headers, accumulators
        self.poll_header = poll_header
        self.stream_helper, self.answer_layouts, self.credential_hint = stream_helper, answer_layouts, credential_hint
        self.guide, self.telemetry, self.stream_reader = guide, telemetry, stream_reader
        self.key_options, self.options, self.meter = key_options, options, meter
        self.auth, self.identity, self.not_found, self.remember = auth, identity, not_found, remember

    def variable(self, suffix: str) -> str:
        """Return the environment variable of an option, or of a security scheme's key."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", suffix).strip("_")
        return f"{self.prefix}_{words.upper()}"

    def keys(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the keys of single schemes that the environment holds."""
        return {name: environ[self.variable(name)] for name in self.schemes if environ.get(self.variable(name))}

    @property
    def any_key(self) -> tuple[tuple[str, ...], ...]:
        """The security of a request to an operation that the document does not have: one of the client's keys."""
        if self.schemes:
            return tuple((name,) for name in self.schemes)
        return (("api_key",),) if self.auth else ()

    @property
    def shares_variable(self) -> bool:
        """Whether one of several schemes is called api_key: its variable sets that key, and none sets all keys."""
        return len(self.schemes) > 1 and any(self.variable(name) == self.variable("api_key") for name in self.schemes)

    def per_scheme(self, key: Any) -> Any:
        """Return one key as a mapping if only some schemes can carry it, such as "Token abc" or `user:pass word`."""
        if not isinstance(key, str) or key_problem(key) is None:
            return key
        carry = {name: key for name, scheme in self.schemes.items() if scheme.problem(key) is None}
        return carry or key

    def problem(self, given: object) -> str | None:
        """Return the problem of a client's keys, a message that completes "api_key ...", or None."""
        if not isinstance(given, Mapping):
            return None
        if not self.schemes:
            return "must be one key, not a mapping"
        for name, key in given.items():
            if name not in self.schemes:
                known = ", ".join(map(repr, self.schemes)) or "none"
                return (
                    f"holds a key for {name!r}, which is not a security scheme of {self.title}; its schemes are {known}"
                )
            if isinstance(key, str) and (wrong := self.schemes[name].problem(key)):
                return f"[{name!r}] {wrong}"
        return None


expose(globals(), "service")
