"""Vector stores: a search ranks the passages of their files by the words that they share with the query."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import APIFailure, missing
from ..server.replies import JSONReply
from .collection import Collection, Subcollection, body_of
from .embeddings import embed
from .files import require_file
from .reading import typed
from .state import JSON, state_of

NO_FILES = dict.fromkeys(("in_progress", "completed", "failed", "cancelled", "total"), 0)
_DIMENSIONS = 256
_PASSAGE_LENGTH = 800
_SECONDS_PER_DAY = 86_400


class VectorStores(Collection):
    """The vector stores. `file_ids` of the request become a store's first files."""

    operation, prefix, noun, deletion = "vector_stores.create", "vs_", "vector store", "vector_store.deleted"

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Return the values of an empty store."""
        return {
            "status": "completed",
            "usage_bytes": 0,
            "file_counts": dict(NO_FILES),
            "name": body.get("name") or "",
            "last_active_at": state_of(request).now(),
        }

    def filter(self, request: Request, items: Iterable[JSON]) -> list[JSON]:
        """Return all stores, with their current expiry."""
        return [self._with_expiry(request, one) for one in items]

    def find(self, request: Request, suffix: str = "") -> JSON:
        """Return the store that the path names, with its current expiry. Raises APIFailure with 404."""
        return self._with_expiry(request, super().find(request, suffix))

    def _with_expiry(self, request: Request, found: JSON) -> JSON:
        """Set `expires_at`, which counts from the last search, and the status of a store that has expired."""
        found.pop("expires_at", None)
        if found.get("expires_after"):
            found["expires_at"] = found["last_active_at"] + found["expires_after"]["days"] * _SECONDS_PER_DAY
            if found["expires_at"] <= state_of(request).now():
                found["status"] = "expired"
        return found

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Create a store with its first files."""
        found = super().add(request, path, body)
        for id in body.get("file_ids") or ():
            STORE_FILES.add(request, f"{path}/{found['id']}/files", {"file_id": id})
        return self._with_expiry(request, found)

    async def search(self, request: Request) -> Response:
        """Return the passage of each file that is closest to the query, the closest first."""
        store = self.find(request, suffix="/search")
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
                best = max(_passages(file.content), key=lambda text: _similarity(queries, text), default="")
                rows.append(
                    {
                        "file_id": one["id"],
                        "filename": file.description["filename"],
                        "score": round(max(0.0, min(1.0, _similarity(queries, best))), 6),
                        "attributes": one.get("attributes"),
                        "content": [{"type": "text", "text": best}],
                    }
                )
        rows.sort(key=lambda row: -row["score"])
        store["last_active_at"] = state.now()
        found: Any = rows[: body.get("max_num_results") or 10]
        kind = "vector_store.search_results.page"
        return JSONReply({"object": kind, "search_query": queries, "data": found, "has_more": False, "next_page": None})


class StoreFiles(Subcollection):
    """The files of a store. Their ids are those of the uploaded files."""

    operation, prefix, noun, deletion = "vector_stores.files.create", "", "file of a store", "vector_store.file.deleted"
    filters = (("filter", "status"),)

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Add an uploaded file to the store."""
        file = require_file(request, body.get("file_id"), "file_id")
        found = super().add(request, path, body)
        del self.objects(request, path)[found["id"]]
        found.update(id=body["file_id"], usage_bytes=len(file.content), vector_store_id=path.split("/")[-2])
        self.objects(request, path)[found["id"]] = found
        self._count(request, path)
        return found

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Return the status of a file that was processed."""
        return {"status": "completed", "last_error": None}

    async def delete(self, request: Request) -> Response:
        """Remove a file from the store; the uploaded file remains."""
        reply = await super().delete(request)
        self._count(request, request.url.path.rpartition("/")[0])
        return reply

    async def content(self, request: Request) -> Response:
        """Return the passages of a file."""
        file = state_of(request).files.get(self.find(request, suffix="/content")["id"])
        found = [{"type": "text", "text": text} for text in _passages(file.content if file else b"")]
        kind = "vector_store.file_content.page"
        return JSONReply({"object": kind, "data": found, "has_more": False, "next_page": None})

    def _count(self, request: Request, path: str) -> None:
        stores, _, id = path.rpartition("/")[0].rpartition("/")
        files = self.objects(request, path).values()
        store = state_of(request).objects[stores][id]
        store["file_counts"].update(completed=len(files), total=len(files))
        store["usage_bytes"] = sum(one["usage_bytes"] for one in files)


def _passages(content: bytes) -> list[str]:
    text = content.decode(errors="replace")
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return [part[at : at + _PASSAGE_LENGTH] for part in parts for at in range(0, len(part), _PASSAGE_LENGTH)]


def _similarity(queries: list[str], text: str) -> float:
    query = embed(" ".join(queries), _DIMENSIONS)
    return sum(a * b for a, b in zip(query, embed(text, _DIMENSIONS), strict=True))


VECTOR_STORES, STORE_FILES = VectorStores(), StoreFiles()
StoreFiles.parent = VECTOR_STORES
