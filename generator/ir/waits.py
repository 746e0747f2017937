"""Objects whose state changes on the server: how to read one again, and which states are its end. From x-sdk-wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from ..errors import GeneratorError
from ..normalise.components import component_pointer
from . import Api, ObjectType, Operation, Schema

_KEY = "x-sdk-wait"
_MEMBERS = {"state", "ends", "failures", "errors", "progress", "read", "cancel"}
_HINT = "write {state: field, ends: [...], failures: [...], read: {operation: name, with: {parameter: field}}} there"


@frozen
class Use:
    """An operation on the object: its name, and for each argument of its path the attribute that has the value."""

    operation: str
    arguments: tuple[tuple[str, str], ...]


@frozen
class Wait:
    """How to wait for an object.

    `state` is the attribute of its state, `ends` are the states that do not change any more, `failures` those of them
    in which the result is missing. `errors` are paths to what the server says of a failure, `progress` attributes that
    show how far it is. Of several operations the first one applies for which the object has all arguments.
    """

    state: str
    ends: tuple[str, ...]
    failures: tuple[str, ...]
    errors: tuple[tuple[str, ...], ...]
    progress: tuple[str, ...]
    read: tuple[Use, ...]
    cancel: tuple[Use, ...]


def waits_of(document: Mapping[str, Any], api: Api) -> dict[str, Wait]:
    """Return the objects that can be waited for, by the name of their class.

    An operation that is not part of the API is left out, as a selection of resources may leave it out.
    Raises: GeneratorError for an extension that does not fit its schema.
    """
    return {wait.name: wait.read(api) for wait in _extensions(document, api)}


def check_waits(document: Mapping[str, Any], api: Api) -> None:
    """Raise GeneratorError for an extension that does not fit its schema, or names no operation of the API."""
    for extension in _extensions(document, api):
        wait = extension.read(api)
        for member, uses in (("read", wait.read), ("cancel", wait.cancel)):
            if len(uses) < len(extension.uses(member)):
                raise extension.error(f"{member} names an operation that the API does not have", f"/{member}")


def _extensions(document: Mapping[str, Any], api: Api) -> Iterator[_Extension]:
    schemas = document.get("components", {}).get("schemas", {})
    for schema in api.schemas:
        raw = schemas.get(schema.key, {})
        if isinstance(raw, Mapping) and _KEY in raw and component_pointer(schema.key) == schema.pointer:
            yield _Extension(schema, raw[_KEY])


@frozen
class _Extension:
    """The extension of one schema."""

    schema: Schema
    raw: Any

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.schema.name

    def error(self, problem: str, place: str = "") -> GeneratorError:
        """Return the error of a part of the extension."""
        return GeneratorError(f"{_KEY}: {problem}", pointer=f"{self.schema.pointer}/{_KEY}{place}", hint=_HINT)

    def read(self, api: Api) -> Wait:
        """Return what the extension says. Raises: GeneratorError."""
        raw = self.raw
        if not isinstance(raw, Mapping) or not isinstance(self.schema.body, ObjectType):
            raise self.error("only an object can be waited for, and its extension is an object, too")
        unknown = sorted(raw.keys() - _MEMBERS)
        if unknown or not {"state", "ends"} <= raw.keys():
            raise self.error(f"it has {unknown[0]!r}, which is unknown" if unknown else "state and ends are missing")
        ends, failures = self._texts("ends"), self._texts("failures")
        if not ends or not set(failures) <= set(ends):
            raise self.error("every failure is one of the ends, of which there is at least one", "/failures")
        return Wait(
            self._attribute(raw["state"], "/state"), ends, failures,
            tuple(self._path(path, f"/errors/{n}") for n, path in enumerate(self._texts("errors"))),
            tuple(self._attribute(key, f"/progress/{n}") for n, key in enumerate(self._texts("progress"))),
            tuple(self._uses("read", api)), tuple(self._uses("cancel", api)),
        )  # fmt: skip

    def uses(self, member: str) -> list[Any]:
        """Return the operations that a member names: one, or a list of them."""
        raw = self.raw.get(member, [])
        return raw if isinstance(raw, list) else [raw]

    def _texts(self, member: str) -> tuple[str, ...]:
        found = self.raw.get(member, [])
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise self.error(f"{member} is no list of str", f"/{member}")
        return tuple(found)

    def _attribute(self, key: object, place: str) -> str:
        """Return the attribute of a property."""
        assert isinstance(self.schema.body, ObjectType)
        for field in self.schema.body.fields:
            if field.key == key:
                return field.attr
        raise self.error(f"{key!r} is no property of {self.name}", place)

    def _path(self, path: str, place: str) -> tuple[str, ...]:
        first, *rest = path.split(".")
        return self._attribute(first, place), *rest

    def _uses(self, member: str, api: Api) -> Iterator[Use]:
        """Yield the operations of a member that are part of the API."""
        place, operations = f"/{member}", {one.name: one for one in api.operations}
        for use in self.uses(member):
            if not (
                isinstance(use, Mapping) and use.keys() == {"operation", "with"} and isinstance(use["with"], Mapping)
            ):
                raise self.error(f"{member} is no operation with its arguments", place)
            operation = operations.get(str(use["operation"]))
            if operation is not None:
                yield Use(operation.name, self._arguments(operation, use["with"], place))

    def _arguments(self, operation: Operation, given: Mapping[str, Any], place: str) -> tuple[tuple[str, str], ...]:
        """Return the arguments of a call. Raises: GeneratorError unless they are all that the operation needs."""
        known = {param.key: param for param in operation.params if param.location == "path"}
        for key in given.keys() - known.keys():
            raise self.error(f"{operation.name} has no parameter {key!r} in its path", place)
        missing = [param.key for param in operation.params if param.required and param.key not in given]
        if missing:
            raise self.error(f"{operation.name} needs {missing[0]!r}, too", place)
        return tuple((known[key].attr, self._attribute(field, place)) for key, field in given.items())
