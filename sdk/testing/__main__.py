"""Run the local server as a program: ``python -m sdk.testing``."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from .._version import __version__

_DESCRIPTION = """\
Serve the OpenAI HTTP API on this machine, with generated, deterministic replies, for tests and demos.
No model runs, and nothing leaves this machine. Press Ctrl-C to stop.
"""
_EPILOG = """\
examples:
  python -m sdk.testing                        http://127.0.0.1:8000/v1 with the key test-key
  python -m sdk.testing --port 0               use any free port and print the URL
  python -m sdk.testing --api-key ""           accept all requests, with or without a key
  python -m sdk.testing --tokens-per-second 30 stream at the speed of a model
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted, and return the exit code: 0, or 1 if the server cannot start."""
    options = _parser().parse_args(arguments)
    try:
        from . import LocalServer, State
    except ModuleNotFoundError as error:
        return _fail(str(error))
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    server = LocalServer(
        host=options.host,
        port=options.port,
        api_key=options.api_key or None,
        state=State(keep_requests=False),  # nobody can look at them, and the program may run for weeks
        latency=options.latency,
        tokens_per_second=options.tokens_per_second,
        validate=not options.no_validation,
        allow_unknown=options.allow_unknown,
        max_body_bytes=options.max_body_bytes,
    )
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.start()
        print(_greeting(server.url, options.api_key), flush=True)
        # On Windows a wait without a timeout cannot be interrupted.
        while not stop.wait(1):
            pass
    except OSError as error:
        return _fail(f"cannot listen on {options.host} port {options.port}: {error.strerror or error}")
    finally:
        server.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sdk.testing",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", default=8000, type=_port, help="the port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--api-key", default="test-key", help="the key to require, '' for none (default: %(default)s)")
    parser.add_argument("--latency", default=0.0, type=_seconds, metavar="SECONDS", help="wait before every response")
    parser.add_argument(
        "--tokens-per-second", default=None, type=_rate, metavar="N", help="the speed of streams (default: no limit)"
    )
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
    parser.add_argument("--version", action="version", version=__version__)
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


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0
    if not 0 < rate < 1e9:
        raise argparse.ArgumentTypeError("must be a number of tokens above 0")
    return rate


def _greeting(url: str, api_key: str) -> str:
    # Packages of other languages mostly read the second variable.
    bases = f"export OPENAI_API_BASE={url}\nexport OPENAI_BASE_URL={url}\n"
    return f"Serving {url}\n\n{bases}export OPENAI_API_KEY={api_key or 'any-key'}\n"


def _fail(message: str) -> int:
    print(f"python -m sdk.testing: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
