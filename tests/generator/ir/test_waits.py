"""x-sdk-wait: what a schema says about waiting for its objects, and what cannot be."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

import sdk
from generator.errors import GeneratorError
from generator.ir.waits import Use, Wait, waits_of
from sdk._core.waiting import drivers

from ...faults.raw import Peer, Raw, reply
from ...waiting.world import Clock
from ..mini import api_of, document, trees_of
from ..packages import Packages

SCHEMAS = """
Job:
  type: object
  required: [id, zoo-id, state]
  properties:
    id: {type: string}
    zoo-id: {type: string}
    state: {type: string}
    done: {type: integer}
    why: {type: object, properties: {text: {type: string}}}
  x-sdk-wait: WAIT
"""
PATHS = """
/zoos/{zoo-id}/jobs/{job_id}:
  parameters:
    - {name: zoo-id, in: path, required: true, schema: {type: string}}
    - {name: job_id, in: path, required: true, schema: {type: string}}
  get:
    responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}}}
/zoos/{zoo-id}/jobs/{job_id}/cancel:
  post:
    parameters:
      - {name: zoo-id, in: path, required: true, schema: {type: string}}
      - {name: job_id, in: path, required: true, schema: {type: string}}
      - {name: reason, in: query, required: true, schema: {type: string}}
    responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}}}
