"""Group Concurrency of the fault table: forks while other threads, streams and event loops are busy."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from .raw import Peer, Raw, always, reply
from .streaming import DONE, HEAD, LAST, chunk, framed

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

_START = """
import gc, os, signal, socket, sys, threading, time, warnings
import sdk
from sdk import Client
url = sys.argv[1]
os.environ.update(OPENAI_API_KEY="k" * 10, OPENAI_API_BASE=url)

def ask(client=None):
    from sdk.api.models import list
    given = {"client": client} if client else {}
    list.sync(**given, max_retries=0, deadline=10)

def in_child(work):
    "Run `work` in the child of a fork; return its exit code, or the signal that ended it after 8 seconds."
    pid = os.fork()
    if pid == 0:
        signal.alarm(8)
        try:
            code = work() or 0
        except BaseException as error:
            print("the child:", repr(error), file=sys.stderr)
            code = 1
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def peers():
    "Return how many sockets of this process lead to the server."
    count = 0
    for number in map(int, os.listdir("/dev/fd")):
        try:
            with socket.socket(fileno=os.dup(number)) as sock:  # may be the folder itself
                count += sock.getpeername()[1] == int(url.rsplit(":", 1)[1].split("/")[0])
        except (OSError, IndexError):  # it is none, or leads nowhere
            continue
    return count
"""


def _run(server: Raw, program: str) -> str:
    command = [sys.executable, "-c", _START + program, server.url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=40, check=False)
    assert done.stderr == ""
    return done.stdout


_SLOWLY = """
held, free = threading.Event(), threading.Event()
def slowly(function):
    def held_in_a_thread(*given):
        if threading.current_thread() is not threading.main_thread():
            held.set()
            free.wait(30)
        return function(*given)
    return held_in_a_thread
"""
#: What a thread of the parent is doing, and how it is held there until the child has ended.
_BUSY = {
    "builds the TLS context": """
client = Client(api_base="https://127.0.0.1:1/v1", api_key="k" * 10)
from sdk._core.http import tls
tls.build_context = slowly(tls.build_context)
def busy():
    try:
        ask(client)
    except sdk.errors.APIConnectionError:
        pass
work = busy
""",
    "makes the client of the process": """
from sdk._openai.options import OpenAIOptions
OpenAIOptions.resolve = slowly(OpenAIOptions.resolve)
busy = work = ask
""",
    "begins an event loop": """
import asyncio
client = Client()
from sdk._core.http import loops
loops.Loops.__init__ = slowly(loops.Loops.__init__)
async def main():
    await client.models.list.asyncio(deadline=10)
busy = work = lambda: asyncio.run(main())
""",
    "takes a place": """
client = Client()
ask(client)
def busy():
    with client._context.limiter.lock:
        held.set()
        free.wait(30)
work = lambda: ask(client)
""",
    "takes a connection": """
client = Client()
stream = client.chat.create.stream(model="m", messages=[{"role": "user", "content": "x"}])
next(stream)
def busy():
    with client._context.transport._sync._lock:
        held.set()
        free.wait(30)
def work():
    stream.close()
    ask(client)
""",
}


def _chats(peer: Peer) -> None:
    """Answer each request; a stream goes on until the client hangs up."""
    while (request := peer.request()) is not None:
        if b'"stream":true' in request:
            peer.say(HEAD + framed(chunk("Hel")))
            return
        peer.send(reply(b'{"object":"list","data":[]}'))


@pytest.mark.world("sync")
@pytest.mark.parametrize("busy", _BUSY)
def test_x6_a_thread_of_the_parent_is_busy(busy: str) -> None:
    """No lock that a thread of the parent holds keeps the child from its own calls."""
    program = f"""
{_SLOWLY}
{_BUSY[busy]}
thread = threading.Thread(target=busy)
thread.start()
assert held.wait(10)
print(in_child(work))
free.set()
thread.join()
"""
    with Raw(_chats) as server:
        assert _run(server, program) == "0\n"


@pytest.mark.world("sync")
@pytest.mark.parametrize(
    "module", ["ssl", "certifi", "orjson", "sdk._core.call.drivers", "sdk._core.http.sync_exchange"]
)
def test_x6_a_thread_of_the_parent_imports(module: str) -> None:
    """A fork waits for what a first call imports: the child could neither complete it nor import it itself."""
    https = "https://127.0.0.1:1/v1" if module in ("ssl", "certifi") else ""
    program = f"""
begun = threading.Event()
class Slowly:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == {module!r} and not begun.is_set():
            begun.set()
            time.sleep(0.3)
client = Client(api_base={https!r} or url, api_key="k" * 10)
sys.meta_path.insert(0, Slowly)
assert {module!r} not in sys.modules
def work():
    try:
        ask(client)
    except sdk.errors.APIConnectionError:
        return 0 if {https!r} else 1
thread = threading.Thread(target=work)
thread.start()
assert begun.wait(10)
print(in_child(work))
thread.join()
"""
    with Raw(_chats) as server:
        assert _run(server, program) == "0\n"


@pytest.mark.world("sync")
def test_a_fork_waits_for_no_import_of_others() -> None:
    """An import that this package has not begun, or that the forking thread itself is in, delays no fork."""
    program = """
import importlib.machinery
import sdk._core.lazy
from sdk._core.runtime import fork
Client()
fork._LONGEST = 60
begun, free, released = threading.Event(), threading.Event(), []
class Slowly:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, cls) if name in ("wave", "tabnanny") else None
    @staticmethod
    def create_module(spec):
        return None
    @staticmethod
    def exec_module(module):  # not find_spec, which has the lock that every fork of CPython waits for
        if module.__name__ == "wave":
            begun.set()
            released.append(free.wait(20))
        else:
            module.check = in_child(lambda: None)
