"""The security schemes of an OpenAPI document: the keys of an operation, and where each is sent."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from ..errors import ConfigError
from ..errors.redact import Redacted

if TYPE_CHECKING:
    from ..effects import Ask
    from ..options.resolve import Options
    from ..service import Service
    from .protocol import Outgoing


class SecuritySchemes:
    """Use the first security requirement of the operation whose keys are all given; none if it is optional."""

    __slots__ = ("_options", "_service")

    def __init__(self, service: Service, options: Options) -> None:
        self._service, self._options = service, options

    def apply(self, outgoing: Outgoing) -> Generator[Ask, Any, None]:
        """Send each key as its scheme says; a header that the user gave takes precedence."""
        options, service, spec = self._options, self._service, outgoing.request.spec
        given = None if options.api_key_missing else options.api_key
        alternatives = self._in_order(given, spec.security)
        chosen = next((a for a in alternatives if a and all(_key_of(given, name) is not None for name in a)), None)
        if chosen is None and () in alternatives:
            return
        if chosen is None:
            if not options.api_key_missing and given is None:
                return  # an explicit None means to send no key
            names = " or ".join(" and ".join(a) for a in alternatives)
            several = dict.fromkeys((f"{service.prefix}_API_KEY", service.variable(alternatives[0][0])))
            variables = " or ".join(several)
            raise ConfigError(
                f"{spec.name} needs a key for {names}: give api_key=, by scheme if there are several "
                f"(api_key={{{alternatives[0][0]!r}: ...}}), or set {variables} (api_key=None sends no key)"
            )
        for name in chosen:
            source, scheme = _key_of(given, name), service.schemes[name]
            key = (yield from outgoing.ask(source)) if callable(source) else source
            if problem := scheme.problem(key):
                raise ConfigError(f"the key of {name} {problem}")
            outgoing.keys += (key, scheme.format(key).rpartition(" ")[2])
            if scheme.place == "query":
                outgoing.target += f"{'&' if '?' in outgoing.target else '?'}{urlencode({scheme.name: key})}"
            elif scheme.place == "cookie":
                before = outgoing.headers.get("cookie", ("", ""))[1]
                pair = f"{scheme.name}={quote(key, safe='')}"
                outgoing.headers["cookie"] = ("Cookie", Redacted(f"{before}; {pair}" if before else pair))
            elif scheme.name.lower() not in outgoing.headers:
                outgoing.headers[scheme.name.lower()] = (scheme.name, Redacted(scheme.format(key)))

    def _in_order(self, given: Any, alternatives: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        """Return the alternatives, those first that one key for all of them fits: only `user:password` is basic."""
        if not (isinstance(given, str) or callable(given)) or len(alternatives) < 2:
            return alternatives
        basic = isinstance(given, str) and ":" in given
        schemes = self._service.schemes
        fits = [any(schemes[name].prefix == "Basic" for name in a) == basic for a in alternatives]
        return tuple(a for _, a in sorted(zip(fits, alternatives, strict=True), key=lambda pair: not pair[0]))


def _key_of(given: Any, scheme: str) -> Any:
    """Return the key given for a scheme: `given` is one key for all schemes, or a mapping by name."""
    return given.get(scheme) if isinstance(given, Mapping) else given
