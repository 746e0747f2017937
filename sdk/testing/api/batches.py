"""Batches: the server answers their lines itself."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
from starlette.requests import Request

from ..server.asgi import ASGITransport
from ..server.replies import encode
from .collection import Collection
from .files import require_file, store_file
from .state import JSON, state_of


class Batches(Collection):
    """The second `retrieve` completes a batch: each line is sent to this server, and the answers become a file.

    The first `retrieve` of a batch with an invalid line fails it.
    """

    operation, prefix, noun = "batches.create", "batch_", "batch"
    changeable = False
    statuses = ("validating", "in_progress", "completed")

    def fixed(self, request: Request, body: JSON) -> JSON:
        """Require the input file."""
        require_file(request, body.get("input_file_id"), "input_file_id")
        return {"request_counts": {"total": 0, "completed": 0, "failed": 0}}

    async def on_status(self, request: Request, found: JSON) -> None:
        """Record the time; answer the lines before the batch is completed, which others see as finalizing."""
        state = state_of(request)
        file = state.files.get(found["input_file_id"])
        lines = [line for line in (file.content if file else b"").splitlines() if line.strip()]
        if found["status"] == "in_progress" and (errors := list(_line_errors(lines, found["endpoint"]))):
            found.update(status="failed", errors={"object": "list", "data": errors})
        found[f"{found['status']}_at"] = state.now()
        if found["status"] != "completed":
            return
        found["status"] = "finalizing"
        try:
            answers = [await _answer(request, line) for line in lines]
        except BaseException:
            found["status"] = "in_progress"
            raise
        for name, succeeded in (("output_file_id", True), ("error_file_id", False)):
            chosen = [answer for answer in answers if (answer["response"]["status_code"] < 400) is succeeded]
            if chosen:
                content = b"".join(encode(answer) + b"\n" for answer in chosen)
                filename = f"{found['id']}_{name[:-8]}.jsonl"
                found[name] = store_file(state, content, filename, "batch_output").description["id"]
        found["status"] = "completed"
        failed = sum(answer["response"]["status_code"] >= 400 for answer in answers)
        found["request_counts"] = {"total": len(answers), "completed": len(answers) - failed, "failed": failed}


def _line_errors(lines: list[bytes], endpoint: str) -> Iterator[JSON]:
    """Yield the errors of a batch's lines, as the batch's `errors` has them."""
    for number, line in enumerate(lines, 1):
        error = _line_error(line, endpoint)
        if error is not None:
            code, message, param = error
            yield {"code": code, "message": message, "param": param, "line": number}


def _line_error(line: bytes, endpoint: str) -> tuple[str, str, str | None] | None:
    try:
        item = json.loads(line)
    except ValueError:
        return "invalid_json_line", "This line is not valid JSON.", None
    for name, type in (("custom_id", str), ("method", str), ("url", str), ("body", dict)):
        if not isinstance(item, dict) or not isinstance(item.get(name), type):
            return "missing_required_parameter", f"The required parameter '{name}' is missing.", name
    if item["url"] != endpoint:
        return "invalid_url", f"The batch is for {endpoint}.", "url"
    return None


async def _answer(request: Request, line: bytes) -> JSON:
    """Send one line of a batch to this server, with the credentials of the caller."""
    item: Any = json.loads(line)
    headers = {"authorization": request.headers.get("authorization", "")}
    async with httpx.AsyncClient(transport=ASGITransport(request.app), headers=headers) as client:
        reply = await client.request(item["method"], f"http://batch{item['url']}", json=item["body"])
    body = reply.json() if "json" in reply.headers.get("content-type", "") else reply.text
    response = {"status_code": reply.status_code, "request_id": reply.headers["x-request-id"], "body": body}
    id = state_of(request).new_id("batch_req_")
    return {"id": id, "custom_id": item["custom_id"], "response": response, "error": None}


BATCHES = Batches()
