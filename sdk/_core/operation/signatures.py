"""The signature of a form as people see it: the arguments of its operation, and the result of the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import Parameter, Signature, getdoc, signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import Operation


class _Source(str):
    """An annotation as it is in the source, which a signature shows without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def signature_of(operation: Operation[..., Any], method: Callable[..., Any]) -> Signature:
    """Return the signature: what the form takes first, the arguments of the operation, and the result."""
    build = signature(operation._build)
    own = [p for p in signature(method).parameters.values() if p.kind is Parameter.POSITIONAL_ONLY and p.name != "self"]
    first = [p.replace(name=_free(p.name, build)) for p in own]
    parameters = [p.replace(annotation=_shown(p.annotation)) for p in [*first, *build.parameters.values()]]
    result = _result(method.__annotations__.get("return", ""), build.return_annotation)
    return Signature(parameters, return_annotation=_shown(result))


def documentation_of(operation: Operation[..., Any], method: Callable[..., Any]) -> str:
    """Return the docstring of the operation, then that of the form."""
    return f"{getdoc(operation._build) or operation.name}\n\n{method.__name__}: {getdoc(method)}"


def _free(name: str, build: Signature) -> str:
    while name in build.parameters:
        name += "_"
    return name


def _shown(annotation: Any) -> Any:
    return _Source(annotation) if isinstance(annotation, str) else annotation


def _result(form: str, request: Any) -> str:
    """Return the result of a form, in which R and C are what the request is typed with: `Request[R, C]`."""
    inner = request[request.find("[") + 1 : request.rfind("]")] if isinstance(request, str) else ""
    if not inner:
        return form
    depths, depth = [], 0
    for sign in inner:
        depth += (sign == "[") - (sign == "]")
        depths.append(depth)
    comma = next((at for at, sign in enumerate(inner) if sign == "," and depths[at] == 0), len(inner))
    types = {"R": inner[:comma].strip(), "C": inner[comma + 1 :].strip()}
    return re.sub(r"\b[RC]\b", lambda found: types[found[0]] or found[0], form)
