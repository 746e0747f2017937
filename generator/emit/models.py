"""Write sdk/models: a file for each schema, an index of all names, and a stub for type checkers."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment

from ..ir import AnyType, Api, Enum, Field, ObjectType, Scalar, Schema, Type, Union, mentioned
from ..ir.decoding import Planner
from .code import DecoderWriter
from .header import header
from .index import index_files
from .prose import docstring, noted
from .types import TypeWriter, literal_value


class ModelEmitter:
    """Write the models of one API."""

    def __init__(self, api: Api, templates: Environment) -> None:
        self._api = api
        self._planner = Planner(api.resolve)
        self._template = templates.get_template("model.py.jinja")

    def files(self) -> dict[str, str]:
        """Return the text of every file of the folder, by name."""
        files = {f"{schema.module}.py": self._file(schema) for schema in self._api.schemas}
        base = {"ApiModel": "sdk._core.model", "Unknown": "sdk._core.model"}
        former = {old: schema.name for schema in self._api.schemas for old in schema.former}
        return files | index_files(self._api.modules, "every model, loaded when first asked for", base, former)

    def _file(self, schema: Schema) -> str:
        body = schema.body
        objects = [*schema.inline, *([body] if isinstance(body, ObjectType) else [])]
        types = TypeWriter(self._api.resolve, self._api.nullable)
        decoders = DecoderWriter(frozenset(o.name for o in objects))
        classes = [self._class(o, types, decoders) for o in objects]
        alias = None if isinstance(body, ObjectType) else self._alias(schema.name, body, types, decoders)
        base = {"ApiModel"} if objects else set[str]()
        base |= {"text_at"} if any(o.shortcuts for o in objects) else set()
        base |= decoders.helpers | ({"lazy"} if decoders.lazies else set())
        if alias and alias["runtime"].startswith("Alias("):
            base.add("Alias")
        types.models -= decoders.local | {schema.name}
        typing = types.typing | ({"Any", "Self"} if objects else set())
        typing |= {"TypeAlias"} if alias else set()
        needed = sorted(f"from .{self._api.modules[n]} import {n}" for n in types.models)
        # A plain alias holds only other plain ones, and needs them at once, unless they need it, too.
        plain = alias is not None and not alias["runtime"] and not self._recursive(schema.name)
        checking = [] if plain else needed
        if checking or (alias and alias["runtime"]):
            typing.add("TYPE_CHECKING")
        imports = sorted(types.imports) + ([f"from typing import {', '.join(sorted(typing))}"] if typing else [])
        imports += ["", "from attrs import define"] if objects else []
        imports += needed if plain else []
        imports += ["", f"from sdk._core.model import {', '.join(sorted(base))}"] if base else []
        return self._template.render(
            header=header(f"schema {schema.key}"),
            doc=docstring(schema.description or f"`{schema.name}`, the schema `{schema.key}` of the API."),
            imports=imports,
            checking=checking,
            lazies=[{"name": n, "module": self._api.modules[n]} for n in sorted(decoders.lazies)],
            classes=classes,
            alias=alias,
            tables=list(decoders.tables.items()),
        )

    def _class(self, obj: ObjectType, types: TypeWriter, decoders: DecoderWriter) -> dict[str, Any]:
        types.shadowed = frozenset(f.attr for f in obj.fields)
        fields = [self._field(obj, f, types, decoders) for f in obj.fields]
        wire = f"{types.builtin('dict')}[{types.builtin('str')}, Any]"
        types.shadowed = frozenset()
        nullable = [f.attr for f in obj.fields if f.required and self._may_be_null(f.type)]
        return {
            "name": obj.name,
            "doc": docstring(
                (obj.description or f"Schema `{_place(obj.pointer)}`.") + ("\n\nDeprecated." if obj.deprecated else "")
            ),
            "wire": wire,
            "fields": fields,
            "renamed": _mapping({f.attr: f.key for f in obj.fields if f.attr != f.key}),
            "shortcuts": [
                {
                    "name": s.name,
                    "path": ", ".join(map(repr, s.path)),
                    "doc": f"The text at `{_written(s.path)}`, '' if none.",
                }
                for s in obj.shortcuts
            ],
            "former": _mapping({old: f.attr for f in obj.fields for old in f.former}),
            "packed": ", ".join(literal_value(f.attr) for f in obj.fields if f.packed),
            "nullable": f"{{{', '.join(literal_value(a) for a in nullable)}}}" if nullable else "",
        }

    def _field(self, obj: ObjectType, f: Field, types: TypeWriter, decoders: DecoderWriter) -> dict[str, str]:
        constant = isinstance(f.type, Enum) and len(f.type.values) == 1
        optional = not f.required or f.write_only
        default = (
            f" = {literal_value(f.type.values[0])}" if constant and not optional and isinstance(f.type, Enum) else ""
        )
        plan = self._planner.plan(f.type)
        decoder = decoders.expression(plan, "v", f"{obj.name}_{f.attr}".upper()) if plan else ""
        return {
            "attr": f.attr,
            "key": literal_value(f.key),
            "annotation": types.write(f.type, optional=optional),
            "default": default or (" = None" if optional else ""),
            "decode": decoder,
            "packed": "yes" if f.packed else "",
            "doc": docstring(noted(f.description, f.facts, f.deprecated)),
        }

    def _recursive(self, name: str, above: tuple[str, ...] = ()) -> bool:
        """Return whether an alias contains, at any depth, an alias that contains itself."""
        if name in above:
            return True
        return any(
            self._recursive(inner, (*above, name))
            for inner in mentioned(self._api.aliases[name])
            if inner in self._api.aliases
        )

    def _may_be_null(self, type_: Type) -> bool:
        target = self._api.resolve(type_)
        if getattr(type_, "name", None) in self._api.nullable or isinstance(target, AnyType):
            return True
        return (isinstance(target, Union) and any(self._may_be_null(m) for m in target.members)) or target == Scalar(
            "null"
        )

    def _alias(self, name: str, type_: Type, types: TypeWriter, decoders: DecoderWriter) -> dict[str, str]:
        plan = self._planner.plan(type_, inside=name)
        annotation = types.write(type_)
        if not plan:
            return {
                "name": name,
                "annotation": repr(annotation) if self._recursive(name) else annotation,
                "runtime": "",
            }
        if plan.object is not None and plan.is_decision:
            runtime = decoders.table(plan.object)
            if isinstance(plan.object, str):  # another name of one class: that class
                runtime += ".load()" if plan.object not in decoders.local else ""
        else:
            decoders.helpers.add("Alias")
            runtime = f"Alias(lambda v: {decoders.expression(plan, 'v', name.upper())})"
        return {"name": name, "annotation": annotation, "runtime": runtime}


def _mapping(items: dict[str, str]) -> str:
    inner = ", ".join(f"{literal_value(k)}: {literal_value(v)}" for k, v in items.items())
    return f"{{{inner}}}" if items else ""


def _written(path: tuple[Any, ...]) -> str:
    """Return a path in its usual notation: `output[type=message].text`."""
    text = ""
    for step in path:
        if isinstance(step, dict):
            text += f"[{', '.join(f'{k}={v}' for k, v in step.items())}]"
        else:
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _place(pointer: str) -> str:
    return pointer.removeprefix("/components/schemas/").removeprefix("/")
