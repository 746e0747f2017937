"""Write sdk/models: a file for each schema, an index of all names, and a stub for type checkers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import Environment

from ..ir import AnyType, Api, Enum, Field, ObjectType, Ref, Scalar, Schema, Type, Union, mentioned
from ..ir.decoding import Planner, is_class
from ..ir.waits import Use, Wait
from .enums import base_of, members_of
from .header import header
from .index import index_files
from .prose import docstring, noted
from .types import TypeWriter, literal_value
from .unions import UnionWriter, mapping

#: The module of the models' base, from which generated models import.
BASE = "sdk._core.model"


class ModelEmitter:
    """Write the models of one API."""

    def __init__(self, api: Api, templates: Environment, waits: Mapping[str, Wait]) -> None:
        self._api, self._waits = api, waits
        self._planner = Planner(api.resolve, typed=api.typed)
        self._template = templates.get_template("model.py.jinja")

    def files(self) -> dict[str, str]:
        """Return the text of every file of the folder, by name."""
        files = {f"{schema.module}.py": self._file(schema) for schema in self._api.schemas}
        base = {"ApiModel": BASE, "Unknown": BASE}
        former = dict(self._api.former())
        kinds = {"KEPT": self._names(kept=True), "ALIASES": self._names(kept=False)}
        return files | index_files(self._api.modules, "every model, imported with its first use", base, former, kinds)

    def _names(self, *, kept: bool) -> list[str]:
        """Return the named types whose values decoders keep as they are, or hand to the type's own decoder."""
        named = [schema.name for schema in self._api.schemas if not isinstance(schema.body, ObjectType)]
        plans = {name: self._planner.plan(Ref(name)) for name in named}
        return [name for name, plan in plans.items() if (not plan if kept else plan.alias)]

    def _file(self, schema: Schema) -> str:
        body = schema.body
        objects = [*schema.inline, *([body] if isinstance(body, ObjectType) else [])]
        types = TypeWriter(self._api.resolve, self._api.nullable, typed=self._api.typed)
        unions = UnionWriter(self._planner)
        classes = [self._class(o, types, unions) for o in objects]
        enum = self._enum(schema, body)
        alias = None if enum or isinstance(body, ObjectType) else self._alias(schema, body, types, unions)
        base = unions.helpers | ({"define"} if objects else set()) | {_base(o) for o in objects}
        base |= {enum["base"]} if enum else set()
        base |= {"text_at"} if any(o.shortcuts for o in objects) else set()
        base |= {"vendor_text"} if any(o.vendor_keys for o in objects) else set()
        types.models -= {schema.name, *(o.name for o in objects)}
        typing = types.typing | ({"TypeAlias"} if alias else set())
        needed = sorted(f"from .{self._api.modules[n]} import {n}" for n in types.models)
        # A plain alias contains only plain aliases, and needs their values at run time, unless they contain it.
        plain = alias is not None and not alias["runtime"] and not self._recursive(schema.name)
        checking = [] if plain else needed
        if checking or (alias and alias["runtime"]):
            typing.add("TYPE_CHECKING")
        imports = sorted(types.imports) + ([f"from typing import {', '.join(sorted(typing))}"] if typing else [])
        imports += needed if plain else []
        imports += ["", f"from {BASE} import {', '.join(sorted(base))}"] if base else []
        return self._template.render(
            header=header(f"schema {schema.key}"),
            imports=imports,
            checking=checking,
            classes=classes,
            alias=alias,
            enum=enum,
        )

    def _enum(self, schema: Schema, body: ObjectType | Type) -> dict[str, Any] | None:
        """Return the class of a named enum, None for any other schema."""
        if not (self._api.typed and isinstance(body, Enum) and is_class(body)):
            return None
        doc = docstring(schema.description or f"The values of `{schema.key}`; a server may send others.")
        return {"name": schema.name, "base": base_of(body), "members": members_of(body), "doc": doc}

    def _class(self, obj: ObjectType, types: TypeWriter, unions: UnionWriter) -> dict[str, Any]:
        types.shadowed = frozenset(f.attr for f in obj.fields)
        fields = [self._field(f, types) for f in obj.by_weight()]
        types.shadowed = frozenset()
        supplements = {f.attr: unions.supplement(f.type, f.attr) for f in obj.fields if not f.packed}
        nullable = [f for f in obj.fields if (not f.required or f.write_only) and self._may_be_null(f.type)]
        return {
            "name": obj.name,
            "base": _base(obj),
            "doc": docstring("\n\n".join(filter(None, [obj.description, "Deprecated." if obj.deprecated else ""]))),
            "fields": fields,
            "shortcuts": [
                {
                    "name": s.name,
                    "path": ", ".join(map(repr, s.path)),
                    "doc": f"The text at `{_written(s.path)}`, '' if none.",
                }
                for s in obj.shortcuts
            ],
            "vendor_keys": obj.vendor_keys,
            "tables": {
                "_renamed": _mapping({f.attr: f.key for f in obj.fields if f.attr != f.key}),
                "_former": _mapping({old: f.attr for f in obj.fields for old in f.former}),
                "_media": repr(obj.media) if obj.media else "",
                "_packed": _tuple(f.attr for f in obj.fields if f.packed),
                "_nullable": _tuple(f.attr for f in nullable if f.required),
                "_clearable": _tuple(f.attr for f in nullable if not f.required and not isinstance(f.type, AnyType)),
                "_unions": mapping({place: code for s in supplements.values() for place, code in s.unions.items()}),
                "_read_as": _mapping({attr: s.read_as for attr, s in supplements.items() if s.read_as}),
                "_wait": _wait(self._waits[obj.name]) if obj.name in self._waits else "",
            },
        }

    def _field(self, f: Field, types: TypeWriter) -> dict[str, str]:
        constant = isinstance(f.type, Enum) and len(f.type.values) == 1
        optional = not f.required or f.write_only
        default = (
            f" = {literal_value(f.type.values[0])}" if constant and not optional and isinstance(f.type, Enum) else ""
        )
        # The base class reads from the annotation whether a model that is built by hand may have null.
        nullable = optional or self._may_be_null(f.type)
        return {
            "attr": f.attr,
            "annotation": types.write(f.type, optional=nullable),
            "default": default or (" = None" if optional else ""),
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

    def _is_object(self, name: str) -> bool:
        """Return whether the value of an alias is a reader at run time, not a type: `|` cannot join it with others."""
        target = self._api.aliases.get(name)
        if target is None or isinstance(target, Ref) or is_class(target) or self._recursive(name):
            return isinstance(target, Ref) and self._is_object(target.name)
        return bool(self._planner.inside(name)) or any(map(self._is_object, mentioned(self._api.aliases[name])))

    def _may_be_null(self, type_: Type) -> bool:
        target = self._api.resolve(type_)
        if getattr(type_, "name", None) in self._api.nullable or isinstance(target, AnyType):
            return True
        return (isinstance(target, Union) and any(self._may_be_null(m) for m in target.members)) or target == Scalar(
            "null"
        )

    def _alias(self, schema: Schema, type_: Type, types: TypeWriter, unions: UnionWriter) -> dict[str, str]:
        name, doc = schema.name, docstring(schema.description or "")
        plan = self._planner.plan(type_, inside=name)
        annotation = types.write(type_)
        if not plan and not self._recursive(name) and any(map(self._is_object, mentioned(type_))):
            return {"name": name, "annotation": annotation, "runtime": f"{name} = {unions.alias(plan)}", "doc": doc}
        if not plan:
            annotation = repr(annotation) if self._recursive(name) else annotation
            return {"name": name, "annotation": annotation, "runtime": "", "doc": doc}
        if plan.object is None or not plan.is_decision:
            runtime = f"{name} = {unions.alias(plan)}"
        elif isinstance(plan.object, str):  # another name of one class: that class
            module = self._api.modules[plan.object]
            here = module == self._api.modules[name]
            runtime = f"{name} = {plan.object}" if here else f"from .{module} import {plan.object} as {name}"
        else:
            runtime = f"{name} = {unions.table(plan.object)}"
        return {"name": name, "annotation": annotation, "runtime": runtime, "doc": doc}


def _base(obj: ObjectType) -> str:
    return "MediaModel" if obj.media else "ApiModel"


def _tuple(texts: Iterable[str]) -> str:
    inner = "".join(f"{literal_value(text)}, " for text in texts)
    return f"({inner})" if inner else ""


def _mapping(items: dict[str, str]) -> str:
    inner = ", ".join(f"{literal_value(k)}: {literal_value(v)}" for k, v in items.items())
    return f"{{{inner}}}" if items else ""


def _wait(wait: Wait) -> str:
    """Return what the runtime needs to wait for an object: all that applies to it."""
    paths = "".join(f"{_tuple(path)}, " for path in wait.errors)
    members = {
        "state": literal_value(wait.state),
        "ends": _tuple(wait.ends),
        "failures": _tuple(wait.failures),
        "errors": f"({paths})" if paths else "",
        "progress": _tuple(wait.progress),
        "read": _uses(wait.read),
        "cancel": _uses(wait.cancel),
    }
    return f"{{{', '.join(f'{name!r}: {code}' for name, code in members.items() if code)}}}"


def _uses(uses: Iterable[Use]) -> str:
    pairs = (f"({literal_value(use.operation)}, {_mapping(dict(use.arguments)) or '{}'})" for use in uses)
    inner = "".join(f"{pair}, " for pair in pairs)
    return f"({inner})" if inner else ""


def _written(path: tuple[Any, ...]) -> str:
    """Return a path in its usual notation: `output[type=message].text`."""
    text = ""
    for step in path:
        if isinstance(step, dict):
            text += f"[{', '.join(f'{k}={v}' for k, v in step.items())}]"
        else:
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
