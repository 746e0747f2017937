"""Write the WebSockets of an API: the object that connects, and the classes of its connections with their senders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from attrs import define, field
from jinja2 import Environment

from ..ir import Api, Field, ObjectType, Param, Ref, WebSocket
from .header import header
from .prose import WIDTH, arguments, docstring, noted
from .stubs import Signature
from .style import LINE
from .types import TypeWriter, literal_value

#: The folder of the connections below sdk/api.
FOLDER = "_connections"


class Method(NamedTuple):
    """A sender: its name, its arguments, the type of its event, the fields that it fills in, and its docstring."""

    name: str
    arguments: list[str]
    kind: str
    fields: str
    doc: str


@define
class Group:
    """The senders below one name: their class, and the groups below it by name."""

    name: str
    prefix: str
    methods: list[Method] = field(factory=list)
    groups: dict[str, Group] = field(factory=dict)

    def inner(self) -> list[Group]:
        """Return the groups below, those that others hold first."""
        return [group for child in self.groups.values() for group in (*child.inner(), child)]


class WebSocketEmitter:
    """Write the WebSockets of one API."""

    def __init__(self, api: Api, templates: Environment, accepts: dict[str, tuple[str, ...]]) -> None:
        self._api, self._accepts = api, accepts
        self._template = templates.get_template("connection.py.jinja")

    def connect(
        self, socket: WebSocket, types: TypeWriter, replies: TypeWriter, up: str,
        argument: Callable[[Param, TypeWriter], str],
    ) -> dict[str, Any]:  # fmt: skip
        """Return an object that connects, as the template of a resource takes its operations."""
        name, module = _class(socket), _module(socket)
        types.imports.add("from sdk._core.websocket import ConnectOptions")
        types.imports.add(f"from {up}api.{FOLDER}.{module} import Async{name}, {name}")
        params = sorted(socket.params, key=lambda p: (p.location != "path", not p.required))
        positional = [argument(p, types) for p in params if p.location == "path"]
        keywords = [argument(p, types) for p in params if p.location != "path"]
        rows = [(p.attr, note) for p in params if (note := noted(p.description, p.facts, p.deprecated))]

        def doc(indent: int, width: int = 0) -> str:
            body, args = docstring(_head(socket), indent), arguments(rows, indent, width)
            return f"{body.rstrip()}\n\n{args}\n{' ' * indent}" if args else body

        settings = [
            f"place={literal_value(f'{FOLDER}.{module}:{name}')}",
            f"receives={literal_value(socket.receives.name if isinstance(socket.receives, Ref) else '')}",
        ]
        settings += [
            f"{key}=({''.join(f'{literal_value(value)}, ' for value in values)})"
            for key in ("ends", "setup", "subprotocols")
            if (values := getattr(socket, key))
        ]
        parts = [
            f"{key}={{{', '.join(f'{literal_value(p.key)}: {p.attr}' for p in found)}}}"
            for location, key in (("path", "path"), ("query", "query"), ("header", "headers"))
            if (found := [p for p in socket.params if p.location == location])
        ]
        signature = Signature(
            socket.verb, "websocket", positional, keywords, name, f"Async{name}", doc,
            lambda indent: docstring(_head(socket), indent), "ConnectOptions",
        )  # fmt: skip
        return {
            "signature": signature, "decorator": "websocket", "options": "ConnectOptions", "verb": socket.verb,
            "head": f'"{socket.name}", "GET", {literal_value(socket.path)}', "settings": settings,
            "positional": positional, "keywords": keywords, "returns": f"Request[{name}, Async{name}]",
            "doc": doc(4, WIDTH), "parts": parts,
        }  # fmt: skip

    def files(self) -> dict[str, str]:
        """Return the modules of the connections."""
        if not self._api.websockets:
            return {}
        found = {f"{FOLDER}/{_module(socket)}.py": self._file(socket) for socket in self._api.websockets}
        return {f"{FOLDER}/__init__.py": header("the connections of WebSockets"), **found}

    def _file(self, socket: WebSocket) -> str:
        api = self._api
        types = TypeWriter(api.resolve, api.nullable, api.params, True, api.typed, accepts=self._accepts)
        replies = TypeWriter(api.resolve, api.nullable, typed=api.typed)
        root = Group(_class(socket), "")
        for sender in socket.senders:
            *path, verb = sender.name.split(".")
            group = root
            for part in path:
                prefix = f"{group.prefix}{''.join(word.title() for word in part.split('_'))}"
                group = group.groups.setdefault(part, Group(f"{prefix}Sender", prefix))
            group.methods.append(self._method(verb, sender.kind, self._api.objects[sender.event], types))
        events = types.write(socket.sends), replies.write(socket.receives)
        checking = [f"from typing import {', '.join(sorted(types.typing | replies.typing))}"]
        checking = checking if types.typing | replies.typing else []
        checking += [f"from collections.abc import {', '.join(sorted(types.abc))}"] if types.abc else []
        checking += [f"from ...models import {', '.join(sorted(types.models | replies.models | {'Unknown'}))}"]
        checking += [f"from ...params import {', '.join(sorted(types.params))}"] if types.params else []
        checking += ["from sdk._core.unset import Unset", *sorted(types.imports | replies.imports)]
        return self._template.render(
            header=header(f"the connections of {socket.name}"), socket=socket, root=root, groups=root.inner(),
            sends=events[0], receives=events[1], checking=checking, doc=docstring(_head(socket), 4),
        )  # fmt: skip

    def _method(self, verb: str, kind: str, event: ObjectType, types: TypeWriter) -> Method:
        given = [f for f in event.by_weight() if f.key != "type"]
        rows = [(f.attr, note) for f in given if (note := noted(f.description, f.facts, f.deprecated))]
        body, args = docstring(event.description or f"Send `{kind}`.", 8), arguments(rows, 8, WIDTH)
        return Method(
            verb, [_argument(f, types) for f in given], kind,
            f"{{{', '.join(f'{literal_value(f.key)}: {f.attr}' for f in given)}}}",
            f"{body.rstrip()}\n\n{args}\n{' ' * 8}" if args else body,
        )  # fmt: skip


def _argument(field: Field, types: TypeWriter) -> str:
    annotation = types.write(field.type)
    if not field.required and annotation != "Any":
        annotation += " | Unset"
    default = "" if field.required else " = UNSET"
    if " | " in annotation and len(f"        {field.attr}: {annotation}{default},") > LINE:
        annotation = f"({annotation})"
    return f"{field.attr}: {annotation}{default}"


def _class(socket: WebSocket) -> str:
    """Return the name of the connection's class: `realtime.connect` gives RealtimeConnection."""
    words = socket.resource if socket.verb == "connect" else socket.name
    return "".join(word.title() for part in words.split(".") for word in part.split("_")) + "Connection"


def _module(socket: WebSocket) -> str:
    return socket.name.replace(".", "_")


def _head(socket: WebSocket) -> str:
    text = f"WebSocket {socket.path}"
    return f"{socket.description.strip()}\n\n{text}" if socket.description else text