def theirs():
    import wave
sys.meta_path.insert(0, Slowly)
thread = threading.Thread(target=theirs)
thread.start()
assert begun.wait(10)
print(in_child(lambda: None))
print(sdk._core.lazy.resolve("tabnanny:check"))
free.set()
thread.join()
print(released)
"""
    with Raw(_chats) as server:
        assert _run(server, program) == "0\n0\n[True]\n"


#: How a place of the parent is held; what the child does with it.
_HELD = {
    "a stream that is closed": ("stream = client.chat.create.stream(**chat); next(stream)", "stream.close()"),
    "a stream that is dropped": (
        "warnings.simplefilter('ignore'); holds = [client.chat.create.stream(**chat)]; next(holds[0])",
        "holds.clear(); gc.collect()",
    ),
    "a stream that is read": (
        "stream = client.chat.create.stream(**chat); next(stream)",
        "\n    try: next(stream)\n    except sdk.errors.StreamError: pass",
    ),
}


@pytest.mark.world("sync")
@pytest.mark.parametrize("held", _HELD)
def test_x6_places_of_the_parent(held: str) -> None:
    """A place that was taken before the fork is not given back in the child, where another call may have it."""
    before, then = _HELD[held]
    program = f"""
client = Client(max_in_flight=1)
chat = {{"model": "m", "messages": [{{"role": "user", "content": "x"}}]}}
{before}
def work():
    thread = threading.Thread(target=ask, args=[client], daemon=True)
    thread.start()
    while client.stats().in_flight != 1:
        time.sleep(0.001)
    {then}
    return 1 - client.stats().in_flight
print(in_child(work), client.stats().in_flight)
client.close()
"""

    def script(peer: Peer) -> None:
        request = peer.request()
        if request is not None and b'"stream":true' in request:
            peer.say(HEAD + framed(chunk("Hel")))
        else:
            peer.hold()

    with Raw(script) as server:
        assert _run(server, program) == "0 1\n"


@pytest.mark.world("sync")
def test_x6_a_fork_in_a_call() -> None:
    """A call in which a hook forks ends in both processes; in the child it frees no place that another call has."""
    program = """
forked = []
def fork(request):
    if not forked:
        forked.append(os.fork())
        if not forked[0]:
            signal.alarm(8)
            threading.Thread(target=ask, args=[client], daemon=True).start()
            while client.stats().in_flight != 1:
                time.sleep(0.001)
client = Client(max_in_flight=1, on_request=fork)
client.chat.create.sync(model="m", messages=[{"role": "user", "content": "quick"}])
if not forked[0]:
    os._exit(1 - client.stats().in_flight)
print(os.waitstatus_to_exitcode(os.waitpid(forked[0], 0)[1]), client.stats().in_flight)
"""

    def script(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if b"quick" not in request:
                peer.hold()
                return
            peer.send(reply())

    with Raw(script) as server:
        assert _run(server, program) == "0 0\n"


@pytest.mark.world("asyncio")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_x6_sockets_of_the_parents_event_loops(scheme: str, request: pytest.FixtureRequest) -> None:
    """The child holds no socket of the parent's event loops, and closing them does not disturb the parent."""
    made = request.getfixturevalue("certificate")("IP:127.0.0.1") if scheme == "https" else None
    more = threading.Event()

    def script(peer: Peer) -> None:
        while (asked := peer.request()) is not None:
            if b'"stream":true' not in asked:
                peer.send(reply(b'{"object":"list","data":[]}'))
                continue
            peer.send(HEAD + framed(chunk("Hel")))
            more.wait(10)
            peer.send(framed(chunk("lo", "stop"), DONE) + LAST)

    program = f"""
import asyncio
async def main():
    async with Client(max_in_flight=None, http_options={{"verify": {made.file if made else True!r}}}) as client:
        chat = {{"model": "m", "messages": [{{"role": "user", "content": "x"}}]}}
        async with client.chat.create.asyncio_stream(**chat) as stream:
            await anext(stream)
            await client.models.list.asyncio()
            assert peers() == 2
            def child():
                return peers() + in_child(peers) + asyncio.run(again(client))
            print(in_child(child), peers(), flush=True)
            await client.models.list.asyncio()
            await asyncio.to_thread(sys.stdin.readline)
            print((await stream.final()).choices[0].message.content, peers())

async def again(client):
    await client.models.list.asyncio()
    return peers() - 1

asyncio.run(main())
"""
    with Raw(script, tls=made.context if made else None) as server:
        command = [sys.executable, "-c", _START + program, server.url]
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, **pipes) as process:
            assert process.stdout is not None
            said = process.stdout.readline()
            more.set()
            out, error = process.communicate("\n", timeout=20)
        assert (said, out, error) == ("0 2\n", "Hello 2\n", "")
        assert server.connections == 3


@pytest.mark.world("sync")
def test_x6_a_cassette_that_is_written() -> None:
    """A cassette that a thread of the parent is writing to is of use in the child."""
    program = f"""
{_SLOWLY}
import tempfile
from sdk.testing import Cassette
with tempfile.TemporaryDirectory() as folder, Cassette(folder + "/tape.yaml", mode="new_episodes") as cassette:
    ask()
    def busy():
        with cassette._lock.lock:
            held.set()
            free.wait(30)
    thread = threading.Thread(target=busy)
    thread.start()
    assert held.wait(10)
    print(in_child(ask))
    free.set()
    thread.join()
"""
    with Raw(always(reply(b'{"object":"list","data":[]}'))) as server:
        assert _run(server, program) == "0\n"
