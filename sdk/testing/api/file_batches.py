"""Batches of files for vector stores: their files enter the store at once; the second `retrieve` completes a batch."""

from starlette.requests import Request
from starlette.responses import Response

from .collection import Subcollection
from .files import require_file
from .replies import page
from .state import JSON, state_of
from .vector_stores import NO_FILES, STORE_FILES, VECTOR_STORES


class FileBatches(Subcollection):
    """The file batches of a store."""

    operation, prefix, noun = "vector_stores.file_batches.create", "vsfb_", "file batch"
    changeable = False
    statuses = ("in_progress", "completed")
    parent = VECTOR_STORES

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Create a batch, and add its files to the store. Raises APIFailure if the server does not have one of them."""
        wanted = body.get("files") or [{"file_id": id} for id in body.get("file_ids") or ()]
        common = {name: body[name] for name in ("attributes", "chunking_strategy") if body.get(name) is not None}
        for one in wanted:
            require_file(request, one["file_id"], "file_ids")
        store = path.rpartition("/")[0]
        for one in wanted:
            STORE_FILES.add(request, f"{store}/files", {**common, **one})
        found = super().add(request, path, body)
        found["vector_store_id"] = store.rpartition("/")[2]
        found["file_counts"] = {**NO_FILES, "in_progress": len(wanted), "total": len(wanted)}
        state_of(request).objects[f"files of {found['id']}"] = {one["file_id"]: one for one in wanted}
        return found

    async def on_status(self, request: Request, found: JSON) -> None:
        """Count the files by status; remove the files of a cancelled batch from the store."""
        ids = state_of(request).objects[f"files of {found['id']}"]
        found["file_counts"] = {**NO_FILES, found["status"]: len(ids), "total": len(ids)}
        if found["status"] == "cancelled":
            files = STORE_FILES.objects(request, f"/v1/vector_stores/{found['vector_store_id']}/files")
            for id in ids:
                files.pop(id, None)

    async def files(self, request: Request) -> Response:
        """List the files of a batch, as the store has them."""
        found = self.find(request, suffix="/files")
        ids = state_of(request).objects[f"files of {found['id']}"]
        files = STORE_FILES.objects(request, f"/v1/vector_stores/{found['vector_store_id']}/files")
        selected = STORE_FILES.filter(request, [files[id] for id in ids if id in files])
        return page(request, selected, default_order="desc")


FILE_BATCHES = FileBatches()
