"""Batches of files for vector stores: all files of one go into the store at once, and are done at the second look."""

from starlette.requests import Request
from starlette.responses import Response

from ..server.errors import APIFailure
from ..server.replies import page
from ..server.state import JSON, state_of
from .collection import Below
from .vector_stores import FILES, STORES


class FileBatches(Below):
    """The batches of a store."""

    operation, prefix, noun = "vector_stores.file_batches.create", "vsfb_", "file batch"
    changeable = False
    statuses = ("in_progress", "completed")
    parent = STORES

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Make one, and put its files into the store. Raises APIFailure where one is not there."""
        wanted = body.get("files") or [{"file_id": id} for id in body.get("file_ids") or ()]
        common = {name: body[name] for name in ("attributes", "chunking_strategy") if body.get(name) is not None}
        for one in wanted:
            if one["file_id"] not in state_of(request).files:
                told = f"This server has no file '{one['file_id']}'."
                raise APIFailure(told, param="file_ids", code="invalid_value")
        store = path.rpartition("/")[0]
        for one in wanted:
            FILES.add(request, f"{store}/files", {**common, **one})
        found = super().add(request, path, body)
        found["vector_store_id"] = store.rpartition("/")[2]
        found["file_counts"] = {**_NONE, "in_progress": len(wanted), "total": len(wanted)}
        state_of(request).objects[f"files of {found['id']}"] = {one["file_id"]: one for one in wanted}
        return found

    async def reached(self, request: Request, found: JSON) -> None:
        """Count the files by how they got on; those of a batch that was given up leave the store."""
        ids = state_of(request).objects[f"files of {found['id']}"]
        found["file_counts"] = {**_NONE, found["status"]: len(ids), "total": len(ids)}
        if found["status"] == "cancelled":
            files = FILES.all(request, f"/v1/vector_stores/{found['vector_store_id']}/files")
            for id in ids:
                files.pop(id, None)

    async def files(self, request: Request) -> Response:
        """List the files of one, as the store has them."""
        found = self.find(request, above="/files")
        ids = state_of(request).objects[f"files of {found['id']}"]
        files = FILES.all(request, f"/v1/vector_stores/{found['vector_store_id']}/files")
        return page(request, FILES.filtered(request, [files[id] for id in ids if id in files]), default_order="desc")


_NONE = dict.fromkeys(("in_progress", "completed", "failed", "cancelled", "total"), 0)
BATCHES = FileBatches()