"""
READ = "{operation: zoos.jobs.retrieve, with: {zoo-id: zoo-id, job_id: id}}"
WHOLE = f"{{state: state, ends: [over, dead], failures: [dead], errors: [why.text], progress: [done], read: {READ}}}"


def _schemas(wait: str) -> str:
    return SCHEMAS.replace("WAIT", wait)


def test_a_wait_names_attributes() -> None:
    """Properties become the attributes of the class, parameters the arguments of the operation."""
    schemas = _schemas(WHOLE)
    assert waits_of(document(schemas, PATHS), api_of(schemas, PATHS)) == {
        "Job": Wait(
            "state", ("over", "dead"), ("dead",), (("why", "text"),), ("done",),
            (Use("zoos.jobs.retrieve", (("zoo_id", "zoo_id"), ("job_id", "id"))),), (),
        )
    }  # fmt: skip


def test_a_model_has_what_applies_to_it() -> None:
    """The class has one constant, without the parts that the overlay leaves out."""
    text = trees_of(_schemas("{state: state, ends: [over]}"), PATHS)["sdk/models"]["job.py"]
    assert '    _wait = {"state": "state", "ends": ("over",)}\n' in text
    assert "_wait" not in trees_of(SCHEMAS.partition("  x-sdk-wait")[0], PATHS)["sdk/models"]["job.py"]


def test_a_part_of_an_api_leaves_out_what_it_does_not_have() -> None:
    """`--include` may keep a schema without the operation that reads it anew."""
    paths = PATHS.replace("/zoos/{zoo-id}/jobs/{job_id}/cancel", "/parks/{zoo-id}/jobs/{job_id}/cancel")
    text = trees_of(_schemas(WHOLE), paths, include=["parks"])["sdk/models"]["job.py"]
    assert "_wait = {" in text
    assert '"read"' not in text


@pytest.mark.parametrize(
    ("wait", "problem", "place"),
    [
        ("[over]", "only an object can be waited for", ""),
        ("{state: state}", "state and ends are missing", ""),
        ("{ends: [over]}", "state and ends are missing", ""),
        ("{state: state, ends: [over], until: now}", "it has 'until', which is unknown", ""),
        ("{state: status, ends: [over]}", "'status' is no property of Job", "/state"),
        ("{state: state, ends: []}", "every failure is one of the ends", "/failures"),
        ("{state: state, ends: [over], failures: [dead]}", "every failure is one of the ends", "/failures"),
        ("{state: state, ends: over}", "ends is no list of str", "/ends"),
        ("{state: state, ends: [1]}", "ends is no list of str", "/ends"),
        ("{state: state, ends: [over], errors: [so.text]}", "'so' is no property of Job", "/errors/0"),
        ("{state: state, ends: [over], progress: [id, so]}", "'so' is no property of Job", "/progress/1"),
        ("{state: state, ends: [over], read: zoos.jobs.retrieve}", "read is no operation with its arguments", "/read"),
        (
            "{state: state, ends: [over], read: {operation: zoos.jobs.get, with: {}}}",
            "read names an operation that the API does not have", "/read",
        ),
        (
            "{state: state, ends: [over], read: {operation: zoos.jobs.retrieve, with: {job_id: id}}}",
            "zoos.jobs.retrieve needs 'zoo-id', too", "/read",
        ),
        (
            "{state: state, ends: [over], read: {operation: zoos.jobs.retrieve, with: {zoo-id: zoo, job_id: id}}}",
            "'zoo' is no property of Job", "/read",
        ),
        (
            "{state: state, ends: [over], read: {operation: zoos.jobs.retrieve, with: {id: id}}}",
            "zoos.jobs.retrieve has no parameter 'id' in its path", "/read",
        ),
        (
            "{state: state, ends: [over], cancel: {operation: zoos.jobs.cancel, with: {zoo-id: zoo-id, job_id: id}}}",
            "zoos.jobs.cancel needs 'reason', too", "/cancel",
        ),
    ],
)  # fmt: skip
def test_a_wait_that_cannot_be(wait: str, problem: str, place: str) -> None:
    """The error says what does not fit, where it stands, and how to write it."""
    with pytest.raises(GeneratorError) as caught:
        api_of(_schemas(wait), PATHS)
    assert problem in caught.value.problem
    assert caught.value.pointer == f"/components/schemas/Job/x-sdk-wait{place}"
    assert "ends: [...]" in str(caught.value.hint)


def test_only_an_object_can_be_waited_for() -> None:
    """A schema that is no class has no state."""
    schemas = "Job: {type: string, x-sdk-wait: {state: state, ends: [over]}}"
    paths = PATHS.replace("post:", "get:")
    with pytest.raises(GeneratorError, match="only an object can be waited for"):
        api_of(schemas, paths)


def test_a_package_waits(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package of another document has `wait`, which asks that package's own client and operations."""
    overlay = f"""
      - target: $.components.schemas.Job
        x-reason: they take long
        update: {{x-sdk-wait: {WHOLE}}}
    """
    schemas = SCHEMAS.partition("  x-sdk-wait")[0].strip().replace("\n", "\n    ")
    paths = PATHS.strip().replace("\n", "\n  ")
    made = packages(f"paths:\n  {paths}\ncomponents:\n  schemas:\n    {schemas}\n", overlay=overlay)
    clock = Clock()
    monkeypatch.setattr(drivers, "time", clock)
    monkeypatch.setattr(drivers, "sleep", clock.asleep)
    job: dict[str, Any] = {"id": "j", "zoo-id": "z", "state": "new"}

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(reply(json.dumps(job).encode()))
            job["state"] = "over"

    with Raw(script) as server, made.Client(api_base=server.url, api_key=None) as client:
        assert made.wait(client.zoos.jobs.retrieve.sync("z", "j")).state == "over"
        assert [line.split()[1] for line in server.requests] == [b"/v1/zoos/z/jobs/j"] * 2
        job["state"] = "new"
        found = asyncio.run(made.asyncio_wait(made.models.Job(id="j", zoo_id="z", state="new"), client=client))
        assert found.state == "over"
    assert (made.wait, made.asyncio_wait) == (sdk.wait, sdk.asyncio_wait)


def test_a_package_without_jobs_has_no_wait(packages: Packages) -> None:
    """Its `__init__` has the client alone."""
    made = packages("paths: {/a: {get: {responses: {'200': {description: ok}}}}}")
    assert made.__all__ == ["Client", "__version__"]
    assert not hasattr(made, "wait")


def test_of_several_operations_each_is_kept() -> None:
    """The reply decides which one applies: the first for which it has all arguments."""
    paths = PATHS + PATHS.replace("zoos", "parks")
    other = READ.replace("zoos", "parks")
    text = trees_of(_schemas(f"{{state: state, ends: [over], read: [{READ}, {other}]}}"), paths)["sdk/models"]["job.py"]
    arguments = '{"zoo_id": "zoo_id", "job_id": "id"}'
    assert " ".join(text.split()).endswith(
        f'"read": ( ("zoos.jobs.retrieve", {arguments}), ("parks.jobs.retrieve", {arguments}), ), }}'
    )
