"""Write sdk/api: a module for each resource with one typed function per operation, and the tree of resources."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment

from ..ir import Api, Operation, Param, Ref, Union, WebSocket, mentioned
from ..ir.media_choice import CONTENT_TYPE
from .header import header
from .prose import WIDTH, arguments, docstring, first_sentence, noted, placed
from .settings import SettingsWriter
from .stubs import Signature, StubEmitter, home
from .style import LINE
from .tree import Tree
from .types import TypeWriter, literal_value
from .websockets import WebSocketEmitter

LOCATIONS = ("path", "query", "header", "cookie", "body")


class OperationEmitter:
    """Write the operations of one API."""

    def __init__(
        self, api: Api, templates: Environment, accepts: dict[str, tuple[str, ...]], methods: Mapping[str, str],
        waits: Collection[str],
    ) -> None:  # fmt: skip
        self._api, self._accepts = api, accepts
        self._texts = {s.name: first_sentence(s.description) for s in api.schemas if s.description and api.typed}
        self._template, self._stubs = templates.get_template("api.py.jinja"), StubEmitter(templates)
        self._tree = Tree([*api.operations, *api.websockets], methods)
        self._settings = SettingsWriter(api, waits)
        self._sockets = WebSocketEmitter(api, templates, accepts)

    def files(self) -> dict[str, str]:
        """Return the text of every file of the folder, by its path below it."""
        files: dict[str, str] = {}
        for resource in self._tree.resources:
            name = self._tree.file(resource)
            files[name], files[f"{name}i"] = self._module(resource)
        return files | self._tree.client_files() | self._sockets.files()

    def _module(self, resource: str) -> tuple[str, str]:
        """Return the module of a resource, and its stub."""
        operations = [o for o in self._api.operations if o.resource == resource]
        sockets = [w for w in self._api.websockets if w.resource == resource]
        children = self._tree.children(resource)
        depth = resource.count(".") + (2 if children else 1) if resource else 1
        types = TypeWriter(
            self._api.resolve, self._api.nullable, self._api.params, True, self._api.typed, accepts=self._accepts,
            shadowed=frozenset([*(o.verb for o in operations), *(w.verb for w in sockets), *children]),
        )  # fmt: skip
        replies = TypeWriter(self._api.resolve, self._api.nullable, typed=types.typed, shadowed=types.shadowed)
        rendered = [self._operation(o, types, replies) for o in operations]
        rendered += [self._sockets.connect(w, types, replies, "." * (depth + 1), self._argument) for w in sockets]
        runtime = sorted({o["decorator"] for o in rendered} | ({"Request"} if rendered else set()))
        if any("Style(" in setting for o in rendered for setting in o["settings"]):
            runtime = sorted([*runtime, "Style"])
        imports = ["from typing import TYPE_CHECKING"]
        if any("UNSET" in p for o in rendered for p in o["keywords"] + o["positional"]):
            imports.append("from sdk._core.unset import UNSET")
        imports += [f"from {home(name)} import {name}" for name in runtime]
        imports += ["from sdk._core.lazy import submodules"] if children else []
        type_name = replies.builtin("type") if any(o["decorator"] == "structured" for o in rendered) else "type"
        checking = self._checking(types, replies, children, depth, bool(rendered))
        module = self._template.render(
            header=header(f"the resource {resource}" if resource else "all resources"),
            doc=docstring(self._summary(resource, [*operations, *sockets]), 0),
            imports=imports,
            checking=checking,
            children=", ".join(f'"{c}"' for c in children),
            operations=rendered,
        )
        signatures = [o["signature"] for o in rendered]
        checking += [line for line in imports if "UNSET" in line]
        return module, self._stubs.file(resource, checking, signatures, type_name)

    @staticmethod
    def _checking(
        types: TypeWriter, replies: TypeWriter, children: list[str], depth: int, any_operation: bool
    ) -> list[str]:
        up = "." * (depth + 1)
        lines = [f"from . import {child} as {child}" for child in children]
        typing = types.typing | replies.typing | ({"Unpack"} if any_operation else set())
        lines += [f"from typing import {', '.join(sorted(typing))}"] if typing else []
        lines += [f"from collections.abc import {', '.join(sorted(types.abc))}"] if types.abc else []
        models, params = sorted(types.models | replies.models), sorted(types.params)
        lines += [f"from {up}models import {', '.join(models)}"] if models else []
        lines += [f"from {up}params import {', '.join(params)}"] if params else []
        if any_operation:
            lines += ["from sdk._core.unset import Unset", "from sdk._core.operation import RequestOptions"]
        return lines + sorted(types.imports | replies.imports)

    @staticmethod
    def _summary(resource: str, operations: list[Operation | WebSocket]) -> str:
        if not operations:
            return (
                f"Resources of {resource}." if resource else "Every resource of the API, imported with its first use."
            )
        kinds = [(o.verb, o.method if isinstance(o, Operation) else "WebSocket", o.path) for o in operations]
        return "\n\n".join([f"Operations of {resource}.", *(f"`{verb}`: {kind} {path}" for verb, kind, path in kinds)])

    # -- one operation -------------------------------------------------------------------------------------------

    def _operation(self, op: Operation, types: TypeWriter, replies: TypeWriter) -> dict[str, Any]:
        positional = [self._argument(p, types) for p in op.params if p.location == "path"]
        keywords = [self._argument(p, types) for p in _in_order(op) if p.location != "path"]
        returns = self._returns(op, replies)
        decorator, second, event = "operation", "", ""
        if op.events and op.page:
            decorator, second, event = "paged_streaming", replies.write(op.page.item), replies.write(op.events.type)
        elif op.events:
            kind = "only_streaming" if op.events.only else "structured" if op.structured else "streaming"
            decorator, second = kind, replies.write(op.events.type)
            returns = second if op.events.only else returns
        elif op.page:
            decorator, second = "paged", replies.write(op.page.item)
        if op.reply.kind == "binary":
            decorator = "streaming_binary" if op.events else "binary"
        signature = Signature(
            op.verb, decorator, positional, keywords, returns, second,
            lambda indent: self._doc(op, indent, width=0), lambda indent: docstring(self._head(op), indent),
            event=event,
        )  # fmt: skip
        return {
            "signature": signature,
            "options": "RequestOptions",
            "decorator": decorator,
            "head": f'"{op.name}", "{op.method}", {literal_value(_encoded(op.path))}',
            "settings": self._settings.of(op),
            "verb": op.verb,
            "positional": positional,
            "keywords": keywords,
            "returns": f"Request[{returns}, {second}]" if second else f"Request[{returns}]",
            "doc": self._doc(op),
            "parts": self._parts(op),
        }

    def _argument(self, p: Param, types: TypeWriter) -> str:
        annotation = types.write(p.type)
        if not p.required and annotation != "Any":
            annotation += " | Unset"
        default = "" if p.required else " = UNSET"
        if " | " in annotation and len(f"    {p.attr}: {annotation}{default},") > LINE:
            annotation = f"({annotation})"  # ruff writes its members one below the other then
        return f"{p.attr}: {annotation}{default}"

    def _returns(self, op: Operation, replies: TypeWriter) -> str:
        reply = op.reply
        if reply.kind == "none":
            return "None"
        parts = [replies.write(reply.type)] if reply.kind == "json" and reply.type is not None else []
        if reply.kind == "text" or reply.text_too:
            parts.append(replies.builtin("str"))
        if reply.kind == "binary" or reply.binary_too:
            replies.imports.add("from sdk._core.files import BinaryReply")
            parts.append("BinaryReply")
        if reply.none_too:
            parts.append("None")
        if "Any" in parts:
            return "Any"
        each = dict.fromkeys(part for one in parts for part in _members(one))
        return " | ".join([*(part for part in each if part != "None"), *(["None"] if "None" in each else [])])

    @staticmethod
    def _parts(op: Operation) -> list[str]:
        lines = []
        if op.body and op.body.whole:
            lines.append(f"body={next(p.attr for p in op.params if p.location == 'body')}")
        elif op.body and op.body.required and not any(p.location == "body" for p in op.params):
            lines.append("body={}")  # an object without fields, or with only the flag of the stream
        for location, name in zip(LOCATIONS, ("path", "query", "headers", "cookies", "body"), strict=True):
            items = [p for p in op.params if (p.location, p.key) != ("header", CONTENT_TYPE) and p.location == location]
            if items and not (location == "body" and op.body and op.body.whole):
                lines.append(f"{name}={{{', '.join(f'{literal_value(p.key)}: {p.attr}' for p in items)}}}")
        return lines + [f"content_type={p.attr}" for p in op.params if (p.location, p.key) == ("header", CONTENT_TYPE)]

    def _doc(self, op: Operation, indent: int = 4, width: int = WIDTH) -> str:
        """Return the docstring: what the operation does, then its arguments in the order of the signature."""
        rows = [(p.attr, noted(self._text(p), p.facts, p.deprecated) or placed(p)) for p in _in_order(op)]
        body = docstring(self._head(op), indent)
        args = arguments(rows, indent, width)
        return f"{body.rstrip()}\n\n{args}\n{' ' * indent}" if args else body

    def _text(self, p: Param) -> str | None:
        """Return the description of an argument, else what its class says."""
        names = mentioned(p.type) if isinstance(p.type, Ref | Union) else []
        return p.description or (self._texts.get(names[0]) if len(names) == 1 else None)

    @staticmethod
    def _head(op: Operation) -> str:
        facts = f"{op.method} {op.path}" + (
            "?" + "&".join("=".join(q) for q in op.fixed_query) if op.fixed_query else ""
        )
        text = f"{op.description.strip()}\n\n{facts}" if op.description else facts
        if op.replaced_by:
            text += f"\n\nDeprecated: this is called `{op.replaced_by}` now."
        elif op.deprecated:
            text += "\n\nDeprecated: the API will remove this operation."
        if errors := [f"{status} `{type_.name}`" for status, type_ in op.errors if isinstance(type_, Ref)]:
            text += f"\n\nErrors have this `.parsed`: {', '.join(errors)}."
        if op.security == (("admin_api_key",),):
            text += "\n\nNeeds `admin_api_key`."
        return text


def _in_order(op: Operation) -> list[Param]:
    """Return the arguments in the order of the signature: of the path, then required ones, then the others."""
    return sorted(op.params, key=lambda p: (p.location != "path", not p.required))


def _encoded(path: str) -> str:
    """Return a path with its own text as it goes into a URL, and its parameters as they are. Source: RFC 3986, 3.3."""
    pieces = re.split(r"(\{[^}]*\})", path)  # every second one is a parameter
    pieces[::2] = [quote(piece, safe="/:@!$&'()*+,;=%~") for piece in pieces[::2]]
    return "".join(pieces)


def _members(annotation: str) -> list[str]:
    """Return the members of a union, None apart; those with brackets stay together."""
    rest = annotation.removesuffix(" | None")
    return [*([rest] if "[" in rest else rest.split(" | ")), *(["None"] if rest != annotation else [])]
