"""Write sdk/params: TypedDicts of requests. Only type checkers import them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from jinja2 import Environment

from ..ir import Api, ObjectType, Schema, Type, mentioned, names
from .dominators import grouped
from .header import header
from .index import index_files
from .prose import docstring, noted
from .types import TypeWriter, literal_value

#: The schemas of one file: parts past that number have files of their own.
_MOST = 24


class ParamEmitter:
    """Write the params of one API: a file for each schema, with the parts that only it holds.

    Type checkers load whole files at no cost that counts, and a wheel pays for each file.
    """

    def __init__(self, api: Api, templates: Environment, accepts: dict[str, tuple[str, ...]]) -> None:
        self._api = api
        self._accepts = accepts
        used = [p.type for operation in api.operations for p in operation.params]
        used += [type_ for socket in api.websockets for type_ in socket.request_types]
        self._direct = sorted({name for type_ in used for name in mentioned(type_)})
        self._wanted = api.reached(used)
        self._template = templates.get_template("params.py.jinja")
        self._taken = names.RESERVED | api.modules.keys() | set(api.params.values())

    def files(self) -> dict[str, str]:
        """Return the text of every file of the folder, by name."""
        schemas = {s.module: s for s in self._api.schemas if self._names(s)}
        module_of = {name: module for module, schema in schemas.items() for name in self._names(schema)}
        holds = {m: [module_of[n] for n in self._mentioned(schema)] for m, schema in schemas.items()}
        groups = grouped((module_of[name] for name in self._direct), holds, _MOST)
        place = {
            self._api.params[n]: first
            for first, group in groups.items()
            for m in group
            for n in self._names(schemas[m])
        }
        files = {
            f"{first}.py": self._file(schemas[first], [schemas[m] for m in group], place)
            for first, group in groups.items()
        }
        former = {
            names.param_name(old): self._api.params[name] for old, name in self._api.former() if name in self._wanted
        }
        return files | index_files(place, "what requests hold, for type checkers", former=former)

    def _names(self, schema: Schema) -> list[str]:
        return [n for n in (*(o.name for o in schema.inline), schema.name) if n in self._wanted]

    def _mentioned(self, schema: Schema) -> Iterator[str]:
        """Yield the names that the classes and the alias of a schema mention."""
        for name in self._names(schema):
            obj = self._api.objects.get(name)
            for type_ in [f.type for f in obj.fields] if obj else [self._api.aliases[name]]:
                yield from mentioned(type_)

    def _file(self, first: Schema, schemas: Sequence[Schema], place: Mapping[str, str]) -> str:
        """Write a schema and its parts, whose order is that of the file."""
        types = TypeWriter(
            self._api.resolve, self._api.nullable, self._api.params, request=True, typed=self._api.typed,
            accepts=self._accepts,
        )  # fmt: skip
        later = {self._api.params[name] for schema in schemas for name in self._names(schema)}
        here = frozenset(later)
        blocks: list[dict[str, Any]] = []
        for schema in schemas:
            body = schema.body
            for obj in (*schema.inline, *([body] if isinstance(body, ObjectType) else [])):
                if obj.name in self._wanted:
                    blocks.append(self._class(obj, types))
                    later.discard(self._api.params[obj.name])
            if not isinstance(body, ObjectType) and schema.name in self._wanted:
                blocks.append(self._alias(schema.name, body, types, later))
                later.discard(self._api.params[schema.name])
        checking = [f"from .{place[n]} import {n}" for n in sorted(types.params - here)]
        checking += [f"from ..models.{self._api.modules[n]} import {n}" for n in sorted(types.models)]
        checking += [f"from collections.abc import {', '.join(sorted(types.abc))}"] if types.abc else []
        checking += sorted(types.imports)
        typing = types.typing | ({"TypedDict"} if any("fields" in block for block in blocks) else set())
        if any("Required[" in f["annotation"] for block in blocks for f in block.get("fields", ())):
            typing.add("Required")
        if checking:
            typing.add("TYPE_CHECKING")
        parts = ", and the parts that only it holds" if len(schemas) > 1 else ""
        return self._template.render(
            header=header(f"schema {first.key}, as requests send it"),
            doc=docstring(f"What a request sends as `{first.key}`{parts}."),
            imports=[f"from typing import {', '.join(sorted(typing))}"],
            checking=checking,
            blocks=blocks,
        )

    def _alias(self, name: str, body: Type, types: TypeWriter, later: Set[str]) -> dict[str, Any]:
        """Return the block of an alias; its type is a text where it names what follows in the file."""
        before = set(types.params)
        types.params.clear()
        annotation = types.write(body)
        quoted = not later.isdisjoint(types.params - {self._api.params[name]})
        types.params.update(before)
        types.typing.update({"TypeAlias", "Any", "TYPE_CHECKING"})
        return {"name": self._api.params[name], "annotation": repr(annotation) if quoted else annotation}

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
