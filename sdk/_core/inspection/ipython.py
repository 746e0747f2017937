"""Complete the values of arguments in IPython and Jupyter: `create.sync(model="gpt-<Tab>`.

IPython completes names of arguments by itself, and their values not.
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

from ..client.base import BaseClient
from ..operation import Operation
from ..operation.facts import builder_of, operation_of
from ..operation.resource import Resource
from . import params
from .literals import Literals, literals_at
from .place import Place, place_at

#: Objects whose attributes are read to find out what is called: to look must change nothing.
_KNOWN = (ModuleType, BaseClient, Resource, Operation)
_IDENTIFIER = "literal_values"


class _Names:
    """The names of one package."""

    def __init__(self, package: str) -> None:
        self._package = package

    def alias_of(self, name: str) -> str | None:
        return params.alias_of(self._package, name)

    def fields_of(self, name: str) -> Any:
        return params.fields_of(self._package, name)


def load_ipython_extension(shell: Any) -> None:
    """Complete the values of arguments in this shell."""
    from IPython.core.completer import context_matcher

    if any(getattr(one, "matcher_identifier", "") == _IDENTIFIER for one in shell.Completer.custom_matchers):
        return

    @context_matcher(identifier=_IDENTIFIER)  # type: ignore[untyped-decorator]  # of IPython, whose types are partial
    def values(context: Any) -> Any:
        return _matches(shell.user_ns, context)

    shell.Completer.custom_matchers.append(values)


def unload_ipython_extension(shell: Any) -> None:
    """Leave the completion to IPython alone."""
    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", "") != _IDENTIFIER]


def _matches(scope: dict[str, Any], context: Any) -> Any:
    from IPython.core.completer import SimpleCompletion

    lines = context.full_text.split("\n")
    before = "\n".join([*lines[: context.cursor_line], lines[context.cursor_line][: context.cursor_position]])
    place = place_at(before)
    texts = [] if place is None else completions(scope, place)
    return {
        "completions": [SimpleCompletion(text=text, type="literal") for text in texts],
        "matched_fragment": "" if place is None else place.typed,
        "suppress": bool(texts),
    }


def completions(scope: dict[str, Any], place: Place) -> list[str]:
    """Return what may be at a place: the rest of a str that has begun, else complete values."""
    operation = operation_of(_found(scope, place.callee))
    if operation is None:
        return []
    build = builder_of(operation)
    annotation = build.__annotations__.get(place.argument)
    if not isinstance(annotation, str):
        return []
    found = literals_at(annotation, place.path, _Names(build.__module__.partition(".api.")[0]))
    return [text for text in _texts(found, place) if text.startswith(place.typed)]


def _texts(found: Literals, place: Place) -> list[str]:
    if place.key:
        return list(found.keys) if place.quote else [f'"{key}": ' for key in found.keys]
    if place.quote:
        return [value for value in found.values if isinstance(value, str)]
    return [*(json.dumps(v) if isinstance(v, str) else repr(v) for v in found.values), *map(json.dumps, found.objects)]


def _found(scope: dict[str, Any], name: str) -> Any:
    """Return the object that a dotted name means, None where finding it would run code of others."""
    root, *rest = name.split(".")
    found = scope.get(root)
    for step in rest:
        if not isinstance(found, _KNOWN):
            found = getattr(found, "__dict__", {}).get(step)
        else:
            found = getattr(found, step, None)
    return found
