"""Write sdk/params: TypedDicts of requests. Only type checkers import them."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment

from ..ir import Api, ObjectType, Schema, names
from .header import header
from .index import index_files
from .prose import docstring, noted
from .types import TypeWriter, literal_value


class ParamEmitter:
    """Write the params of one API."""

    def __init__(self, api: Api, templates: Environment, accepts: dict[str, tuple[str, ...]]) -> None:
        self._api = api
        self._accepts = accepts
        self._wanted = api.reached(
            [p.type for operation in api.operations for p in operation.params]
            + [type_ for socket in api.websockets for type_ in socket.request_types]
        )
        self._template = templates.get_template("params.py.jinja")
        self._taken = names.RESERVED | api.modules.keys() | set(api.params.values())

    def files(self) -> dict[str, str]:
        """Return the text of every file of the folder, by name."""
        schemas = [s for s in self._api.schemas if self._names(s)]
        files = {f"{schema.module}.py": self._file(schema) for schema in schemas}
        index = {self._api.params[n]: s.module for s in schemas for n in self._names(s)}
        former = {
            names.param_name(old): self._api.params[name] for old, name in self._api.former() if name in self._wanted
        }
        return files | index_files(index, "what requests hold, for type checkers", former=former)

    def _names(self, schema: Schema) -> list[str]:
        return [n for n in (*(o.name for o in schema.inline), schema.name) if n in self._wanted]

    def _file(self, schema: Schema) -> str:
        body = schema.body
        objects = [
            o for o in (*schema.inline, *([body] if isinstance(body, ObjectType) else [])) if o.name in self._wanted
        ]
        types = TypeWriter(
            self._api.resolve, self._api.nullable, self._api.params, request=True, typed=self._api.typed,
            accepts=self._accepts,
        )  # fmt: skip
        classes = [self._class(o, types) for o in objects]
        alias = None
        if not isinstance(body, ObjectType) and schema.name in self._wanted:
            alias = {"name": self._api.params[schema.name], "annotation": types.write(body)}
            types.typing.update({"TypeAlias", "Any", "TYPE_CHECKING"})
        here = {self._api.params[name] for name in (schema.name, *(o.name for o in objects))}
        modules = {self._api.params[name]: module for name, module in self._api.modules.items()}
        checking = [f"from .{modules[n]} import {n}" for n in sorted(types.params - here)]
        checking += [f"from ..models.{self._api.modules[n]} import {n}" for n in sorted(types.models)]
        checking += [f"from collections.abc import {', '.join(sorted(types.abc))}"] if types.abc else []
        checking += sorted(types.imports)
        typing = types.typing | ({"TypedDict"} if classes else set())
        if any("Required[" in f["annotation"] for c in classes for f in c["fields"]):
            typing.add("Required")
        if checking:
            typing.add("TYPE_CHECKING")
        return self._template.render(
            header=header(f"schema {schema.key}, as requests send it"),
            doc=docstring(f"What a request sends as `{schema.key}`."),
            imports=[f"from typing import {', '.join(sorted(typing))}"],
            checking=checking,
            classes=classes,
            alias=alias,
        )

    def _class(self, obj: ObjectType, types: TypeWriter) -> dict[str, Any]:
        types.shadowed = frozenset(f.key for f in obj.fields)
        fields = []
        for f in obj.by_weight():
            annotation = types.write(f.type)
            annotation = f"Required[{annotation}]" if f.required and not f.read_only else annotation
            fields.append(
                {
                    "name": f.key, "key": literal_value(f.key), "annotation": annotation, "quoted": repr(annotation),
                    "doc": docstring(noted(f.description, f.facts, f.deprecated)),
                }
            )  # fmt: skip
        types.shadowed = frozenset()
        return {
            "name": self._api.params[obj.name],
            "doc": docstring(obj.description or f"A dict like `{obj.name}`."),
            "fields": fields,
            "functional": not all(self._can_be_attribute(f.key) for f in obj.fields),
        }

    def _can_be_attribute(self, key: str) -> bool:
        """Return whether a key can be an attribute of a class, neither mangled nor hiding a name in annotations."""
        return names.attribute(key) == key and key not in self._taken
