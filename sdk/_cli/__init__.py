"""The command line of a package: every operation of its API, made from the generated code.

`main` is the door. The room knows no API: what an API adds, commands for people, comes in by name.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(
    package: str, client: str, extras: str = "", arguments: Sequence[str] | None = None, *, distribution: str
) -> int:
    """Run the command line of `package`, and return the exit code.

    `client` is "module:class"; `extras` is a module with COMMANDS and `text_of`, or "". `distribution` brings the
    package; with its extra `cli`, what the command line needs.
    """
    try:
        import click as click
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print(f"{package}: the command line needs more: pip install '{distribution}[cli]'", file=sys.stderr)
        return 2
    from .program import run

    return run(package, client, extras, arguments)
