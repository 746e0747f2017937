"""`sdk.bulk.run`: from a file of lines to a file of results, resumable, within budgets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk import Client
from sdk.bulk import DryRun, SourceError, Summary
from sdk.errors import AuthenticationError, RequestError
from sdk.testing import LocalServer
from sdk.usage import Budget, Prices, Usage

from .files import batch_line, ids, read, write

Run = Callable[..., Any]
_PRICES = Prices({"gpt-4o-mini": {"input": 1_000_000, "output": 1_000_000}})


def _arun(*arguments: Any, **options: Any) -> Any:
    return asyncio.run(sdk.bulk.arun(*arguments, **options))


@pytest.fixture(params=[sdk.bulk.run, _arun], ids=["sync", "asyncio"])
def run(request: pytest.FixtureRequest, server: LocalServer) -> Run:
    """Return a function that runs a source, blocking or from a coroutine."""
    function: Run = request.param
    return function


def test_a_line_for_each_line(run: Run, tmp_path: Path) -> None:
    """Each line of the source has one line in the target, in the form of the Batch API."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(20)])
    done = run(source, tmp_path / "out.jsonl", concurrency=4)
    assert isinstance(done, Summary)
    assert (done.total, done.before, done.done, done.failed, done.ok, done.remaining) == (20, 0, 20, 0, True, 0)
    assert (done.usage.calls, done.stopped, done.errors_path.exists()) == (20, None, False)
    assert ids(done.target) == sorted(f"r{n}" for n in range(20))
    line = next(line for line in read(done.target) if line["custom_id"] == "r3")
    assert line.keys() == {"id", "custom_id", "response", "error"}
    assert (line["response"]["status_code"], line["error"], line["id"]) == (200, None, "bulk_req_3")
    assert line["response"]["body"]["choices"][0]["message"]["content"] == "You wrote 2 words: number 3"
    assert line["response"]["request_id"]


def test_started_again_it_does_what_is_missing(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """Lines that are in the target are not sent again; a torn last line is dropped."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(6)])
    target = tmp_path / "out.jsonl"
    run(source, target, limit=4, concurrency=1)
    whole = target.read_bytes()
    target.write_bytes(whole + b'{"id":"bulk_req_5","custom_id":"r5","resp')
    server.requests.clear()
    done = run(source, target)
    assert (done.before, done.done, done.ok, len(server.requests)) == (4, 2, True, 2)
    assert target.read_bytes().startswith(whole)
    assert ids(target) == [f"r{n}" for n in range(6)]
    server.requests.clear()
    assert run(source, target).done == 0
    assert server.requests == []


def test_the_limit(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """No more lines are sent than `limit`, of those that are not done."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(6)])
    for count, remaining in ((4, 4), (6, 2), (6, 0)):
        done = run(source, tmp_path / "out.jsonl", limit=2 if remaining else None)
        assert done.remaining == max(0, remaining)
        assert done.stopped == ("limit" if remaining else None)
        assert len(server.requests) <= count


def test_identity_of_lines_without_an_id(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """A hash of the arguments is the identity, whatever their order; equal lines count each."""
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "a"}]}
    turned = {"messages": [{"content": "a", "role": "user"}], "model": "gpt-4o-mini"}
    target = tmp_path / "out.jsonl"
    assert run(write(tmp_path / "in.jsonl", [body, turned, {**body, "seed": 1}, body]), target).done == 4
    names = ids(target)
    assert len(set(names)) == 4
    assert sorted(name[27:] for name in names) == ["", "", "-2", "-3"]
    server.requests.clear()
    assert run(write(tmp_path / "in.jsonl", [{**body, "seed": 1}, body, {**body, "seed": 2}]), target).done == 1
    assert server.requests[0].json()["seed"] == 2


