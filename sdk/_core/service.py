"""What a package says of its API: where it is, and how its calls are authenticated. Data, not code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .public import expose
from .validators import key_problem, secret_problem


class Scheme:
    """A security scheme: where its key goes (`header`, `query` or `cookie`), under which name, behind which word.

    A `prefix` of "Basic" takes a key of the form `user:password`, in which anything may stand but control characters
    (RFC 7617, section 2).
    """

    __slots__ = ("name", "place", "prefix")

    def __init__(self, place: str, name: str, prefix: str = "") -> None:
        self.place, self.name, self.prefix = place, name, prefix

    def format(self, key: str) -> str:
        """Return a key as it is sent."""
        if self.prefix == "Basic":
            import base64  # here: not every package has basic authentication

            key = base64.b64encode(key.encode()).decode()
        return f"{self.prefix} {key}" if self.prefix else key

    def problem(self, key: object) -> str | None:
        """Return what is wrong with a key, in words that complete "<name> ...", or None."""
        return secret_problem(key) if self.prefix == "Basic" else key_problem(key)


class Service:
    """An API: where it is, how its clients are configured, and what is special about it. Data, not code.

    `base_url` is "" where the document names no server. `prefix` begins the names of the environment variables,
    `product` the user agent. Without `schemes` every operation takes the client's key in one header. `lenient` servers
    may put errors into replies of status 200 and into streams, and send JSON as text/plain; other servers send what
    the document says. With `idempotency_keys` they know an Idempotency-Key on every POST, so that each may be repeated.

    `option_headers` are options that go out as headers, with the name of the header. The rest names code by
    "module:name": `accumulators` what puts the reply of a stream together, by the model of its events,
    `stream_helper` what turns its chunks into helper events, `answer_layouts` where `parse` finds answers, by the
    argument that takes the schema.
    """

    # Not a NamedTuple: to create that class takes as long as to import a module, and every client pays for it.
    __slots__ = (
        "accumulators", "answer_layouts", "base_url", "idempotency_keys", "lenient", "option_headers", "prefix",
        "product", "schemes", "stream_helper", "title",
    )  # fmt: skip

    def __init__(
        self,
        title: str,
        base_url: str,
        prefix: str,
        *,
        schemes: Mapping[str, Scheme] = MappingProxyType({}),
        lenient: bool = False,
        product: str = "",
        idempotency_keys: bool = False,
        option_headers: Mapping[str, str] = MappingProxyType({}),
        accumulators: Mapping[str, str] = MappingProxyType({}),
        stream_helper: str = "",
        answer_layouts: str = "",
    ) -> None:
        self.title, self.base_url, self.prefix, self.schemes = title, base_url, prefix, schemes
        self.lenient, self.product, self.idempotency_keys = lenient, product, idempotency_keys
        self.option_headers, self.accumulators = option_headers, accumulators
        self.stream_helper, self.answer_layouts = stream_helper, answer_layouts

    def variable(self, suffix: str) -> str:
        """Return the environment variable of an option, or of the key of a security scheme."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", suffix).strip("_")
        return f"{self.prefix}_{words.upper()}"

    def keys(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the keys that the environment holds for single schemes."""
        return {name: environ[self.variable(name)] for name in self.schemes if environ.get(self.variable(name))}

    def per_scheme(self, key: Any) -> Any:
        """Return one key as a mapping where all schemes are basic: each says what may stand in its key."""
        if isinstance(key, str) and self.schemes and all(s.prefix == "Basic" for s in self.schemes.values()):
            return dict.fromkeys(self.schemes, key)
        return key

    def problem(self, given: object) -> str | None:
        """Return what is wrong with the keys of a client, in words that complete "api_key ...", or None."""
        if not isinstance(given, Mapping):
            return None
        if not self.schemes:
            return "must be one key, not a mapping"
        for name, key in given.items():
            if name not in self.schemes:
                known = ", ".join(map(repr, self.schemes)) or "none"
                return f"holds a key for {name!r}, which is no security scheme of {self.title}: it has {known}"
            if isinstance(key, str) and (wrong := self.schemes[name].problem(key)):
                return f"[{name!r}] {wrong}"
        return None


expose(globals(), "service")
