"""Write sdk/api: a module for each resource with one typed function per operation, and the tree of resources."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from jinja2 import Environment

from ..ir import Api, Array, Binary, Operation, Param, Ref, Type, Union
from .header import header
from .prose import arguments, docstring, noted
from .style import LINE
from .tree import Tree
from .types import TypeWriter, literal_value

LOCATIONS = ("path", "query", "header", "cookie", "body")


class OperationEmitter:
    """Write the operations of one API."""

    def __init__(self, api: Api, templates: Environment, accepts: dict[str, tuple[str, ...]]) -> None:
        self._api = api
        self._accepts = accepts
        self._template = templates.get_template("api.py.jinja")
        self._tree = Tree(api.operations)

    def files(self) -> dict[str, str]:
        """Return the text of every file of the folder, by its path below it."""
        files = {self._tree.file(resource): self._module(resource) for resource in self._tree.resources}
        return files | self._tree.client_files()

    def _module(self, resource: str) -> str:
        operations = [o for o in self._api.operations if o.resource == resource]
        children = self._tree.children(resource)
        depth = resource.count(".") + (2 if children else 1) if resource else 1
        types = TypeWriter(
            self._api.resolve, self._api.nullable, self._api.params, request=True, accepts=self._accepts,
            shadowed=frozenset([*(o.verb for o in operations), *children]),
        )  # fmt: skip
        replies = TypeWriter(self._api.resolve, self._api.nullable, shadowed=types.shadowed)
        rendered = [self._operation(o, types, replies) for o in operations]
        runtime = sorted({o["decorator"] for o in rendered} | ({"Request"} if rendered else set()))
        imports = ["from typing import TYPE_CHECKING"]
        if any("UNSET" in p for o in rendered for p in o["keywords"] + o["positional"]):
            imports.append("from sdk._unset import UNSET")
        imports += [f"from sdk.operation import {', '.join(runtime)}"] if runtime else []
        imports += ["from sdk._lazy import submodules"] if children else []
        return self._template.render(
            header=header(f"the resource {resource}" if resource else "all resources"),
            doc=docstring(self._summary(resource, operations), 0),
            imports=imports,
            checking=self._checking(types, replies, children, depth, bool(rendered)),
            children=", ".join(f'"{c}"' for c in children),
            operations=rendered,
        )

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
            lines += ["from sdk._unset import Unset", "from sdk.operation import RequestOptions"]
        return lines + sorted(types.imports | replies.imports)

    @staticmethod
    def _summary(resource: str, operations: list[Operation]) -> str:
        if not operations:
            return (
                f"Resources of {resource}." if resource else "Every resource of the API, loaded when first asked for."
            )
        return "\n\n".join([f"Operations of {resource}.", *(f"`{o.verb}`: {o.method} {o.path}" for o in operations)])

    # -- one operation -------------------------------------------------------------------------------------------

    def _operation(self, op: Operation, types: TypeWriter, replies: TypeWriter) -> dict[str, Any]:
        positional = [self._argument(p, types) for p in op.params if p.location == "path"]
        rest = [p for p in op.params if p.location != "path"]
        keywords = [self._argument(p, types) for p in sorted(rest, key=lambda p: not p.required)]
        returns = self._returns(op, replies)
        decorator, second = "operation", ""
        if op.events:
            decorator, second = "structured" if op.structured else "streaming", replies.write(op.events.type)
        elif op.page:
            decorator, second = "paged", replies.write(op.page.item)
        if op.reply.kind == "binary":
            decorator = "streaming_binary" if op.events else "binary"
        return {
            "decorator": decorator,
            "head": f'"{op.name}", "{op.method}", {literal_value(_encoded(op.path))}',
            "settings": self._settings(op),
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
            annotation = f"({annotation})"  # so that its members stand below the name
        return f"{p.attr}: {annotation}{default}"

    def _returns(self, op: Operation, replies: TypeWriter) -> str:
        if op.reply.kind == "binary":
            replies.imports.add("from sdk.files import BinaryReply")
            return "BinaryReply"
        if op.reply.kind == "none":
            return "None"
        text = replies.builtin("str")
        if op.reply.kind == "text" or op.reply.type is None:
            return text
        return replies.write(op.reply.type) + (f" | {text}" if op.reply.text_too else "")

    def _settings(self, op: Operation) -> list[str]:
        out = []
        if op.reply.kind == "json" and isinstance(op.reply.type, Ref):
            out.append(f"reply={literal_value(op.reply.type.name)}")
        if op.reply.kind != "json":
            out.append(f"returns={literal_value(op.reply.kind)}")
        if op.reply.text_too:
            out.append("text_too=True")
        if op.events and isinstance(op.events.type, Ref):
            out.append(f"events={literal_value(op.events.type.name)}")
            out.append(f"switch=({', '.join(map(literal_value, op.events.switch))})")
            if op.events.terminal:
                out.append(f"terminal=({''.join(literal_value(t) + ', ' for t in op.events.terminal)})")
            if op.events.envelope:
                out.append("envelope=True")
            if op.structured:
                out.append(f"structured={literal_value(op.structured)}")
        if op.asks:
            out.append(f"asks={_dict(dict(op.asks))}")
        if op.page:
            out.append(f'page=("{op.page.param}", "{op.page.cursor}")')
        if op.body and op.body.kind != "json":
            out.append(f"body={literal_value(op.body.kind)}")
            files = [p.key for p in op.params if p.location == "body" and self._holds_file(p.type)]
            if op.body.kind in ("auto", "multipart") and files:
                out.append(f"files=({''.join(literal_value(f) + ', ' for f in files)})")
            parts = {p.key: p.content_type for p in op.params if p.location == "body" and p.content_type}
            if parts:
                out.append(f"part_types={_dict(parts)}")
            if op.body.alone:
                out.append(f"alone=({', '.join(map(literal_value, op.body.alone))})")
            if op.body.kind == "raw":
                out.append(f"content_type={literal_value(op.body.content_type)}")
        styles = {p.key: style for p in op.params if (style := _style(p))}
        if styles:
            out.append(f"styles={_dict(styles)}")
        if op.fixed_query:
            out.append(f"fixed_query={_dict(dict(op.fixed_query))}")
        if op.security != "api_key":
            out.append(f"auth={literal_value(op.security)}")
        if op.deprecated:
            out.append("deprecated=True")
        if op.renamed:
            out.append(f"renamed={literal_value(op.renamed)}")
        former = {old: p.attr for p in op.params for old in p.former}
        if former:
            out.append(f"former={_dict(former)}")
        old = [p.attr for p in op.params if p.deprecated]
        if old:
            out.append(f"deprecated_arguments=({''.join(literal_value(a) + ', ' for a in old)})")
        return out

    def _holds_file(self, type_: Type) -> bool:
        target = self._api.resolve(type_)
        if isinstance(target, Array):
            return self._holds_file(target.item)
        if isinstance(target, Union):
            return any(self._holds_file(m) for m in target.members)
        return isinstance(target, Binary)

    @staticmethod
    def _parts(op: Operation) -> list[str]:
        lines = []
        if op.body and op.body.whole:
            lines.append(f"body={next(p.attr for p in op.params if p.location == 'body')}")
        elif op.body and op.body.required and not any(p.location == "body" for p in op.params):
            lines.append("body={}")  # an object that has no fields, or only the switch of the stream
        for location, name in zip(LOCATIONS, ("path", "query", "headers", "cookies", "body"), strict=True):
            items = [p for p in op.params if p.location == location]
            if items and not (location == "body" and op.body and op.body.whole):
                lines.append(f"{name}={{{', '.join(f'{literal_value(p.key)}: {p.attr}' for p in items)}}}")
        return lines

    @staticmethod
    def _doc(op: Operation) -> str:
        facts = f"{op.method} {op.path}" + (
            "?" + "&".join("=".join(q) for q in op.fixed_query) if op.fixed_query else ""
        )
        text = f"{op.description.strip()}\n\n{facts}" if op.description else facts
        if op.renamed:
            text += f"\n\nDeprecated: this is called `{op.renamed}` now."
        elif op.deprecated:
            text += "\n\nDeprecated: the API will remove this operation."
        if op.security == "admin_api_key":
            text += "\n\nNeeds `admin_api_key`."
        rows = [(p.attr, said) for p in op.params if (said := noted(p.description, p.facts, p.deprecated))]
        body = docstring(text)
        args = arguments(rows)
        return f"{body.rstrip()}\n\n{args}\n    " if args else body


def _encoded(path: str) -> str:
    """Return a path with its own text as it goes into a URL, and its parameters as they are. Source: RFC 3986, 3.3."""
    pieces = re.split(r"(\{[^}]*\})", path)  # every second one is a parameter
    pieces[::2] = [quote(piece, safe="/:@!$&'()*+,;=%~") for piece in pieces[::2]]
    return "".join(pieces)


def _style(p: Param) -> str:
    if p.location == "query":
        if p.style == "form":
            return "" if p.explode else "csv"
        return {"spaceDelimited": "ssv", "pipeDelimited": "pipes"}.get(p.style, p.style)
    return p.style if p.style not in ("simple", "") else ""


def _dict(items: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{literal_value(k)}: {literal_value(v)}" for k, v in items.items()) + "}"
