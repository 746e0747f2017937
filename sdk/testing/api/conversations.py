"""Conversations and their items."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import not_found
from ..server.replies import JSONReply
from .collection import Collection, Subcollection, body_of
from .reading import typed
from .response_items import normalise
from .state import JSON, state_of


class Conversations(Collection):
    """The conversations. `items` of the request become a conversation's first items."""

    operation, prefix, noun, deletion = "conversations.create", "conv_", "conversation", "conversation.deleted"

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Create a conversation with its first items."""
        found = super().add(request, path, body)
        append_items(request, found["id"], normalise(state_of(request), body.get("items") or [], "items"))
        return found


class Items(Subcollection):
    """The items of a conversation."""

    operation, prefix, noun = "conversations.items.create", "msg_", "item"
    changeable = False

    async def create(self, request: Request) -> Response:
        """Append items, and return them."""
        id = request.path_params["conversation_id"]
        self.objects(request, request.url.path)  # raises if the conversation does not exist
        items = normalise(state_of(request), typed(await body_of(request), "items", list) or [], "items")
        append_items(request, id, items)
        first, last = (items[0]["id"], items[-1]["id"]) if items else ("", "")
        return JSONReply({"object": "list", "data": items, "first_id": first, "last_id": last, "has_more": False})

    async def delete(self, request: Request) -> Response:
        """Delete an item, and return the conversation."""
        id = self.find(request)["id"]
        path = request.url.path.rpartition("/")[0]
        del self.objects(request, path)[id]
        conversations = state_of(request).objects["/v1/conversations"]
        return JSONReply(conversations[request.path_params["conversation_id"]])


def append_items(request: Request, conversation: str, items: list[JSON]) -> None:
    """Append items to a conversation."""
    stored = state_of(request).objects.setdefault(f"/v1/conversations/{conversation}/items", {})
    stored.update({item["id"]: item for item in items})


def conversation_items(request: Request, given: Any) -> tuple[str, list[JSON]] | None:
    """Return the id and the items of the conversation that a response belongs to; None if it belongs to none."""
    if given is None:
        return None
    id = given if isinstance(given, str) else given.get("id", "")
    if id not in state_of(request).objects.get("/v1/conversations", {}):
        raise not_found("conversation", id, param="conversation")
    return id, list(state_of(request).objects.get(f"/v1/conversations/{id}/items", {}).values())


CONVERSATIONS, ITEMS = Conversations(), Items()
Items.parent = CONVERSATIONS
