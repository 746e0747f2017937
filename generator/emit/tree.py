"""The tree of resources: which module or package each one is, and the typed view of it that a client offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from ..document.pointer import escape
from ..errors import GeneratorError
from ..ir import Operation, WebSocket
from .header import header
from .types import literal_value

#: A class of the runtime: what a document names is imported by the client of its package.
_METHOD = re.compile(r"sdk(\.[A-Za-z_]\w*)+:[A-Za-z_]\w*", re.ASCII)


class Tree:
    """Resources by dotted name; one that has children is a package, others are modules."""

    def __init__(
        self, operations: Sequence[Operation | WebSocket], methods: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`methods` are the methods of a resource that are not operations: "module:class" by dotted name."""
        self._operations = operations
        names = {""}
        for operation in operations:
            parts = operation.resource.split(".")
            names.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
        self.resources = sorted(names)
        self._classes = _distinct(self.resources, _class)
        self._methods = {name: where for name, where in methods.items() if name.rpartition(".")[0] in names}
        taken = names | {operation.name for operation in operations}
        for name, where in self._methods.items():
            if name in taken or not _METHOD.fullmatch(where):
                raise GeneratorError(
                    f"x-sdk-methods cannot give {name}: it is taken, or {where!r} is no class of the runtime",
                    pointer=f"/x-sdk-methods/{escape(name)}", hint="write {resource.verb: 'sdk.module:Class'}",
                )  # fmt: skip
        for operation in operations:
            if operation.name in names:
                raise GeneratorError(
                    f"{operation.name} would be both an operation and a resource", pointer=operation.pointer,
                    hint="give the operation another name with x-sdk-name in spec/overlay.yaml",
                )  # fmt: skip

    def children(self, resource: str) -> list[str]:
        """Return the names of the resources right below."""
        depth = resource.count(".") + 1 if resource else 0
        prefix = f"{resource}." if resource else ""
        return [r.split(".")[-1] for r in self.resources if r and r.startswith(prefix) and r.count(".") == depth]

    def _offers(self, resource: str) -> str:
        """Return the names below a resource, which editors show beside it."""
        verbs = [f"`{o.verb}`" for o in self._operations if o.resource == resource]
        methods = [n.rpartition(".")[2] for n in self._methods if n.rpartition(".")[0] == resource]
        return f"{', '.join([*verbs, *(f'`{name}`' for name in (*methods, *self.children(resource)))])}."

    def file(self, resource: str) -> str:
        """Return the path of the resource's file below sdk/api."""
        path = resource.replace(".", "/")
        if not resource or self.children(resource):
            return f"{path}/__init__.py".lstrip("/")
        return f"{path}.py"

    def client_files(self) -> dict[str, str]:
        """Return the typed view. At run time resources are found by name, so only the stub lists them.

        A class imports its operations, so that editors show the docstrings that they have there.
        """
        lines = [
            header("the resources of a client, for type checkers"),
            "from sdk._core.operation.resource import Resource\n",
        ]
        for module, name in sorted(where.split(":") for where in self._methods.values()):
            lines.append(f"from {module} import {name} as _{name}")
        for resource in reversed(self.resources):  # inner ones first
            base = "Resource" if resource else ""
            body = [
                f"    from .{resource} import {o.verb} as {o.verb}" for o in self._operations if o.resource == resource
            ]
            body += [
                f"    {name.rpartition('.')[2]}: _{where.partition(':')[2]}"
                for name, where in self._methods.items()
                if name.rpartition(".")[0] == resource
            ]
            for child in self.children(resource):
                inner = f"{resource}.{child}" if resource else child
                body.append(f'    {child}: {self._classes[inner]}\n    """{self._offers(inner)}"""')
            body = body or ["    pass"]
            lines.append(f"\nclass {self._classes[resource]}{f'({base})' if base else ''}:\n" + "\n".join(body))
        roots = "".join(f'    "{c}",\n' for c in self.children(""))
        rows = "".join(f"        {literal_value(n)}: {literal_value(w)},\n" for n, w in self._methods.items())
        methods = f"    _methods = {{\n{rows}    }}\n\n" if rows else ""
        runtime = f"{header('the resources of a client')}\n" + _RUNTIME.format(roots=roots, methods=methods)
        return {"_resources.pyi": "\n".join(lines) + "\n", "_resources.py": runtime}


def _distinct(resources: Sequence[str], rule: Callable[[str], str]) -> dict[str, str]:
    """Name each resource by a rule. If two get the same name, as a.b and a_b do, `_` makes them differ."""
    found: dict[str, str] = {}
    for resource in resources:
        name = rule(resource)
        while name in found.values():
            name += "_"
        found[resource] = name
    return found


def _class(resource: str) -> str:
    return "".join(p.title().replace("_", "") for p in resource.split(".")) + "Resource" if resource else "Resources"


_RUNTIME = '''from __future__ import annotations

from typing import Any

from sdk._core.operation.resource import Resource, missing_resource

ROOTS = (
{roots})


class Resources:
    """The resources of a client, each bound to the client and created with its first use."""

{methods}    def __getattr__(self, name: str) -> Any:
        if name not in ROOTS:
            raise missing_resource(self, name)
        resource = Resource(self, f"{{__package__}}.{{name}}")
        object.__setattr__(self, name, resource)
        return resource

    def __dir__(self) -> list[str]:
        return sorted({{*super().__dir__(), *ROOTS}})
'''
