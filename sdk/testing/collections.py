"""Collections of objects that this server remembers: create, list, retrieve, update, delete, and how they get on."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .._core.reply.validate import Description
from .._core.reply.validate import description as strict_description
from .description import description, pointed
from .errors import not_found
from .example import example
from .forms import known_keys, required_keys
from .reading import json_object
from .state import JSON, state_of
from .writing import JSONReply, page


def api() -> Description:
    """Return the API description, which checks values."""
    return strict_description(__name__.partition(".")[0])


def made(operation: str, given: JSON, **fixed: Any) -> JSON:
    """Make the object that an operation replies with: what is fixed, then what was given where it fits, then the least.

    What the description does not require and nobody gave is left out, and what may be null is null.
    """
    schema = description()[0][operation]["replies"]["application/json"]
    keys, required = known_keys(api(), schema) or {}, required_keys(api(), schema)
    whole = example({**pointed(schema), "$defs": description()[1]}, "")
    out: JSON = {}
    for name, inner in keys.items():
        if name in fixed:
            out[name] = fixed[name]
        elif given.get(name) is not None and not any(api().check(inner, given[name], ())):
            out[name] = given[name]
        elif name in required:
            out[name] = None if not any(api().check(inner, None, ())) else whole[name]
    return out


async def body_of(request: Request) -> JSON:
    """Return the JSON body, empty where there is none."""
    return await json_object(request) if await request.body() else {}


class Collection:
    """One kind of object, below one path or below each object of another kind. Subclasses say what is special.

    `statuses` are what an object goes through: one step each time that it is looked at. `filters` are the query
    parameters by which a list is narrowed, and the member of an object that each is compared with.
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
        """Make one and remember it."""
        return JSONReply(self.add(request, request.url.path, await body_of(request)))

    async def index(self, request: Request) -> Response:
        """List them by pages."""
        items = self.filtered(request, self.all(request, request.url.path).values())
        return page(request, [self.shown(one) for one in items], default_order=self.order)

    async def retrieve(self, request: Request) -> Response:
        """Look at one, which gets on by a step."""
        found = self.find(request)
        if self.statuses and found["status"] in self.statuses[:-1]:
            found["status"] = self.statuses[self.statuses.index(found["status"]) + 1]
            await self.reached(request, found)
        return JSONReply(self.shown(found))

    async def update(self, request: Request) -> Response:
        """Change what the body says, where the object has it; null takes away what need not be there."""
        found = self.find(request)
        schema = description()[0][self.operation]["replies"]["application/json"]
        keys, required = known_keys(api(), schema) or {}, required_keys(api(), schema)
        for name, value in (await body_of(request)).items():
            if name in keys and not any(api().check(keys[name], value, ())):
                found[name] = value
            elif value is None and name not in required:
                found.pop(name, None)
        return JSONReply(self.shown(self.find(request)))

    async def delete(self, request: Request) -> Response:
        """Forget one, and all that is below it."""
        id = self.find(request)["id"]
        state = state_of(request)
        del self.all(request, request.url.path.rpartition("/")[0])[id]
        for below in [path for path in state.objects if path.startswith(f"{request.url.path}/")]:
            del state.objects[below]
        return JSONReply({"id": id, "object": self.deletion, "deleted": True})

    async def cancel(self, request: Request) -> Response:
        """Give one up that has not ended."""
        found = self.find(request, above="/cancel")
        if found["status"] in self.statuses[:-1]:
            found["status"] = "cancelled"
            await self.reached(request, found)
        return JSONReply(self.shown(found))

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Make one below a path."""
        state = state_of(request)
        fixed: JSON = {"id": state.new_id(self.prefix), "created_at": state.now(), **self.fixed(request, body)}
        if self.statuses:
            fixed["status"] = self.statuses[0]
        found = made(self.operation, {"metadata": {}, **body}, **fixed)
        self.all(request, path)[found["id"]] = found
        return found

    def find(self, request: Request, above: str = "") -> JSON:
        """Return the object that the path names. Raises APIFailure with 404."""
        path, _, id = request.url.path.removesuffix(above).rpartition("/")
        try:
            return self.all(request, path)[id]
        except KeyError:
            raise not_found(self.noun, id) from None

    def all(self, request: Request, path: str) -> dict[str, JSON]:
        """Return the objects below a path by id."""
        return state_of(request).objects.setdefault(path, {})

    def filtered(self, request: Request, items: Iterable[JSON]) -> list[JSON]:
        """Return those that the query asks for."""
        asked = [(member, request.query_params.get(name)) for name, member in self.filters]
        return [one for one in items if all(value in (None, one.get(member)) for member, value in asked)]

    def shown(self, found: JSON) -> JSON:
        """Return an object as a reply has it."""
        return found

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Return what a new object has whatever was asked for."""
        return {}

    async def reached(self, request: Request, found: JSON) -> None:
        """Do what a new status brings with it."""


class Below(Collection):
    """A kind whose objects lie below one of another kind, which must be there."""

    parent: Collection

    def all(self, request: Request, path: str) -> dict[str, JSON]:
        """Return the objects below a path. Raises APIFailure with 404 where nothing has that path."""
        holder, _, id = path.rpartition("/")[0].rpartition("/")
        if id not in state_of(request).objects.get(holder, {}):
            raise not_found(self.parent.noun, id)
        return super().all(request, path)
