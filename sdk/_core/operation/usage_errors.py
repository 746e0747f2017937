"""Errors for wrong uses of an operation, which say what to do. Imported with the first mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from inspect import signature
from typing import TYPE_CHECKING, Any

from ..request.data import OPTION_NAMES
from ..suggestions import MissingName, hint, service_of

if TYPE_CHECKING:
    from . import Operation

#: Forms that not every operation has, and what an operation without the form does not do.
_FORMS = {
    "stream": "does not stream",
    "iter": "does not list in pages",
    "parse": "does not answer with a value of your type",
    "parse_detailed": "does not answer with a value of your type",
    "parse_stream": "does not answer with a value of your type",
    "download": "does not reply with bytes",
}
#: Arguments of sessions, and what to use instead.
_ELSEWHERE = {"approve": "run(..., approve=) of a session", "max_rounds": "run(..., max_rounds=) of a session"}


def unknown_argument(operation: Operation[..., Any], wrong: str) -> TypeError:
    """Return the error for an argument that an operation does not have."""
    name, spec = operation.name, operation._spec
    if wrong == "stream":
        how = f"use {name}.stream(...)" if spec.events else f"{name} does not stream"
        return TypeError(f"{name}: stream= is not a parameter; {how}")
    if wrong in _ELSEWHERE:
        return TypeError(f"{name} has no argument {wrong!r}; it belongs to {_ELSEWHERE[wrong]}")
    renamed = (spec.old_names or {}).get(wrong)
    if renamed:
        return TypeError(f"{name}: {wrong!r} is called {renamed!r} now, and both are given")
    close = get_close_matches(wrong, [*_arguments(operation), *OPTION_NAMES], 1)
    hint = f"did you mean {close[0]!r}? If not, what" if close else "what"
    return TypeError(f"{name} has no argument {wrong!r}; {hint} the API does not document goes into extra_body=")


def bad_arguments(operation: Operation[..., Any], args: tuple[Any, ...], given: Mapping[str, Any]) -> TypeError | None:
    """Return the error for arguments that do not fit the signature; None where they do."""
    try:
        signature(operation._build).bind(*args, **given)
    except TypeError as error:
        known = _arguments(operation)
        wrong = next((key for key in given if key not in known and key not in OPTION_NAMES), None)
        if wrong is not None:
            return unknown_argument(operation, wrong)
        if "positional" in str(error) and args:
            return TypeError(
                f"{operation.name} takes its arguments by name: {', '.join(f'{k}=' for k in known[:3])}, ..."
            )
        return TypeError(f"{operation.name}: {error}")
    return None


def missing_operation(resource: str, module: str, name: str, known: Callable[[], list[str]]) -> AttributeError:
    """Return the error for a name that a resource does not have; `module` is the module of its operations."""
    path = module.partition(".api.")[2]

    def suggestion() -> str:
        has = known()
        end = hint(service_of(module), "path", f"{path}.{name}", has, name)
        return f"{end}{'' if end.endswith('?') else '.' if end else ';'} {'It' if end else 'it'} has {', '.join(has)}"

    return MissingName(f"the resource {resource} has no attribute {name!r}", name, suggestion)


def missing_form(operation: Operation[..., Any], form: str) -> AttributeError:
    """Return the error for a form, such as `iter`, that an operation does not have."""
    others = ("bind", "name", "method", "path", "unwarned")
    has = [n for n in dir(type(operation)) if not n.startswith("_") and n not in others]
    why = _FORMS.get(form.removeprefix("asyncio_"))
    problem = f"{operation.name} {why}" if why else f"{operation.name} has no form {form!r}"
    suggestion = "" if why else hint(service_of(operation.__module__), "path", f"{operation.name}.{form}", has, form)
    return AttributeError(f"{problem}{suggestion}; it has {', '.join(has)}", name=form)


def _arguments(operation: Operation[..., Any]) -> list[str]:
    return [name for name in signature(operation._build).parameters if name != "options"]
