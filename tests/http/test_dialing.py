"""Find a host's addresses within the deadline, and connect to the first that answers (RFC 8305)."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest

from sdk import Client
from sdk._core.http.connection import attempt_delay, attempt_order
from sdk.errors import APIConnectionError, APITimeoutError

from ..faults.conftest import KEY, MESSAGES, Call, Outcome, call, world
from ..faults.raw import Raw, always, reply

__all__ = ["call", "world"]
_resolve = socket.getaddrinfo
Addresses = list[tuple[Any, ...]]
_CLOSING = reply(headers="Content-Type: application/json\r\nConnection: close\r\n")


class Resolver:
    """The resolver of the system, which knows `hosts` too; it answers for them when it is `free`."""

    def __init__(self) -> None:
        self.hosts: dict[str, Addresses | Exception] = {}
        self.asked: list[str] = []
        self.threads: list[threading.Thread] = []
        self.free = threading.Event()
        self.free.set()

    def __call__(self, host: str, port: int, *given: Any, **more: Any) -> Any:
        if host not in self.hosts:
            return _resolve(host, port, *given, **more)
        if len(given) > 3 and given[3] & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "not an address")
        self.asked.append(host)
        self.threads.append(threading.current_thread())
        self.free.wait(20)
        found = self.hosts[host]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    """Replace the resolver of the system, and end its threads."""
    made = Resolver()
    monkeypatch.setattr("socket.getaddrinfo", made)
    yield made
    made.free.set()
    for thread in made.threads:
        if thread is not threading.current_thread():
            thread.join()


def v4(port: int) -> tuple[Any, ...]:
    """Return an address as getaddrinfo() does."""
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)


def v6(host: str, port: int) -> tuple[Any, ...]:
    """Return an address of the other family."""
    return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (host, port, 0, 0)


@pytest.fixture
def dead() -> Iterator[Callable[[], tuple[Any, ...]]]:
    """Make addresses that neither accept nor refuse a connection: their queues are full."""
    with ExitStack() as stack:

        def make() -> tuple[Any, ...]:
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            for _ in range(8):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex(listener.getsockname())
            return v4(listener.getsockname()[1])

        yield make


@pytest.fixture
def refusing() -> tuple[Any, ...]:
    """Return an address that refuses connections."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return v4(listener.getsockname()[1])


@pytest.mark.parametrize("option", ["connect_timeout", "deadline"])
def test_a_lookup_that_takes_too_long(call: Call, resolver: Resolver, option: str) -> None:
    """A time limit holds though the resolver does not answer; its thread is left behind."""
    resolver.hosts["slow.test"] = [v4(1)]
    resolver.free.clear()
    options: dict[str, Any] = {"connect_timeout": 20, option: 0.2, "max_retries": 0}
    began = time.monotonic()
    outcome = call("http://slow.test:1/v1", client=options)
    assert time.monotonic() - began < 2
    assert type(outcome.failed) is APITimeoutError
    assert outcome.failed.request_sent is False
    assert resolver.threads[0].daemon


def test_a_slow_lookup_of_a_proxy(call: Call, resolver: Resolver) -> None:
    """So it is with the name of a proxy."""
    resolver.hosts["proxy.test"] = [v4(1)]
    resolver.free.clear()
    options: dict[str, Any] = {"connect_timeout": 0.2, "http_options": {"proxy": "http://proxy.test:1"}}
    began = time.monotonic()
    outcome = call("https://server.test/v1", client=options, max_retries=0)
    assert (type(outcome.failed), time.monotonic() - began < 2) == (APITimeoutError, True)


def test_a_lookup_serves_all_that_wait_for_it(resolver: Resolver, world: str) -> None:
    """Calls that begin while a lookup runs wait for that one; once it is done, the next call starts another."""
    resolver.free.clear()
    with Raw(always(_CLOSING)) as server:
        resolver.hosts["shared.test"] = [v4(server.port)]
        options: Any = {"api_base": server.url.replace("127.0.0.1", "shared.test"), "api_key": KEY}

        def ask(client: Client) -> Any:
            if world == "sync":
                return client.chat.create.sync(model="m", messages=MESSAGES)
            return asyncio.run(client.chat.create.asyncio(model="m", messages=MESSAGES))

        with Client(**options, max_in_flight=None, max_retries=0) as client:
            threads = [threading.Thread(target=ask, args=[client]) for _ in range(10)]
            for thread in threads:
                thread.start()
            route = client._context.transport.route
            while route._lookup is None or len(route._lookup._callbacks) < 10:
                threading.Event().wait(0.001)
            resolver.free.set()
            for thread in threads:
                thread.join()
            assert (len(server.requests), resolver.asked) == (10, ["shared.test"])
            ask(client)
            assert (len(server.requests), len(resolver.asked)) == (11, 2)


