"""How calls of a generated package prove who makes them: by the security schemes of its document."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from ..errors import ConfigError
from ..errors.redact import Hidden
from ..service import key_of

if TYPE_CHECKING:
    from ..call.state import Call
    from ..effects import Effect
    from ..service import Service


def authorize(
    service: Service, call: Call, headers: dict[str, tuple[str, str]], target: str
) -> Generator[Effect, Any, str]:
    """Prove who calls by the first alternative of the operation for which all keys are there; without if it may."""
    given = None if call.options.api_key_missing else call.options.api_key
    alternatives = service.wanted(call.request.settings.auth)
    chosen = next((a for a in alternatives if a and all(key_of(given, name) is not None for name in a)), None)
    if chosen is None and [] in alternatives:
        return target
    if chosen is None:
        if not call.options.api_key_missing and given is None:
            return target  # None given explicitly asks to send none
        names = " or ".join(" and ".join(a) for a in alternatives)
        raise ConfigError(
            f"{call.request.settings.name} needs a key for {names}: give api_key=, by scheme if there are several "
            f"(api_key={{{alternatives[0][0]!r}: ...}}), or set {service.prefix}_API_KEY or "
            f"{service.variable(alternatives[0][0])} (api_key=None sends no key)"
        )
    for name in chosen:
        source, scheme = key_of(given, name), service.schemes[name]
        key = (yield from call.ask(source)) if callable(source) else source
        if problem := scheme.problem(key):
            raise ConfigError(f"the key of {name} {problem}")
        call.keys += (key, scheme.spell(key).rpartition(" ")[2])
        if scheme.place == "query":
            target += f"{'&' if '?' in target else '?'}{urlencode({scheme.name: key})}"
        elif scheme.place == "cookie":
            before = headers.get("cookie", ("", ""))[1]
            pair = f"{scheme.name}={quote(key, safe='')}"
            headers["cookie"] = ("Cookie", Hidden(f"{before}; {pair}" if before else pair))
        elif scheme.name.lower() not in headers:
            headers[scheme.name.lower()] = (scheme.name, Hidden(scheme.spell(key)))
    return target
