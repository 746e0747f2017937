"""All operations of the SDK, as their pages show them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sdk import Client
from sdk._core.operation import Operation

#: What a reply is that has no model.
_KINDS = {"binary": "bytes", "text": "str", "none": "None"}


class Argument(NamedTuple):
    """One argument of an operation."""

    name: str
    annotation: str
    required: bool
    text: str


class Endpoint(NamedTuple):
    """One operation, and what its docstring and signature say."""

    name: str
    method: str
    path: str
    summary: str
    arguments: list[Argument]
    reply: str
    events: str
    forms: tuple[str, ...]
    deprecated: bool
    errors: dict[str, str]
    operation: Any

    @property
    def resource(self) -> str:
        """The resource that the operation belongs to, such as fine_tuning.jobs."""
        return self.name.rpartition(".")[0]


def endpoints() -> list[Endpoint]:
    """Return all operations, in the order of their names."""
    with Client(api_key="k", api_base="http://localhost/v1") as client:
        return sorted(map(_endpoint, _walk(client)), key=lambda found: found.name)


def _walk(resource: Any) -> Iterator[Any]:
    from sdk._core.operation.resource import Resource

    for name in dir(resource):
        if name.startswith("_"):
            continue
        found = getattr(resource, name)
        if isinstance(found, Operation):
            yield found
        elif isinstance(found, Resource):
            yield from _walk(found)


def _endpoint(operation: Any) -> Endpoint:
    spec = operation._spec
    signature = inspect.signature(operation.sync)
    texts = _texts(operation.__doc__ or "")
    arguments = [
        Argument(
            parameter.name, _shown(parameter.annotation), parameter.default is parameter.empty,
            texts.get(parameter.name, ""),
        )
        for parameter in signature.parameters.values()
        if parameter.kind is not parameter.VAR_KEYWORD
    ]  # fmt: skip
    return Endpoint(
        name=operation.name, method=operation.method, path=operation.path, summary=_summary(operation.__doc__ or ""),
        arguments=arguments, reply=_reply(spec, signature), events=spec.events or "",
        forms=tuple(form for form in ("sync", "asyncio", "stream", "iter", "parse") if _has(operation, form)),
        deprecated=spec.deprecated, errors=dict(spec.errors or {}), operation=operation,
    )  # fmt: skip


def _has(operation: Any, form: str) -> bool:
    spec = operation._spec
    needs = {"stream": bool(spec.events), "iter": spec.page is not None, "parse": bool(spec.structured)}
    return needs.get(form, True)


def _reply(spec: Any, signature: inspect.Signature) -> str:
    if spec.reply:
        return _shown(signature.return_annotation)
    return _KINDS.get(spec.reply_kind) or str(spec.reply_kind)


def _shown(annotation: Any) -> str:
    """Return an annotation without the marker of what may be left out."""
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return text.replace(" | Unset", "").replace("builtins.", "")


def _summary(doc: str) -> str:
    paragraphs = re.split(r"\n\s*Args:\n", inspect.cleandoc(doc))[0].split("\n\n")
    return "\n\n".join(" ".join(part.split()) for part in paragraphs if not _is_path(part))


def _is_path(paragraph: str) -> bool:
    return re.match(r"\s*(GET|POST|PUT|PATCH|DELETE) /", paragraph) is not None


def _texts(doc: str) -> dict[str, str]:
    _, _, section = inspect.cleandoc(doc).partition("\nArgs:\n")
    found: dict[str, list[str]] = {}
    for line in section.splitlines():
        start = re.match(r"    (\w+): (.*)", line)
        if start:
            found[start[1]] = [start[2]]
        elif found and line.startswith("        "):
            found[list(found)[-1]].append(line.strip())
    return {name: " ".join(lines) for name, lines in found.items()}
