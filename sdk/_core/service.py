"""What a generated package tells of its API: where it is, and how calls prove who they are. Data, not code."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from .public import expose
from .validators import key_problem, secret_problem


class Scheme(NamedTuple):
    """A security scheme: where its key goes (`header`, `query` or `cookie`), under which name, behind which word.

    A `prefix` of "Basic" takes a key of the form `user:password`, in which anything may stand but control characters
    (RFC 7617, section 2).
    """

    place: str
    name: str
    prefix: str = ""

    def spell(self, key: str) -> str:
        """Return a key as it is sent."""
        if self.prefix == "Basic":
            key = base64.b64encode(key.encode()).decode()
        return f"{self.prefix} {key}" if self.prefix else key

    def problem(self, key: object) -> str | None:
        """Return what is wrong with a key, in words that complete "<name> ...", or None."""
        return secret_problem(key) if self.prefix == "Basic" else key_problem(key)


class Service(NamedTuple):
    """An API: its base URL ("" where it has to be given), the prefix of its variables, its security schemes by name.

    `loose`: its servers say errors in replies of status 200 and in streams, and send JSON as text/plain, as servers do
    that imitate OpenAI's. Of all other APIs a reply means what its document says.
    """

    title: str
    base_url: str
    prefix: str
    schemes: Mapping[str, Scheme]
    loose: bool = False

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of this API under the names that the options have."""
        start = f"{self.prefix}_"
        return {f"OPENAI_{name[len(start) :]}": text for name, text in environ.items() if name.startswith(start)}

    def variable(self, scheme: str) -> str:
        """Return the variable that holds the key of one scheme."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", scheme).strip("_")
        return f"{self.prefix}_{words.upper()}"

    def keys(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the keys that the environment holds for single schemes."""
        return {name: environ[self.variable(name)] for name in self.schemes if environ.get(self.variable(name))}

    def spread(self, key: Any) -> Any:
        """Return one key as a mapping where all schemes are basic: what may stand in it is for them to say."""
        if isinstance(key, str) and self.schemes and all(s.prefix == "Basic" for s in self.schemes.values()):
            return dict.fromkeys(self.schemes, key)
        return key

    def problem(self, given: object) -> str | None:
        """Return what is wrong with the keys of a client, in words that complete "api_key ...", or None."""
        for name, key in given.items() if isinstance(given, Mapping) else ():
            if name not in self.schemes:
                known = ", ".join(map(repr, self.schemes)) or "none"
                return f"holds a key for {name!r}, which is no security scheme of {self.title}: it has {known}"
            if isinstance(key, str) and (wrong := self.schemes[name].problem(key)):
                return f"[{name!r}] {wrong}"
        return None

    def wanted(self, auth: str) -> list[list[str]]:
        """Return the alternatives of an operation: each the schemes that are needed together."""
        found = [part.split("+") if part else [] for part in auth.split("|")]
        return [[unquote(name) for name in part] for part in found] if "%" in auth else found


def key_of(given: Any, scheme: str) -> Any:
    """Return what was given as the key of a scheme: one key for all, or a mapping by name."""
    return given.get(scheme) if isinstance(given, Mapping) else given


expose(globals(), "service")
