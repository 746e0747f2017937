"""Run the local server as a program: ``python -m sdk.testing``."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .._version import __version__
from .server.program import options_of, run

if TYPE_CHECKING:
    from .server.loopback import Loopback

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


def main(arguments: Sequence[str] | None = None, program: str = "python -m sdk.testing") -> int:
    """Serve until interrupted, and return the exit code: 0, or 1 if the server cannot start.

    `program` is what people called, for the help.
    """
    parser = options_of(program, _DESCRIPTION, _EPILOG, __version__, "tokens")
    return run(parser, _server, _greeting, arguments)


def _server(options: argparse.Namespace) -> "Loopback":
    from . import LocalServer, State

    return LocalServer(
        host=options.host,
        port=options.port,
        api_key=options.api_key or None,
        state=State(keep_requests=False),  # no caller can look at them, and the program may run for weeks
        latency=options.latency,
        tokens_per_second=options.rate,
        validate=not options.no_validation,
        allow_unknown=options.allow_unknown,
        max_body_bytes=options.max_body_bytes,
    )


def _greeting(url: str, api_key: str) -> str:
    # Packages of other languages mostly read the second variable.
    bases = f"export OPENAI_API_BASE={url}\nexport OPENAI_BASE_URL={url}\n"
    return f"Serving {url}\n\n{bases}export OPENAI_API_KEY={api_key or 'any-key'}\n"


if __name__ == "__main__":
    sys.exit(main())
