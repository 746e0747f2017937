"""Run the command line: ``python -m sdk``."""

import sys

from sdk._cli import main as run


def main() -> int:
    """Run the command line, and return the exit code."""
    return run("sdk", "sdk.client:Client", "sdk._cli.people", distribution="openai-compatible-sdk")


if __name__ == "__main__":
    sys.exit(main())
