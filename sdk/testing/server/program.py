"""A local server as a program: its options, and the loop that serves until it is interrupted."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .loopback import Loopback


def run(
    parser: argparse.ArgumentParser,
    make: Callable[[argparse.Namespace], "Loopback"],
    greeting: Callable[[str, str], str],
    arguments: Sequence[str] | None = None,
) -> int:
    """Serve until interrupted, and return the exit code: 0, or 1 if the server cannot start.

    `greeting` returns what is printed, from the URL and the key.
    """
    options = parser.parse_args(arguments)
    try:
        server = make(options)
    except ModuleNotFoundError as error:
        return _fail(parser, str(error))
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.start()
        print(greeting(server.url, options.api_key), flush=True)
        # On Windows a wait without a timeout cannot be interrupted.
        while not stop.wait(1):
            pass
    except OSError as error:
        return _fail(parser, f"cannot listen on {options.host} port {options.port}: {error.strerror or error}")
    finally:
        server.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def options_of(prog: str, description: str, epilog: str, version: str, unit: str = "events") -> argparse.ArgumentParser:
    """Return the options of a server; `unit` is what its streams send."""
    parser = argparse.ArgumentParser(
        prog=prog, description=description, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", default=8000, type=_port, help="the port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--api-key", default="test-key", help="the key to require, '' for none (default: %(default)s)")
    parser.add_argument("--latency", default=0.0, type=_seconds, metavar="SECONDS", help="wait before every response")
    parser.add_argument(
        f"--{unit}-per-second", default=None, type=_rate(unit), metavar="N", dest="rate",
        help="the speed of streams (default: no limit)",
    )  # fmt: skip
    parser.add_argument(
        "--allow-unknown", action="store_true", help="allow parameters that the API description does not have"
    )
    parser.add_argument(
        "--no-validation", action="store_true", help="allow requests that are not valid by the API description"
    )
    parser.add_argument(
        "--max-body-bytes", default=512 * 1024 * 1024, type=_bytes, metavar="N",
        help="the largest body of a request (default: 512 MiB)",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=version)
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 65_536):
        raise argparse.ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)


def _bytes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise argparse.ArgumentTypeError("must be a number of bytes")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < 86_400:
        raise argparse.ArgumentTypeError("must be a number of seconds")
    return seconds


def _rate(unit: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            rate = float(text)
        except ValueError:
            rate = 0
        if not 0 < rate < 1e9:
            raise argparse.ArgumentTypeError(f"must be a number of {unit} above 0")
        return rate

    return read


def _fail(parser: argparse.ArgumentParser, message: str) -> int:
    print(f"{parser.prog}: {message}", file=sys.stderr)
    return 1
