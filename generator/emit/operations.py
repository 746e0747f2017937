"""Write sdk/api: a module for each resource with one typed function per operation, and the tree of resources."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment

from ..errors import GeneratorError
from ..ir import AnyType, Api, Array, Binary, JsonType, Operation, Param, Ref, Reply, Type, Union, WebSocket
from ..ir.decoding import Planner
from ..ir.unions import NESTED, json_types, object_members
from .dates import dates_of
from .header import header
from .prose import WIDTH, arguments, docstring, noted, placed
from .stubs import Signature, StubEmitter, home
from .style import LINE
from .tree import Tree
from .types import TypeWriter, literal_value
from .websockets import WebSocketEmitter

#: Styles that write an array as one value, where they do not explode.
_DELIMITED = ("form", "spaceDelimited", "pipeDelimited")
#: The key that the runtime sends where an operation names none.
DEFAULT_SECURITY = (("api_key",),)
LOCATIONS = ("path", "query", "header", "cookie", "body")


class OperationEmitter:
    """Write the operations of one API."""

    def __init__(
        self, api: Api, templates: Environment, accepts: dict[str, tuple[str, ...]], methods: Mapping[str, str],
        waits: Collection[str],
    ) -> None:  # fmt: skip
        self._api, self._waits = api, waits
        self._accepts = accepts
        self._template, self._stubs = templates.get_template("api.py.jinja"), StubEmitter(templates)
        self._tree = Tree([*api.operations, *api.websockets], methods)
        self._planner = Planner(api.resolve, typed=api.typed)
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
        decorator, second = "operation", ""
        if op.events:
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
        )  # fmt: skip
        return {
            "signature": signature,
            "options": "RequestOptions",
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
        each = dict.fromkeys(part for one in parts for part in ([one] if "[" in one else one.split(" | ")))
        return " | ".join([*(part for part in each if part != "None"), *(["None"] if "None" in each else [])])

    def _settings(self, op: Operation) -> list[str]:
        """Return the facts of an operation that differ from the usual ones, as keyword arguments."""
        out = [*self._of_reply(op.reply), *self._of_events(op)]
        if op.body_defaults:
            out.append(f"body_defaults={_dict(dict(op.body_defaults))}")
        if op.page and op.page.kind:
            page = op.page
            out.append(f"page={_tuple((page.kind, page.param, '.'.join(page.cursor), page.items, page.more))}")
        elif op.page:
            cursor, numbers = ".".join(op.page.cursor), ", True" if op.page.numbers else ""
            out.append(f'page=("{op.page.param}", "{cursor}"{numbers})')
        out += [*self._of_body(op), *self._styles(op)]
        if dates := dates_of(op, self._api.resolve):
            out.append(f"dates={literal_value(dates)}")
        if op.fixed_query:
            out.append(f"fixed_query={_dict(dict(op.fixed_query))}")
        if op.fixed_headers:
            out.append(f"fixed_headers={_dict(dict(op.fixed_headers))}")
        if errors := {status: model for status, type_ in op.errors if (model := self._model(type_))}:
            out.append(f"errors={_dict(errors)}")
        if op.server:
            out.append(f"server={literal_value(op.server)}")
        if op.security != DEFAULT_SECURITY:
            out.append(f"security={literal_value(op.security)}")
        if any(p.location == "header" and p.key.lower() == "idempotency-key" for p in op.params):
            out.append("idempotent=True")
        return out + self._of_names(op)

    def _of_reply(self, reply: Reply) -> list[str]:
        out = []
        if reply.kind == "json" and isinstance(reply.type, Ref):
            out.append(f"reply={literal_value(reply.type.name)}")
            if reply.type.name in self._waits:
                out.append("waits=True")
        if reply.by_status:
            models = {status: self._model(type_) for status, type_ in reply.by_status}
            out.append(f"replies={_dict(models)}")
        if reply.chosen_by:
            out.append(f"reply_by=({literal_value(reply.chosen_by)}, {_dict(dict(reply.cases))})")
        others = {"text": reply.text_too, "binary": reply.binary_too, "none": reply.none_too}
        others |= self._beside_objects(reply.type) if reply.type is not None else {}
        returns = [reply.kind, *(kind for kind, there in others.items() if there)]
        if returns != ["json"]:
            out.append(f"returns={_tuple(returns)}")
        if reply.accept:
            out.append(f"accept={literal_value(reply.accept)}")
        return out

    def _of_body(self, op: Operation) -> list[str]:
        body, out = op.body, list[str]()
        if body is None:
            return out
        if body.kind in ("json", "auto") and body.content_type not in (None, "application/json"):
            out.append(f"content_type={literal_value(body.content_type)}")
        if body.list_content_type:
            out.append(f"list_content_type={literal_value(body.list_content_type)}")
        if body.optional_body:
            out.append("optional_body=True")
        if body.kind == "json":
            return out
        out.append(f"body={literal_value(body.kind)}")
        fields = [p for p in op.params if p.location == "body"]
        files = [p.key for p in fields if self._holds_file(p.type)]
        if body.kind in ("auto", "auto_form", "multipart") and files:
            out.append(f"files={_tuple(files)}")
        if parts := {p.key: p.content_type for p in fields if p.content_type}:
            out.append(f"part_types={_dict(parts)}")
        if body.raw_alternative:
            out.append(f"raw_alternative=({', '.join(map(literal_value, body.raw_alternative))})")
        if body.kind == "raw" and body.content_type:
            out.append(f"content_type={literal_value(body.content_type)}")
        return out

    @staticmethod
    def _of_names(op: Operation) -> list[str]:
        """Return what is deprecated, and names that have changed."""
        out = ["deprecated=True"] if op.deprecated else []
        if op.replaced_by:
            out.append(f"replaced_by={literal_value(op.replaced_by)}")
        if former := {old: p.attr for p in op.params for old in p.former}:
            out.append(f"old_names={_dict(former)}")
        if deprecated := [p.attr for p in op.params if p.deprecated]:
            out.append(f"deprecated_arguments={_tuple(deprecated)}")
        return out

    def _model(self, type_: Type) -> str:
        """Return the name by which a type is decoded, "" for one whose values stay as they are."""
        return type_.name if isinstance(type_, Ref) and self._planner.plan(type_) else ""

    def _beside_objects(self, type_: Type) -> dict[str, bool]:
        """Return whether a reply can be a scalar, or an array that needs no decoding, in place of an object."""
        objects, types = object_members(type_, self._api.resolve), json_types(type_, self._api.resolve)
        scalar = bool(objects and types & {JsonType.STRING, JsonType.NUMBER, JsonType.BOOLEAN})
        return {"scalar": scalar, "array": JsonType.ARRAY in types and self._planner.plan(type_).is_decision}

    @staticmethod
    def _of_events(op: Operation) -> list[str]:
        events = op.events
        if events is None:
            return []
        out = []
        if isinstance(events.type, Ref):
            out.append(f"events={literal_value(events.type.name)}")
        if events.data != "object":
            out.append(f"event_data={literal_value(events.data)}")
        if events.media_type:
            out.append(f"event_type={literal_value(events.media_type)}")
        if events.stream_flag:
            out.append(f"stream_flag=({', '.join(map(literal_value, events.stream_flag))})")
        if events.end_events:
            out.append(f"end_events={_tuple(events.end_events)}")
        if events.envelope:
            out.append("envelope=True")
        if events.ends_on_close:
            out.append("ends_on_close=True")
        if events.error_events:
            out.append("error_events=True")
        if op.structured:
            out.append(f"structured={literal_value(op.structured)}")
        return out

    def _styles(self, op: Operation) -> list[str]:
        """Return how values are written: by key for query and body, by place and key for all others."""
        styles: dict[str, str] = {}
        placed: dict[str, dict[str, str]] = {}
        for p in op.params:
            style = self._style(p)
            if p.location not in ("query", "body"):
                if style:
                    placed.setdefault(p.location, {})[p.key] = style
                continue
            if styles.setdefault(p.key, style) != style:
                raise GeneratorError(
                    f"{p.key!r} in the query and in the body are written in two styles", pointer=op.pointer,
                    hint="give both the same style, or remove one, in spec/overlay.yaml",
                )  # fmt: skip
        styles = {key: style for key, style in styles.items() if style}
        out = [f"styles={_code(styles)}"] if styles else []
        inner = ", ".join(f"{literal_value(place)}: {_code(found)}" for place, found in placed.items())
        return [*out, f"param_styles={{{inner}}}"] if placed else out

    def _style(self, p: Param) -> str:
        """Return the code of a style; "" is the usual one, which needs none."""
        if p.style == "json":
            return _style_code("json")
        if p.location in ("query", "cookie", "body"):
            kept = p.style == "deepObject" or p.location == "body" or (not p.explode and p.style in _DELIMITED)
            name = p.style if kept else ""
            if not name and not p.reserved:
                return ""
            return _style_code("json_object" if name == "auto" else name or "form", p.explode or not name, p.reserved)
        target = self._api.resolve(p.type)
        several = not isinstance(target, AnyType) and bool(json_types(p.type, self._api.resolve) & NESTED)
        if p.location == "header":
            return _style_code(p.style, True) if several and p.explode else ""
        return _style_code(p.style, p.explode) if several or p.style != "simple" else ""

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
            lines.append("body={}")  # an object without fields, or with only the flag of the stream
        for location, name in zip(LOCATIONS, ("path", "query", "headers", "cookies", "body"), strict=True):
            items = [p for p in op.params if p.location == location]
            if items and not (location == "body" and op.body and op.body.whole):
                lines.append(f"{name}={{{', '.join(f'{literal_value(p.key)}: {p.attr}' for p in items)}}}")
        return lines

    @classmethod
    def _doc(cls, op: Operation, indent: int = 4, width: int = WIDTH) -> str:
        """Return the docstring: what the operation does, then its arguments in the order of the signature."""
        rows = [(p.attr, noted(p.description, p.facts, p.deprecated) or placed(p)) for p in _in_order(op)]
        body = docstring(cls._head(op), indent)
        args = arguments(rows, indent, width)
        return f"{body.rstrip()}\n\n{args}\n{' ' * indent}" if args else body

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


def _dict(items: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{literal_value(k)}: {literal_value(v)}" for k, v in items.items()) + "}"


def _tuple(items: Iterable[str]) -> str:
    return f"({''.join(f'{literal_value(item)}, ' for item in items)})"


def _style_code(name: str, explode: bool = False, reserved: bool = False) -> str:
    """Return the code that makes a style of the runtime."""
    flags = [f"{flag}=True" for flag, given in (("explode", explode), ("allow_reserved", reserved)) if given]
    return f"Style({', '.join([literal_value(name), *flags])})"


def _code(values: Mapping[str, str]) -> str:
    """Return a dict whose values are code already."""
    return "{" + ", ".join(f"{literal_value(key)}: {code}" for key, code in values.items()) + "}"
