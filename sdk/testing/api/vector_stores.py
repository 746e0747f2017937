"""Vector stores: files that can be searched by the words that they share with a question."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import APIFailure, missing
from ..server.reading import typed
from ..server.replies import JSONReply
from ..server.state import JSON, state_of
from .collection import Below, Collection, body_of
from .embeddings import embed

_DIMENSIONS = 256
_PASSAGE = 800
_DAY = 86_400


class VectorStores(Collection):
    """The stores. One that is made with `file_ids` has those files."""

    operation, prefix, noun, deletion = "vector_stores.create", "vs_", "vector store", "vector_store.deleted"

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Begin empty."""
        counts = dict.fromkeys(("in_progress", "completed", "failed", "cancelled", "total"), 0)
        return {
            "status": "completed",
            "usage_bytes": 0,
            "file_counts": counts,
            "name": body.get("name") or "",
            "last_active_at": state_of(request).now(),
        }

    def filtered(self, request: Request, items: Iterable[JSON]) -> list[JSON]:
        """Return them all, as old as they are."""
        return [self._aged(request, one) for one in items]

    def find(self, request: Request, above: str = "") -> JSON:
        """Return the store that the path names, as old as it is. Raises APIFailure with 404."""
        return self._aged(request, super().find(request, above))

    def _aged(self, request: Request, found: JSON) -> JSON:
        """Say when a store expires that nobody searches, and whether it has."""
        found.pop("expires_at", None)
        if found.get("expires_after"):
            found["expires_at"] = found["last_active_at"] + found["expires_after"]["days"] * _DAY
            if found["expires_at"] <= state_of(request).now():
                found["status"] = "expired"
        return found

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Make one, and put files in."""
        found = super().add(request, path, body)
        for id in body.get("file_ids") or ():
            FILES.add(request, f"{path}/{found['id']}/files", {"file_id": id})
        return self._aged(request, found)

    async def search(self, request: Request) -> Response:
        """Return the passages that are closest to the question, best first."""
        store = self.find(request, above="/search")
        if store["status"] == "expired":
            raise APIFailure(f"The vector store '{store['id']}' has expired.", param="vector_store_id")
        body = await body_of(request)
        query = typed(body, "query", str, list)
        if not query:
            raise missing("query")
        queries = [query] if isinstance(query, str) else query
        state = state_of(request)
        rows: list[JSON] = []
        for one in state.objects.get(f"{request.url.path.removesuffix('/search')}/files", {}).values():
            file = state.files.get(one["id"])
            if file is not None:
                best = max(_passages(file.content), key=lambda text: _closeness(queries, text), default="")
                rows.append(
                    {
                        "file_id": one["id"],
                        "filename": file.description["filename"],
                        "score": round(max(0.0, min(1.0, _closeness(queries, best))), 6),
                        "attributes": one.get("attributes"),
                        "content": [{"type": "text", "text": best}],
                    }
                )
        rows.sort(key=lambda row: -row["score"])
        store["last_active_at"] = state.now()
        found: Any = rows[: body.get("max_num_results") or 10]
        kind = "vector_store.search_results.page"
        return JSONReply({"object": kind, "search_query": queries, "data": found, "has_more": False, "next_page": None})


class _Files(Below):
    """The files of a store. They have the ids of the files that they are."""

    operation, prefix, noun, deletion = "vector_stores.files.create", "", "file of a store", "vector_store.file.deleted"
    filters = (("filter", "status"),)

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Put a file in."""
        file = state_of(request).files.get(body.get("file_id", ""))
        if file is None:
            raise APIFailure(f"This server has no file '{body.get('file_id')}'.", param="file_id", code="invalid_value")
        found = super().add(request, path, body)
        del self.all(request, path)[found["id"]]
        found.update(id=body["file_id"], usage_bytes=len(file.content), vector_store_id=path.split("/")[-2])
        self.all(request, path)[found["id"]] = found
        self._count(request, path)
        return found

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Every file can be read."""
        return {"status": "completed", "last_error": None}

    async def delete(self, request: Request) -> Response:
        """Take a file out; the file itself stays."""
        reply = await super().delete(request)
        self._count(request, request.url.path.rpartition("/")[0])
        return reply

    async def content(self, request: Request) -> Response:
        """Return the passages of a file, as they are searched."""
        file = state_of(request).files.get(self.find(request, above="/content")["id"])
        found = [{"type": "text", "text": text} for text in _passages(file.content if file else b"")]
        kind = "vector_store.file_content.page"
        return JSONReply({"object": kind, "data": found, "has_more": False, "next_page": None})

    def _count(self, request: Request, path: str) -> None:
        stores, _, id = path.rpartition("/")[0].rpartition("/")
        files = self.all(request, path).values()
        store = state_of(request).objects[stores][id]
        store["file_counts"].update(completed=len(files), total=len(files))
        store["usage_bytes"] = sum(one["usage_bytes"] for one in files)


def _passages(content: bytes) -> list[str]:
    text = content.decode(errors="replace")
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return [part[at : at + _PASSAGE] for part in parts for at in range(0, len(part), _PASSAGE)]


def _closeness(queries: list[str], text: str) -> float:
    wanted = embed(" ".join(queries), _DIMENSIONS)
    return sum(a * b for a, b in zip(wanted, embed(text, _DIMENSIONS), strict=True))


STORES, FILES = VectorStores(), _Files()
_Files.parent = STORES