def test_failures_go_to_a_second_file(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """A failed line is in the file of errors, and is not tried again without `retry_errors`."""
    server.on(model="gpt-4o").fail(400)
    server.on(model="gpt-4o").fail(400)
    source = write(tmp_path / "in.jsonl", [batch_line(0), batch_line(1, model="gpt-4o"), batch_line(2, model=7)])
    target, errors = tmp_path / "out.jsonl", tmp_path / "out.errors.jsonl"
    done = run(source, target)
    assert (done.done, done.failed, done.ok) == (1, 2, False)
    assert done.errors == {"BadRequestError 400": 2}
    assert (ids(target), ids(errors), done.errors_path) == (["r0"], ["r1", "r2"], errors)
    [refused] = [line for line in read(errors) if line["custom_id"] == "r1"]
    assert (refused["response"]["status_code"], refused["error"]) == (400, None)
    assert refused["response"]["body"]["error"]["message"]
    server.requests.clear()
    again = run(source, target)
    assert (again.before, again.done, again.failed, server.requests) == (1, 0, 2, [])
    third = run(source, target, retry_errors=True)  # r1 is refused once more
    assert (third.done, third.failed) == (0, 2)
    assert ids(errors) == ["r1", "r2"]
    last = run(source, target, retry_errors=True)
    assert (last.done, last.failed, ids(target), ids(errors)) == (1, 1, ["r0", "r1"], ["r2"])


def test_the_file_of_errors_disappears_with_the_last_one(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """Once every line is done there are no failures."""
    server.disconnect()
    source = write(tmp_path / "in.jsonl", [batch_line(0)])
    with Client(max_retries=0, max_in_flight=4) as client:
        done = run(source, tmp_path / "out.jsonl", client=client)
        [line] = read(done.errors_path)
        assert (line["response"], line["error"]["code"]) == (None, "APIConnectionError")
        assert run(source, tmp_path / "out.jsonl", retry_errors=True, client=client).ok
    assert not done.errors_path.exists()


def test_a_wrong_key_ends_the_run(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """What every line would meet is raised, and no line counts as failed."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(50)])
    with Client(api_key="wrong", max_in_flight=2) as client, pytest.raises(AuthenticationError):
        run(source, tmp_path / "out.jsonl", client=client)
    assert len(server.requests) <= 64
    assert (ids(tmp_path / "out.jsonl"), ids(tmp_path / "out.errors.jsonl")) == ([], [])
    assert run(source, tmp_path / "out.jsonl").ok


def test_a_budget_of_tokens(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """Once the tokens are used no more lines are sent; those in flight are written."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(30)])
    done = run(source, tmp_path / "out.jsonl", tokens=20, concurrency=2)
    assert done.stopped == "tokens"
    assert 20 <= done.usage.input_tokens + done.usage.output_tokens <= 60
    assert done.done == len(ids(done.target)) == len(server.requests) < 10


def test_a_budget_of_money(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """A line that may go over the budget is not sent, and is no failure; the summary has the cost."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(30)])
    budget = Budget(100, _PRICES)
    done = run(source, tmp_path / "out.jsonl", budget=budget, concurrency=1)
    assert (done.stopped, done.failed) == ("budget", 0)
    assert 0 < done.done < 30
    assert done.cost == budget.spent == done.usage.input_tokens + done.usage.output_tokens


def test_a_budget_of_time(run: Run, tmp_path: Path) -> None:
    """After the time no more lines are sent."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(30)])
    done = run(source, tmp_path / "out.jsonl", seconds=0, concurrency=2)
    assert (done.stopped, done.done) == ("seconds", 2)


def test_a_dry_run_sends_nothing(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """It returns the first request, the lines, and what they may use."""
    source = write(tmp_path / "in.jsonl", [batch_line(n, max_tokens=10) for n in range(4)])
    target = tmp_path / "out.jsonl"
    run(source, target, limit=1)
    before = target.read_bytes()
    server.requests.clear()
    found = run(source, target, dry_run=True, prices=_PRICES)
    assert isinstance(found, DryRun)
    assert (found.total, found.before, found.lines, found.output_tokens) == (4, 1, 3, 30)
    assert found.cost == found.input_tokens + found.output_tokens
    assert (found.method, found.url) == ("POST", f"{server.url}/chat/completions")
    assert found.body == batch_line(1, max_tokens=10)["body"]
    assert (server.requests, target.read_bytes()) == ([], before)
    assert str(found).startswith("4 lines, 1 done, 3 to send")


def test_a_template_and_arguments(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """The columns of a CSV fill a template; arguments go into every call."""
    table = tmp_path / "in.csv"
    table.write_text('text,kind\n"Hello, you",greeting\n{x},odd\n', encoding="utf-8")
    done = run(
        table, tmp_path / "out.jsonl", template="Is {text} a {kind}? {{}}", arguments={"model": "gpt-4o"}, concurrency=1
    )
    assert done.done == 2
    asked = [request.json() for request in server.requests]
    assert [body["messages"] for body in asked] == [
        [{"role": "user", "content": "Is Hello, you a greeting? {}"}],
        [{"role": "user", "content": "Is {x} a odd? {}"}],
    ]
    assert {body["model"] for body in asked} == {"gpt-4o"}


def test_another_operation(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """An operation is named as everywhere; a prompt becomes its input."""
    source = write(tmp_path / "in.jsonl", [{"prompt": "Hi", "temperature": 0}])
    run(source, tmp_path / "out.jsonl", "responses.create", arguments={"model": "gpt-4o"})
    assert server.requests[0].json() == {"model": "gpt-4o", "input": "Hi", "temperature": 0}
    with pytest.raises(RequestError, match=r"no operation 'chat\.creat'"):
        run(source, tmp_path / "out.jsonl", "chat.creat")


def test_arguments_that_the_description_does_not_have(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """They are sent as they are, and no option of a call can come from a line."""
    server.state.allow_unknown = True
    source = write(tmp_path / "in.jsonl", [batch_line(0, top_k=3, extra_headers={"x": "y"}, client="c")])
    assert run(source, tmp_path / "out.jsonl").done == 1
    assert server.requests[0].json()["top_k"] == 3
    assert server.requests[0].json()["client"] == "c"
    assert "x" not in server.requests[0].headers


def test_rows_of_an_iterable(run: Run, tmp_path: Path) -> None:
    """Any iterable of mappings is a source, and is read once."""
    rows = (batch_line(n) for n in range(3))
    assert run(rows, tmp_path / "out.jsonl").done == 3
    assert run([batch_line(n) for n in range(4)], tmp_path / "out.jsonl").done == 1


def test_answers_that_fit(run: Run, server: LocalServer, tmp_path: Path) -> None:
    """With `parse` an answer that does not fit the type is a failure, whose reply is kept."""
    server.reply('{"value": [1]}')
    server.reply('{"value": "no"}')
    source = write(tmp_path / "in.jsonl", [batch_line(0), batch_line(1)])
    done = run(source, tmp_path / "out.jsonl", parse=list[int], concurrency=1)
    assert (done.done, done.failed) == (1, 1)
    [line] = read(done.errors_path)
    assert line["error"]["code"] == "APIResponseError"


def test_progress_by_lines(run: Run, tmp_path: Path) -> None:
    """A function gets the progress; without a terminal it is a line now and then, and at the end."""
    lines: list[str] = []
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(3)])
    run(source, tmp_path / "out.jsonl", progress=lines.append, prices=_PRICES)
    assert lines[-1].startswith("3 of 3, ")
    assert "tokens, cost " in lines[-1]


def test_a_cancelled_run_keeps_what_is_done(server: LocalServer, tmp_path: Path) -> None:
    """A cancellation ends the calls in flight; the same call goes on."""
    source = write(tmp_path / "in.jsonl", [batch_line(n) for n in range(200)])
    target = tmp_path / "out.jsonl"

    async def main() -> None:
        task = asyncio.create_task(sdk.bulk.arun(source, target, concurrency=2))
        while not (server.requests or task.done()):
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
    assert len(ids(target)) < 200
    assert sdk.bulk.run(source, target).ok


def test_within_an_event_loop(server: LocalServer, tmp_path: Path) -> None:
    """The blocking run works where an event loop runs, as in notebooks."""
    source = write(tmp_path / "in.jsonl", [batch_line(0)])

    async def main() -> Any:
        return sdk.bulk.run(source, tmp_path / "out.jsonl")

    assert asyncio.run(main()).ok


def test_odd_replies_are_one_line_each(server: LocalServer, tmp_path: Path) -> None:
    """Indented JSON, and a stream that nobody asked for, become one line of JSON."""
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": []}
    server.reply_bytes(json.dumps(whole, indent=1).encode(), headers={"content-type": "application/json"})
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    delta = {"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
    events = f"data: {json.dumps({**chunk, 'choices': [delta]})}\n\ndata: [DONE]\n\n"
    server.reply_bytes(events.encode(), headers={"content-type": "text/event-stream"})
    done = sdk.bulk.run([batch_line(0), batch_line(1)], tmp_path / "out.jsonl", concurrency=1)
    bodies = [line["response"]["body"] for line in read(done.target)]
    assert bodies[0] == whole
    assert bodies[1]["choices"][0]["message"]["content"] == "Hi"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: a line must be a JSON object"),
        ('{"custom_id": 1, "body": {}}', "line 2: custom_id must be a str that is not empty, not int"),
        ('{"custom_id": "", "body": {}}', "line 2: custom_id must be a str that is not empty, not an empty one"),
        ('{"custom_id": "r0", "messages": [], "model": "m"}', "lines 1 and 2: they have the same custom_id"),
        ('{"custom_id": "a", "url": "/v1/embeddings", "body": {}}', "the line is for '/v1/embeddings'"),
        ('{"custom_id": "a", "method": "GET", "body": {}}', "method must be POST"),
        ('{"messages": [], "model": "m", "stream": true}', "leave out stream"),
        ('{"custom_id": "a", "body": {"model": "m"}}', "line 2: chat.create needs messages; give it in the line"),
        ('{"prompt": "\\ud800", "model": "m"}', "line 2: not JSON"),
    ],
)
def test_a_bad_line(server: LocalServer, tmp_path: Path, line: str, problem: str) -> None:
    """It is found before anything is sent, by file and line; its content is not shown."""
    source = tmp_path / "in.jsonl"
    source.write_text(f"{json.dumps(batch_line(0))}\n{line}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"in\.jsonl") as caught:
        sdk.bulk.run(source, tmp_path / "out.jsonl")
    assert problem in str(caught.value)
    assert (server.requests, (tmp_path / "out.jsonl").exists()) == ([], False)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_first_line_that_makes_no_request(server: LocalServer, tmp_path: Path, dry_run: bool) -> None:
    """What every line lacks, or has wrong, is said once; nothing is sent, and no empty target is left."""
    for line, problem in (
        ({}, "line 1: chat.create needs model; give it in the line, or to all lines in arguments="),
        ({"model": "m", "temperature": {1}}, "row 1: no JSON"),
    ):
        with pytest.raises(SourceError, match=problem):
            sdk.bulk.run([{"prompt": "Hi", **line}], tmp_path / "out.jsonl", dry_run=dry_run)
    assert (server.requests, list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"limit": -1}, "limit"),
        ({"tokens": 0}, "tokens"),
        ({"seconds": -1}, "seconds"),
        ({"template": 3}, "template must be"),
        ({"via": "post"}, "via= is"),
        ({"engine": "spark"}, "engine= is"),
        ({"engine": "ray", "via": "batch"}, "do not go together"),
        ({"operation": "audio.speech.create"}, "does not reply with JSON"),
    ],
)
def test_wrong_options(tmp_path: Path, options: Any, error: str) -> None:
    """Options are checked before the source is read."""
    with pytest.raises(RequestError, match=error):
        sdk.bulk.run("none.jsonl", tmp_path / "out.jsonl", **options)
    with pytest.raises(RequestError, match="is the source and the target"):
        sdk.bulk.run(tmp_path / "out.jsonl", tmp_path / "out.jsonl")
    with pytest.raises(TypeError, match="no argument limits"):
        sdk.bulk.run("none.jsonl", tmp_path / "out.jsonl", limits=1)  # type: ignore[call-overload]  # on purpose


def test_the_summary_says_what_happened() -> None:
    """It is one line for people."""
    done = Summary(
        target=Path("out.jsonl"), errors_path=Path("out.errors.jsonl"), total=9, before=2, done=4, failed=1,
        errors={"BadRequestError 400": 1}, usage=Usage(4, 10, 0, 20), cost=0.5, elapsed=2.0, stopped="tokens",
    )  # fmt: skip
    assert str(done) == (
        "9 lines: 4 done, 2 were done before, 1 failed (1 BadRequestError 400), 2 remain (tokens), 30 tokens, "
        "cost 0.5, 2.0 s; out.jsonl, failures in out.errors.jsonl"
    )
    one = Summary(target=Path("out.jsonl"), errors_path=Path("out.errors.jsonl"), total=1, done=1)
    assert str(one) == "1 line: 1 done, 0.0 s; out.jsonl"


@pytest.mark.parametrize(
    ("lines", "output", "end"), [(3, 30, "at most 30 out"), (3, 0, "replies without a limit"), (0, 0, "at most 0 out")]
)
def test_a_dry_run_says_what_the_replies_may_have(lines: int, output: int, end: str) -> None:
    """Replies without a limit are not said to have no tokens."""
    found = DryRun(total=lines, before=0, lines=lines, input_tokens=7, output_tokens=output, cost=None)
    assert str(found) == f"{lines} lines, 0 done, {lines} to send: about 7 tokens in, {end}"


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("chat.creat", "; chat has create, delete, list, messages, retrieve, update"),
        ("chat.completions.create", "; chat has create, delete, list, messages, retrieve, update"),
        ("embeddings", "; embeddings has create"),
        ("embeddings.create.sync", "; embeddings.create is one"),
        ("nothing.create", ", webhooks"),
    ],
)
def test_a_name_of_no_operation(name: str, end: str, tmp_path: Path) -> None:
    """The error lists what the last resource on the path has."""
    with pytest.raises(RequestError) as caught:
        sdk.bulk.run([{"prompt": "Hi"}], tmp_path / "out.jsonl", operation=name)
    assert str(caught.value).startswith(f"there is no operation {name!r}; ")
    assert str(caught.value).endswith(end)
