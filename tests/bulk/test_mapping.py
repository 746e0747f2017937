"""`sdk.bulk.map` and `amap`: results as they come, in bounded memory, and nothing left behind."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any, TypedDict

import pytest

import sdk
from sdk import Client
from sdk.bulk import Result
from sdk.errors import APIResponseError, BadRequestError, RequestError
from sdk.testing import LocalServer

from .conftest import ask

Collect = Callable[..., list[Any]]


def _map(*arguments: Any, **options: Any) -> list[Result[Any]]:
    return list(sdk.bulk.map(*arguments, **options))


def _amap(*arguments: Any, **options: Any) -> list[Result[Any]]:
    async def collect() -> list[Result[Any]]:
        return [result async for result in sdk.bulk.amap(*arguments, **options)]

    return asyncio.run(collect())


@pytest.fixture(params=[_map, _amap], ids=["sync", "asyncio"])
def collect(request: pytest.FixtureRequest) -> Collect:
    """Return what collects all results, blocking or from a coroutine."""
    function: Collect = request.param
    return function


def test_every_input_has_a_result(client: Client, collect: Collect) -> None:
    """A result has the place of its input, the input, the typed reply and its usage."""
    inputs = [ask(f"number {n}") for n in range(30)]
    results = collect(client.chat.create, inputs, concurrency=8)
    assert sorted(result.index for result in results) == list(range(30))
    assert all(result.input is inputs[result.index] for result in results)
    found = next(result for result in results if result.index == 7)
    assert found.reply.output_text == "You wrote 2 words: number 7"
    assert (found.ok, found.error, found.attempts, found.usage.calls) == (True, None, (), 1)


def test_a_form_stands_for_its_operation(client: Client, collect: Collect) -> None:
    """`create.sync` and `create.asyncio` are the operation."""
    for form in (client.chat.create.sync, client.chat.create.asyncio):
        [found] = collect(form, [ask("a")])
        assert found.ok


def test_in_order(client: Client, collect: Collect) -> None:
    """`ordered` gives the order of the inputs."""
    results = collect(client.chat.create, [ask(str(n)) for n in range(40)], concurrency=8, ordered=True)
    assert [result.index for result in results] == list(range(40))


def test_a_failure_ends_nothing(server: LocalServer, client: Client, collect: Collect) -> None:
    """Wrong inputs, and requests that the server refuses, are results with an error."""
    server.on(model="gpt-4o").fail(400)
    inputs: list[Any] = [ask("a"), {**ask("b"), "model": "gpt-4o"}, {"model": "gpt-4o-mini"}, "text", ask("c")]
    found = collect(client.chat.create, inputs, ordered=True)
    assert [type(result.error) for result in found] == [
        type(None),
        BadRequestError,
        TypeError,
        RequestError,
        type(None),
    ]
    assert [found[4].ok, found[1].ok, found[1].usage] == [True, False, None]


def test_failures_are_skipped_or_raised(server: LocalServer, client: Client, collect: Collect) -> None:
    """errors="skip" leaves failures out, "raise" raises the first one."""
    server.on(model="gpt-4o", times=None).fail(400)
    inputs = [ask("a"), {**ask("b"), "model": "gpt-4o"}]
    assert [result.index for result in collect(client.chat.create, inputs, errors="skip")] == [0]
    with pytest.raises(BadRequestError):
        collect(client.chat.create, inputs, errors="raise")
    with pytest.raises(RequestError, match="errors= is"):
        collect(client.chat.create, inputs, errors="drop")


def test_no_inputs(client: Client, collect: Collect) -> None:
    """Nothing in, nothing out."""
    assert collect(client.chat.create, []) == []


def test_what_the_inputs_raise(client: Client, collect: Collect) -> None:
    """An exception of the source reaches the caller."""

    def inputs() -> Iterator[Any]:
        yield ask("a")
        raise KeyError("row")

    with pytest.raises(KeyError, match="row"):
        collect(client.chat.create, inputs())


def test_asynchronous_inputs(client: Client) -> None:
    """amap takes an asynchronous source, and raises what it raises."""

    async def inputs(count: int, end: type[Exception] | None) -> AsyncIterator[Any]:
        for number in range(count):
            await asyncio.sleep(0)
            yield ask(str(number))
        if end is not None:
            raise end("row")

    assert [r.index for r in _amap(client.chat.create, inputs(20, None), ordered=True, concurrency=2)] == [*range(20)]
    with pytest.raises(KeyError, match="row"):
        _amap(client.chat.create, inputs(3, KeyError))


def test_without_a_client(server: LocalServer, collect: Collect) -> None:
    """A client of its own lets `concurrency` calls run at once, whatever the environment says."""
    from sdk.api.chat import create

    server.state.latency = 0.05
    most = _Most(server)
    assert len(collect(create, [ask(str(n)) for n in range(12)], concurrency=6)) == 12
    assert most.most == 6


class _Most:
    """Counts how many calls a server has at once."""

    def __init__(self, server: LocalServer) -> None:
        self.now = self.most = 0
        state = server.state
        pause = state.pause

        async def counted(seconds: float) -> None:
            self.now += 1
            self.most = max(self.most, self.now)
            await pause(seconds)
            self.now -= 1

        state.pause = counted  # type: ignore[method-assign]  # it watches the pause before each response


def test_the_number_of_a_client_holds(server: LocalServer, collect: Collect, caplog: pytest.LogCaptureFixture) -> None:
    """A smaller number that somebody has chosen holds, and the log says so."""
    server.state.latency = 0.02
    most = _Most(server)
    with Client(max_in_flight=3) as client, caplog.at_level(logging.WARNING, "sdk"):
        assert len(collect(client.chat.create, [ask(str(n)) for n in range(9)], concurrency=6)) == 9
    assert most.most == 3
    assert "the client lets 3 calls run at once" in caplog.text


def test_concurrency_holds_where_the_client_allows_more(server: LocalServer, collect: Collect) -> None:
    """No more than `concurrency` calls run, though the client has no limit."""
    server.state.latency = 0.02
    most = _Most(server)
    with Client(max_in_flight=None, pace=False) as client:
        assert len(collect(client.chat.create, [ask(str(n)) for n in range(9)], client=client, concurrency=4)) == 9
    assert most.most == 4


def test_inputs_are_read_as_results_are_taken(client: Client) -> None:
    """The source is read in this thread, and no further ahead than twice the concurrency."""
    read: list[int] = []

    def inputs() -> Iterator[Any]:
        for number in range(1000):
            assert threading.current_thread() is threading.main_thread()
            read.append(number)
            yield ask(str(number))

    results = sdk.bulk.map(client.chat.create, inputs(), concurrency=4)
    for taken, _ in enumerate(results, 1):
        assert len(read) <= taken + 8
        if taken == 50:
            break
    results.close()  # type: ignore[attr-defined]  # it is a generator


def test_leaving_early_stops_everything(server: LocalServer, client: Client) -> None:
    """A loop that is left cancels the calls in flight, and ends the thread."""
    server.state.latency = 0.0
    threads = threading.active_count()
    results = sdk.bulk.map(client.chat.create, (ask(str(n)) for n in range(10_000)), concurrency=4)
    next(results)
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert threading.active_count() == threads
    assert len(server.requests) < 50


def test_leaving_early_cancels_tasks(server: LocalServer, client: Client) -> None:
    """A coroutine that closes the iterator leaves no task."""

    async def main() -> int:
        async with aclosing(sdk.bulk.amap(client.chat.create, (ask(str(n)) for n in range(99)))) as results:  # type: ignore[type-var]  # it is a generator
            async for _ in results:
                break
        return len(asyncio.all_tasks())

    assert asyncio.run(main()) == 1


def test_within_an_event_loop(client: Client) -> None:
    """The blocking map works where an event loop runs, as in notebooks."""

    async def main() -> int:
        return len(list(sdk.bulk.map(client.chat.create, [ask("a"), ask("b")])))

    assert asyncio.run(main()) == 2


class Answer(TypedDict):
    """An answer."""

    colour: str


def test_answers_of_a_type(server: LocalServer, client: Client, collect: Collect) -> None:
    """`parse` gives values; an answer that does not fit is an error."""
    server.reply('{"colour": "red"}')
    server.reply('{"colour": 1}')
    found = collect(client.chat.create, [ask("a"), ask("b")], parse=Answer, ordered=True, concurrency=1)
    assert found[0].value == {"colour": "red"}
    assert found[0].reply.output_text == '{"colour": "red"}'
    assert isinstance(found[1].error, APIResponseError)


@pytest.mark.parametrize("resource", ["chat", "responses"])
def test_an_answer_that_does_not_fit_is_asked_for_again(
    server: LocalServer, client: Client, collect: Collect, resource: str
) -> None:
    """`repairs` shows the model its answer and what is wrong with it."""
    server.reply('{"colour": 1}')
    server.reply('{"colour": "red"}')
    given = ask("a") if resource == "chat" else {"model": "gpt-4o-mini", "input": "a"}
    operation = getattr(client, resource).create
    [found] = collect(operation, [given], parse=Answer, repairs=1)
    assert found.value == {"colour": "red"}
    asked = server.requests[-1].json()["messages" if resource == "chat" else "input"]
    assert [message["role"] for message in asked] == ["user", "assistant", "user"]
    assert asked[1]["content"] == '{"colour": 1}'
    assert "does not match the JSON schema" in asked[2]["content"]
    assert found.input is given


def test_repairs_end(server: LocalServer, client: Client, collect: Collect) -> None:
    """After the last repair the error is the result; a refusal by the server is not repaired."""
    for _ in range(2):
        server.reply('{"colour": 1}')
    [found] = collect(client.chat.create, [ask("a")], parse=Answer, repairs=1)
    assert isinstance(found.error, APIResponseError)
    assert len(server.requests) == 2
    server.fail(400)
    [found] = collect(client.chat.create, [ask("a")], parse=Answer, repairs=1)
    assert isinstance(found.error, BadRequestError)
    assert len(server.requests) == 3


def test_a_function_of_ones_own(client: Client, collect: Collect) -> None:
    """A coroutine function gets the input and the client, and may make several calls."""

    async def twice(text: str, client: Client) -> str:
        first = await client.chat.create.asyncio(**ask(text))
        return f"{first.choices[0].message.content}!"

    [found] = collect(twice, [{"text": "Hi"}], client=client)
    assert found.reply == "You wrote 1 word: Hi!"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"concurrency": 0}, "concurrency"),
        ({"client": "c"}, "client= takes a Client"),
        ({"repairs": 1}, "needs parse="),
        ({"repairs": -1, "parse": dict}, "repairs"),
    ],
)
def test_wrong_arguments(client: Client, options: Any, error: str) -> None:
    """Arguments are checked at once, and not with the first result."""
    for function in (sdk.bulk.map, sdk.bulk.amap):
        with pytest.raises(RequestError, match=error):
            function(client.chat.create, [], **options)
    with pytest.raises(TypeError, match="must be an endpoint"):
        sdk.bulk.map(print, [])  # type: ignore[arg-type]  # on purpose
    with pytest.raises(TypeError, match="no structured output"):
        sdk.bulk.map(client.models.list, [], parse=dict)