@pytest.mark.parametrize(
    "failure", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long"), ValueError("odd")]
)
def test_a_name_that_does_not_resolve(call: Call, resolver: Resolver, failure: Exception) -> None:
    """What the resolver says is told with the name, after each of three attempts."""
    resolver.hosts["no.test"] = failure
    outcome = call("http://no.test/v1")
    assert type(outcome.failed) is APIConnectionError
    assert f"the host name no.test cannot be resolved: {failure}" in str(outcome.failed)
    assert (outcome.attempts, len(resolver.asked)) == (3, 3)


def test_where_no_thread_can_start(call: Call, resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a process exits no thread starts any more: the calling thread looks the name up."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name.startswith("lookup"):
            raise RuntimeError("can't create new thread at interpreter shutdown")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with Raw(always(reply())) as server:
        resolver.hosts["late.test"] = [v4(server.port)]
        assert call(server.url.replace("127.0.0.1", "late.test")).error is None


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_an_address_needs_no_thread(call: Call, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Nothing is looked up for an IP address."""
    monkeypatch.setattr("sdk._core.http.route.Route.lookup", None)
    outcome = call(f"http://{host}:1/v1", client={"max_retries": 0})
    assert type(outcome.failed) is APIConnectionError
    assert "cannot connect" in str(outcome.failed)


_EXIT = """
import asyncio, socket, sys, time
from sdk import Client
from sdk.errors import APITimeoutError
resolve = socket.getaddrinfo
def slowly(host, *given, **more):
    if host == "slow.test" and not (len(given) > 4 and given[4]):
        time.sleep(60)
    return resolve(host, *given, **more)
socket.getaddrinfo = slowly
client = Client(api_base="http://slow.test/v1", api_key="k", connect_timeout=0.1, max_retries=0)
async def main():
    await client.models.list.asyncio()
for ask in (client.models.list.sync, lambda: asyncio.run(main())):
    try:
        ask()
    except APITimeoutError:
        print("late")
client.close()
"""


def test_a_lookup_does_not_block_the_exit() -> None:
    """An event loop, and a process, end though the resolver has not answered."""
    done = subprocess.run([sys.executable, "-c", _EXIT], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("late\nlate\n", "", 0)


def _timed(call: Call, server: Raw, addresses: Addresses, resolver: Resolver, **options: Any) -> tuple[float, Outcome]:
    resolver.hosts["many.test"] = addresses
    began = time.monotonic()
    outcome = call(server.url.replace("127.0.0.1", "many.test"), client={"max_retries": 0, **options})
    return time.monotonic() - began, outcome


@pytest.mark.parametrize("count", [1, 3])
def test_dead_addresses_cost_a_quarter_of_a_second(call: Call, resolver: Resolver, dead: Any, count: int) -> None:
    """The next address is tried while an attempt that does not answer goes on."""
    with Raw(always(reply())) as server:
        seconds, outcome = _timed(call, server, [*(dead() for _ in range(count)), v4(server.port)], resolver)
        assert outcome.error is None
        assert 0.2 * count < seconds < 0.25 * count + 1.5
        assert server.connections == 1


@pytest.mark.parametrize("limit", [0.4, 0.8])
def test_all_addresses_are_tried_within_the_limit(call: Call, resolver: Resolver, dead: Any, limit: float) -> None:
    """A short connect_timeout is shared out, so that the last address gets its turn."""
    with Raw(always(reply())) as server:
        addresses = [*(dead() for _ in range(4)), v4(server.port)]
        assert _timed(call, server, addresses, resolver, connect_timeout=limit)[1].error is None


def test_a_refusal_is_passed_over_at_once(
    call: Call, resolver: Resolver, refusing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one attempt has failed the next follows without delay."""
    monkeypatch.setattr("sdk._core.http.connection._ATTEMPT_DELAY", 5.0)
    with Raw(always(reply())) as server:
        seconds, outcome = _timed(call, server, [refusing] * 5 + [v4(server.port)], resolver)
        assert (outcome.error, seconds < 4) == (None, True)


def test_a_family_that_is_not_there(call: Call, resolver: Resolver) -> None:
    """Addresses of a family that this system cannot reach do not hinder the others."""
    with Raw(always(reply())) as server:
        addresses = [v6("::1", server.port), v6("2001:db8::1", server.port), v4(server.port)]
        seconds, outcome = _timed(call, server, addresses, resolver)
        assert (outcome.error, seconds < 2) == (None, True)


def test_when_all_addresses_refuse(call: Call, resolver: Resolver, refusing: Any) -> None:
    """The failure of all is one of the connection."""
    with Raw(always(reply())) as server:
        outcome = _timed(call, server, [refusing] * 3, resolver)[1]
        assert type(outcome.failed) is APIConnectionError
        assert "refused" in str(outcome.failed)


def test_when_no_address_answers(call: Call, resolver: Resolver, dead: Any, refusing: Any) -> None:
    """The time limit holds for all addresses together."""
    with Raw(always(reply())) as server:
        seconds, outcome = _timed(call, server, [dead(), refusing, dead()], resolver, connect_timeout=0.4)
        assert type(outcome.failed) is APITimeoutError
        assert 0.3 < seconds < 2


def test_no_socket_of_an_attempt_is_left(resolver: Resolver, dead: Any, world: str) -> None:
    """The sockets of attempts that lost are closed, whether one has won or none."""
    with Raw(always(reply())) as server:
        resolver.hosts["many.test"] = [dead(), dead(), v4(server.port)]
        resolver.hosts["none.test"] = [dead(), dead()]
        for host, left in (("many.test", 1), ("none.test", 0)):
            url = server.url.replace("127.0.0.1", host)

            def ask(client: Client) -> None:
                client.chat.create.sync(model="m", messages=MESSAGES)

            async def main(url: str = url, left: int = left) -> None:
                server.baseline()
                async with Client(api_base=url, api_key=KEY, max_retries=0, connect_timeout=1) as client:
                    await asyncio.gather(
                        client.chat.create.asyncio(model="m", messages=MESSAGES), return_exceptions=True
                    )
                    assert server.open(left) == left
                    assert asyncio.all_tasks() == {asyncio.current_task()}

            if world == "asyncio":
                asyncio.run(main())
                continue
            server.baseline()
            with Client(api_base=url, api_key=KEY, max_retries=0, connect_timeout=1) as client:
                try:
                    ask(client)
                except APITimeoutError:
                    assert left == 0
                assert server.open(left) == left


def test_the_address_that_worked_is_tried_first(resolver: Resolver, dead: Any, world: str) -> None:
    """The next connections go to it at once, until it works no longer."""
    with Raw(always(_CLOSING)) as server, Raw(always(_CLOSING)) as other:
        resolver.hosts["many.test"] = [dead(), dead(), v4(server.port)]
        with Client(api_base=server.url.replace("127.0.0.1", "many.test"), api_key=KEY, max_retries=0) as client:

            async def main() -> None:
                await client.chat.create.asyncio(model="m", messages=MESSAGES)

            def ask() -> float:
                began = time.monotonic()
                if world == "sync":
                    client.chat.create.sync(model="m", messages=MESSAGES)
                else:
                    asyncio.run(main())
                return time.monotonic() - began

            assert ask() > 0.4
            assert min(ask() for _ in range(5)) < 0.2
            resolver.hosts["many.test"] = [dead(), v4(other.port)]
            assert ask() > 0.2
            assert min(ask() for _ in range(5)) < 0.2
        assert (len(server.requests), len(other.requests)) == (6, 6)


@pytest.mark.world("asyncio")
def test_cancelled_while_attempts_go_on(resolver: Resolver, dead: Any) -> None:
    """A task that is cancelled leaves no task, no timer and no socket."""
    resolver.hosts["many.test"] = [dead(), dead(), dead()]

    async def main(server: Raw) -> None:
        server.baseline()
        loop: Any = asyncio.get_running_loop()
        async with Client(api_base="http://many.test:1/v1", api_key=KEY) as client:
            task = asyncio.create_task(client.chat.create.asyncio(model="m", messages=MESSAGES))
            while len(asyncio.all_tasks()) < 4:  # this one, the call, and two attempts
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert server.open(0) == 0
        assert [timer for timer in loop._scheduled if not timer.cancelled()] == []

    with Raw(always(reply())) as server:
        asyncio.run(main(server))


def _order(names: str, working: Any = None) -> str:
    """Return the order of addresses, of which each is named by a letter; capitals are of the other family."""
    addresses = [(name.isupper(), socket.SOCK_STREAM, 6, "", name) for name in names]
    route: Any = SimpleNamespace(working_address=working)
    return "".join(one[4] for one in attempt_order(addresses, route))


@pytest.mark.parametrize(
    ("names", "working", "ordered"),
    [
        *(("abcXY", None, "aXbYc"), ("XYabc", None, "XaYbc"), ("abc", None, "abc"), ("", None, ""), ("aX", None, "aX")),
        *(("abcXY", "c", "caXbY"), ("abcXY", "Y", "YaXbc"), ("abc", "z", "abc")),
    ],
)
def test_the_order_of_attempts(names: str, working: str | None, ordered: str) -> None:
    """Families alternate, beginning with that of the first address; the one that worked last comes first of all."""
    assert _order(names, working) == ordered


@pytest.mark.parametrize(
    ("seconds", "addresses", "delay"),
    [(None, 0, None), (9.0, 0, 9.0), (None, 1, 0.25), (9.0, 1, 0.25), (0.3, 2, 0.1), (0.2, 1, 0.1)],
)
def test_the_delay_between_attempts(seconds: float | None, addresses: int, delay: float | None) -> None:
    """A quarter of a second, or less where all addresses must be tried within a shorter limit."""
    assert attempt_delay(seconds, addresses) == (None if delay is None else pytest.approx(delay))
