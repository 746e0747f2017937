"""What a generated package tells of its API: where it is, and how calls prove who they are. Data, not code."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, NamedTuple


class Scheme(NamedTuple):
    """A security scheme: where its key goes (`header`, `query` or `cookie`), under which name, behind which word.

    A `prefix` of "Basic" takes a key of the form `user:password` (RFC 7617).
    """

    place: str
    name: str
    prefix: str = ""

    def spell(self, key: str) -> str:
        """Return a key as it is sent."""
        if self.prefix == "Basic":
            key = base64.b64encode(key.encode()).decode()
        return f"{self.prefix} {key}" if self.prefix else key


class Service(NamedTuple):
    """An API: its base URL, the prefix of its environment variables, and its security schemes by name.

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

    def wanted(self, auth: str) -> list[list[str]]:
        """Return the alternatives of an operation: each the schemes that are needed together."""
        return [part.split("+") if part else [] for part in auth.split("|")]


def key_of(given: Any, scheme: str) -> Any:
    """Return what was given as the key of a scheme: one key for all, or a mapping by name."""
    return given.get(scheme) if isinstance(given, Mapping) else given
