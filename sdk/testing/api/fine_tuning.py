"""Fine-tuning jobs: each one succeeds and adds a model."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from ..server.replies import JSONReply
from .collection import Collection
from .files import require_file
from .reading import query_metadata
from .replies import page
from .state import JSON, state_of


class FineTuning(Collection):
    """The third `retrieve` completes a fine-tuning job; the list of models then has its model."""

    operation, prefix, noun = "fine_tuning.jobs.create", "ftjob-", "fine-tuning job"
    changeable = False
    statuses = ("validating_files", "queued", "running", "succeeded")

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Require the training file."""
        require_file(request, body.get("training_file"), "training_file")
        return {"organization_id": "org-local", "result_files": [], "seed": body.get("seed") or 1, "error": None}

    async def on_status(self, request: Request, found: JSON) -> None:
        """Add an event; add the model once the job has succeeded."""
        state = state_of(request)
        if found["status"] in ("succeeded", "cancelled"):
            found["finished_at"] = state.now()
        if found["status"] == "succeeded":
            name = found["fine_tuned_model"] = f"ft:{found['model']}:local::{found['id'].removeprefix('ftjob-local')}"
            file = state.files.get(found["training_file"])
            found["trained_tokens"] = len(file.content.split()) if file else 0
            state.models[name] = {"id": name, "object": "model", "created": state.now(), "owned_by": "local"}
        self._add_event(request, found)

    def filter(self, request: Request, items: Iterable[JSON]) -> list[JSON]:
        """Return the jobs with the metadata of the query."""
        wanted = query_metadata(request).items()
        return [one for one in items if wanted <= (one.get("metadata") or {}).items()]

    async def events(self, request: Request) -> Response:
        """List the events of a job."""
        id = self.find(request, suffix="/events")["id"]
        return page(request, list(state_of(request).objects.get(f"events of {id}", {}).values()), default_order="desc")

    async def retrieve(self, request: Request) -> Response:
        """Return one job, after its status has advanced; a paused job does not advance."""
        found = self.find(request)
        paused = found["id"] in state_of(request).objects.get("paused jobs", {})
        return JSONReply(found) if paused else await super().retrieve(request)

    async def pause(self, request: Request) -> Response:
        """Pause a job that has not finished."""
        found = self.find(request, suffix="/pause")
        if found["status"] in self.statuses[:-1]:
            state_of(request).objects.setdefault("paused jobs", {})[found["id"]] = found
        return JSONReply(found)

    async def resume(self, request: Request) -> Response:
        """Resume a paused job."""
        found = self.find(request, suffix="/resume")
        state_of(request).objects.get("paused jobs", {}).pop(found["id"], None)
        return JSONReply(found)

    async def checkpoints(self, request: Request) -> Response:
        """List the checkpoints. A job that has succeeded has two: the model, and an earlier one."""
        found = self.find(request, suffix="/checkpoints")
        steps = (10, 20) if found["status"] == "succeeded" else ()
        checkpoints = [
            {
                "object": "fine_tuning.job.checkpoint",
                "id": f"ftckpt_{found['id'].removeprefix('ftjob-')}_{step}",
                "created_at": found["finished_at"],
                "fine_tuned_model_checkpoint": found["fine_tuned_model"] + ("" if step == 20 else f":ckpt-step-{step}"),
                "fine_tuning_job_id": found["id"],
                "metrics": {"step": step, "train_loss": round(2 / step, 3)},
                "step_number": step,
            }
            for step in steps
        ]
        return page(request, checkpoints, default_order="desc")

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Create a job, with its first event."""
        found = super().add(request, path, body)
        self._add_event(request, found)
        return found

    def _add_event(self, request: Request, found: JSON) -> None:
        state = state_of(request)
        id = state.new_id("ftevent-")
        event = {
            "id": id,
            "object": "fine_tuning.job.event",
            "created_at": state.now(),
            "level": "info",
            "message": f"The job is {found['status']}.",
            "type": "message",
        }
        state.objects.setdefault(f"events of {found['id']}", {})[id] = event


FINE_TUNING = FineTuning()
