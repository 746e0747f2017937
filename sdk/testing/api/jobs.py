"""Work that takes its time: batches, whose requests are really answered, and fine-tuning jobs that end in a model."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response

from ..server.asgi import ASGITransport
from ..server.errors import APIFailure
from ..server.reading import query_metadata
from ..server.replies import JSONReply, encode, page
from ..server.state import JSON, StoredFile, state_of
from .collection import Collection


class Batches(Collection):
    """A batch is done at the second look: its lines are sent to this server, and the answers are a file.

    One with a wrong line has failed at the first look.
    """

    operation, prefix, noun = "batches.create", "batch_", "batch"
    changeable = False
    statuses = ("validating", "in_progress", "completed")

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Refuse a file that is not there."""
        _file(request, body, "input_file_id")
        return {"request_counts": {"total": 0, "completed": 0, "failed": 0}}

    async def reached(self, request: Request, found: JSON) -> None:
        """Note the time, and in the end do the work."""
        state = state_of(request)
        file = state.files.get(found["input_file_id"])
        lines = [line for line in (file.content if file else b"").splitlines() if line.strip()]
        if found["status"] == "in_progress" and (wrong := list(_wrong(lines, found["endpoint"]))):
            found.update(status="failed", errors={"object": "list", "data": wrong})
        found[f"{found['status']}_at"] = state.now()
        if found["status"] != "completed":
            return
        answers = [await _answer(request, line) for line in lines]
        for name, wanted in (("output_file_id", True), ("error_file_id", False)):
            chosen = [answer for answer in answers if (answer["response"]["status_code"] < 400) is wanted]
            if chosen:
                content = b"".join(encode(answer) + b"\n" for answer in chosen)
                found[name] = _keep(request, content, f"{found['id']}_{name[:-8]}.jsonl", "batch_output")
        failed = sum(answer["response"]["status_code"] >= 400 for answer in answers)
        found["request_counts"] = {"total": len(answers), "completed": len(answers) - failed, "failed": failed}


def _wrong(lines: list[bytes], endpoint: str) -> Iterator[JSON]:
    """Yield what is wrong with the lines of a batch, as its `errors` say it."""
    for number, line in enumerate(lines, 1):
        try:
            asked = json.loads(line)
        except ValueError:
            yield {
                "code": "invalid_json_line",
                "message": "This line is not valid JSON.",
                "param": None,
                "line": number,
            }
            continue
        for name, wanted in (("custom_id", str), ("method", str), ("url", str), ("body", dict)):
            if not isinstance(asked, dict) or not isinstance(asked.get(name), wanted):
                told = f"The required parameter '{name}' is missing."
                yield {"code": "missing_required_parameter", "message": told, "param": name, "line": number}
                break
        else:
            if asked["url"] != endpoint:
                told = f"The batch is for {endpoint}."
                yield {"code": "invalid_url", "message": told, "param": "url", "line": number}


async def _answer(request: Request, line: bytes) -> JSON:
    """Send one line of a batch to this server, as its author would have."""
    asked: Any = json.loads(line)
    headers = {"authorization": request.headers.get("authorization", "")}
    async with httpx.AsyncClient(transport=ASGITransport(request.app), headers=headers) as client:
        reply = await client.request(asked["method"], f"http://batch{asked['url']}", json=asked["body"])
    body = reply.json() if "json" in reply.headers.get("content-type", "") else reply.text
    answer = {"status_code": reply.status_code, "request_id": reply.headers["x-request-id"], "body": body}
    id = state_of(request).new_id("batch_req_")
    return {"id": id, "custom_id": asked["custom_id"], "response": answer, "error": None}


class FineTuning(Collection):
    """A fine-tuning job has succeeded at the third look; the model that it made is on the list of models."""

    operation, prefix, noun = "fine_tuning.jobs.create", "ftjob-", "fine-tuning job"
    changeable = False
    statuses = ("validating_files", "queued", "running", "succeeded")

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Refuse a file that is not there."""
        _file(request, body, "training_file")
        return {"organization_id": "org-local", "result_files": [], "seed": body.get("seed") or 1, "error": None}

    async def reached(self, request: Request, found: JSON) -> None:
        """Tell of it in the job's events; in the end there is a model."""
        state = state_of(request)
        if found["status"] in ("succeeded", "cancelled"):
            found["finished_at"] = state.now()
        if found["status"] == "succeeded":
            name = found["fine_tuned_model"] = f"ft:{found['model']}:local::{found['id'].removeprefix('ftjob-local')}"
            file = state.files.get(found["training_file"])
            found["trained_tokens"] = len(file.content.split()) if file else 0
            state.models[name] = {"id": name, "object": "model", "created": state.now(), "owned_by": "local"}
        self._tell(request, found)

    def filtered(self, request: Request, items: Iterable[JSON]) -> list[JSON]:
        """Return those with the metadata that the query asks for."""
        wanted = query_metadata(request).items()
        return [one for one in items if wanted <= (one.get("metadata") or {}).items()]

    async def events(self, request: Request) -> Response:
        """List what happened to a job."""
        id = self.find(request, above="/events")["id"]
        return page(request, list(state_of(request).objects.get(f"events of {id}", {}).values()), default_order="desc")

    async def retrieve(self, request: Request) -> Response:
        """Look at one, which gets on by a step unless it is paused."""
        found = self.find(request)
        paused = found["id"] in state_of(request).objects.get("paused jobs", {})
        return JSONReply(found) if paused else await super().retrieve(request)

    async def pause(self, request: Request) -> Response:
        """Let one that has not ended stand still."""
        found = self.find(request, above="/pause")
        if found["status"] in self.statuses[:-1]:
            state_of(request).objects.setdefault("paused jobs", {})[found["id"]] = found
        return JSONReply(found)

    async def resume(self, request: Request) -> Response:
        """Let one get on again."""
        found = self.find(request, above="/resume")
        state_of(request).objects.get("paused jobs", {}).pop(found["id"], None)
        return JSONReply(found)

    async def checkpoints(self, request: Request) -> Response:
        """List the checkpoints: of a job that has succeeded there are two, the model and one half way to it."""
        found = self.find(request, above="/checkpoints")
        steps = (10, 20) if found["status"] == "succeeded" else ()
        made = [
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
        return page(request, made, default_order="desc")

    def add(self, request: Request, path: str, body: JSON) -> JSON:
        """Make one, and tell of it."""
        found = super().add(request, path, body)
        self._tell(request, found)
        return found

    def _tell(self, request: Request, found: JSON) -> None:
        state = state_of(request)
        id = state.new_id("ftevent-")
        message = f"The job is {found['status']}."
        event = {"id": id, "object": "fine_tuning.job.event", "created_at": state.now(), "level": "info",
                 "message": message, "type": "message"}  # fmt: skip
        state.objects.setdefault(f"events of {found['id']}", {})[id] = event


def _file(request: Request, body: JSON, name: str) -> None:
    if body.get(name) not in state_of(request).files:
        raise APIFailure(f"This server has no file '{body.get(name)}'.", param=name, code="invalid_value")


def _keep(request: Request, content: bytes, filename: str, purpose: str) -> str:
    state = state_of(request)
    id = state.new_id("file-")
    description = {"id": id, "object": "file", "bytes": len(content), "created_at": state.now(), "filename": filename,
                   "purpose": purpose, "status": "processed"}  # fmt: skip
    state.files[id] = StoredFile(description, content)
    return id
