"""Collections of objects that the server stores: create, list, retrieve, update, delete, cancel."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..description.document import json_schema, operations
from ..description.example import example
from ..description.schemas import Schema, fits, known_keys, required_keys
from ..server.errors import not_found
from ..server.replies import JSONReply
from .reading import json_object
from .replies import page
from .state import JSON, state_of


def build_object(operation: str, given: JSON, **fixed: Any) -> JSON:
    """Build the object that an operation returns: fixed values first, then given ones that are valid, then examples.

    A key that is neither required nor given is left out; a required key that may be null is null.
    """
    schema = _reply_schema(operation)
    required, examples = required_keys(schema), example(json_schema(schema))
    built: JSON = {}
    for name, inner in (known_keys(schema) or {}).items():
        if name in fixed:
            built[name] = fixed[name]
        elif given.get(name) is not None and fits(inner, given[name]):
            built[name] = given[name]
        elif name in required:
            built[name] = None if fits(inner, None) else examples[name]
    return built


async def body_of(request: Request) -> JSON:
    """Return the JSON body; {} if there is none."""
    return await json_object(request) if await request.body() else {}


class Collection:
    """The objects of one kind below one path. Subclasses define what is particular to their kind.

    `statuses` are the statuses that an object passes through: each `retrieve` advances it by one. `filters` are query
    parameters of the list, each with the key of an object that it is compared with.
    """

    operation: str
    prefix: str
    noun: str
    deletion: str = ""
    statuses: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    order = "desc"
    changeable = True

    async def create(self, request: Request) -> Response:
        """Create an object and store it."""
        return JSONReply(self.add(request, request.url.path, await body_of(request)))

    async def index(self, request: Request) -> Response:
        """List the objects, a page at a time."""
        items = self.filter(request, self.objects(request, request.url.path).values())
        return page(request, items, default_order=self.order)

    async def retrieve(self, request: Request) -> Response:
        """Return one object, after its status has advanced."""
        found = self.find(request)
        if self.statuses and found["status"] in self.statuses[:-1]:
            found["status"] = self.statuses[self.statuses.index(found["status"]) + 1]
            await self.on_status(request, found)
        return JSONReply(found)

    async def update(self, request: Request) -> Response:
        """Set the keys of the body that the object has; null removes a key that is not required."""
        found = self.find(request)
        schema = _reply_schema(self.operation)
        keys, required = known_keys(schema) or {}, required_keys(schema)
        for name, value in (await body_of(request)).items():
            if name in keys and fits(keys[name], value):
                found[name] = value
            elif value is None and name not in required:
                found.pop(name, None)
        return JSONReply(self.find(request))

    async def delete(self, request: Request) -> Response:
        """Delete an object, and the objects below it."""
        id = self.find(request)["id"]
        state = state_of(request)
        del self.objects(request, request.url.path.rpartition("/")[0])[id]
        for below in [path for path in state.objects if path.startswith(f"{request.url.path}/")]:
            del state.objects[below]
        return JSONReply({"id": id, "object": self.deletion, "deleted": True})

    async def cancel(self, request: Request) -> Response:
        """Cancel an object that has not reached its last status."""
        found = self.find(request, suffix="/cancel")
        if found["status"] in self.statuses[:-1]:
            found["status"] = "cancelled"
            await self.on_status(request, found)
        return JSONReply(found)

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Create an object below a path."""
        state = state_of(request)
        fixed: JSON = {"id": state.new_id(self.prefix), "created_at": state.now(), **self.fixed(request, body)}
        if self.statuses:
            fixed["status"] = self.statuses[0]
        found = build_object(self.operation, {"metadata": {}, **body}, **fixed)
        self.objects(request, path)[found["id"]] = found
        return found

    def find(self, request: Request, suffix: str = "") -> JSON:
        """Return the object that the path, without `suffix`, names. Raises APIFailure with 404."""
        path, _, id = request.url.path.removesuffix(suffix).rpartition("/")
        try:
            return self.objects(request, path)[id]
        except KeyError:
            raise not_found(self.noun, id) from None

    def objects(self, request: Request, path: str) -> dict[str, JSON]:
        """Return the objects below a path, by id."""
        return state_of(request).objects.setdefault(path, {})

    def filter(self, request: Request, items: Iterable[JSON]) -> list[JSON]:
        """Return the objects that the query selects."""
        wanted = [(key, request.query_params.get(name)) for name, key in self.filters]
        return [one for one in items if all(value in (None, one.get(key)) for key, value in wanted)]

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Return the values of a new object that the server sets itself."""
        return {}

    async def on_status(self, request: Request, found: JSON) -> None:
        """React to the new status of an object."""


class Subcollection(Collection):
    """A collection whose objects lie below an object of another collection, which must exist."""

    parent: Collection

    def objects(self, request: Request, path: str) -> dict[str, JSON]:
        """Return the objects below a path, by id. Raises APIFailure with 404 if the parent does not exist."""
        parents, _, id = path.rpartition("/")[0].rpartition("/")
        if id not in state_of(request).objects.get(parents, {}):
            raise not_found(self.parent.noun, id)
        return super().objects(request, path)


def _reply_schema(operation: str) -> Schema:
    schema: Schema = operations()[operation]["replies"]["application/json"]
    return schema
