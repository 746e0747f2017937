"""Show both jobs: call the API, and regenerate the SDK from its pinned description."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sdk import Client
from sdk.errors import APIStatusError, SDKError

from .screen import Screen
from .steps import STEPS, Skipped, Stage, Step

_ROOT = Path(__file__).resolve().parent.parent
# Statuses of an endpoint that a server does not have, or does not have for this model.
_UNSUPPORTED = frozenset({404, 405, 501})
_NO_KEY = """\
make demo LIVE=1 calls the server at OPENAI_API_BASE (default: https://api.openai.com/v1, which costs money)
with the key in OPENAI_API_KEY, which is not set. For example:

  export OPENAI_API_KEY=...                          # any value for a server that needs no key
  export OPENAI_API_BASE=http://localhost:8000/v1    # your own server
  make demo LIVE=1

Without LIVE=1 the demo needs no key: it starts a local server."""
_NEXT = """\
  make test                                     run the tests
  make demo LIVE=1                              run the demo on your server: OPENAI_API_BASE, OPENAI_API_KEY
  .venv/bin/python -m sdk.testing --port 8000   serve generated replies to your own programs
  less README.md                                read the introduction"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; return 0 if all steps passed or were skipped, 1 if one failed, 2 if it could not start."""
    options = _parser().parse_args(arguments)
    if options.live and not os.environ.get("OPENAI_API_KEY"):
        print(_NO_KEY, file=sys.stderr)
        return 2
    calls, generates = options.job in ("both", "call"), options.job in ("both", "generate")
    screen = Screen(len(STEPS) * calls + generates)
    good = True
    try:
        if calls:
            good &= _call(screen, live=options.live)
        if generates:
            good &= _generate(screen)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except SDKError as error:  # an invalid option in the environment
        print(f"error: {error}", file=sys.stderr)
        return 2
    if good:
        screen.heading("What next")
        screen.plain(_NEXT)
    return 0 if good else 1


def _call(screen: Screen, *, live: bool) -> bool:
    """Show the first job, on the server of the environment or on a local one."""
    if live:
        with Client() as client:
            screen.title(f"Job 1: call the API at {client.options.api_base}", "with the key of OPENAI_API_KEY")
            return _steps(screen, client)
    with (
        _local_server() as (url, key),
        # Ignore proxies of the environment for a server on this machine.
        Client(api_base=url, api_key=key, http_options={"trust_env": False}) as client,
    ):
        screen.title(f"Job 1: call the API at {url}", "a local server with generated replies; it needs no key")
        return _steps(screen, client)


@contextmanager
def _local_server() -> Iterator[tuple[str, str]]:
    """Run the local server in another process, on a free port; yield its URL and its key."""
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        del os.environ[name]  # they are for another server
    key = secrets.token_hex(8)
    command = [sys.executable, "-m", "sdk.testing", "--port", "0", "--api-key", key]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            greeting = program.stdout.readline()
            if not greeting.startswith("Serving "):
                raise SystemExit("the local server did not start, see above")
            yield greeting.removeprefix("Serving ").strip(), key
        finally:
            program.terminate()


def _steps(screen: Screen, client: Client) -> bool:
    stage = Stage(client, screen, Path(tempfile.mkdtemp(prefix="sdk-demo-")))
    good = _step(stage, STEPS[0])
    if not good:
        screen.say("The other calls are skipped: they would fail in the same way.")
        return False
    for step in STEPS[1:]:
        good &= _step(stage, step)  # a failed step does not stop the others
    return good


def _step(stage: Stage, step: Step) -> bool:
    """Show one step; report an error, and skip what the server does not have."""
    stage.screen.step(step.title, step.code)
    try:
        stage.screen.done(step.show(stage))
    except Skipped as reason:
        stage.screen.skipped(str(reason))
    except APIStatusError as error:
        if error.status_code not in _UNSUPPORTED:
            stage.screen.failed(str(error))
            return False
        stage.screen.skipped(f"this server does not support it: {error}")
    except SDKError as error:
        stage.screen.failed(str(error))
        return False
    return True


def _generate(screen: Screen) -> bool:
    """Show the second job: write the generated folders, and compare them with the output for the document."""
    screen.heading("Job 2: regenerate the SDK from the pinned API description")
    screen.step("Generate, then check", "python -m generator generate && python -m generator check")
    screen.flush()
    for command in ("generate", "check"):
        arguments = [sys.executable, "-m", "generator", command]
        # One stream keeps the output in order in a pipe.
        code = subprocess.run(arguments, cwd=_ROOT, stderr=subprocess.STDOUT, check=False).returncode
        if code:
            screen.failed(f"python -m generator {command} ended with exit code {code}")
            return False
    screen.done("the SDK matches spec/openapi.yaml and spec/overlay.yaml")
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument(
        "--live", action="store_true", help="call the server of OPENAI_API_BASE and OPENAI_API_KEY; this may cost money"
    )
    parser.add_argument(
        "--job", choices=("both", "call", "generate"), default="both", help="the job to show (default: %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
