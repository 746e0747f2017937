"""One run in a process of its own, for tests that kill it: python -m tests.bulk.crash URL SOURCE TARGET CONCURRENCY."""

from __future__ import annotations

import sys

import sdk
from sdk import Client


def main(url: str, source: str, target: str, concurrency: str) -> None:
    """Run it with a client that is not paced: an old process says nothing to a new one."""
    number = int(concurrency)
    with Client(api_base=url, api_key="test-key", max_in_flight=number, pace=False) as client:
        print(sdk.bulk.run(source, target, client=client, concurrency=number))


if __name__ == "__main__":
    main(*sys.argv[1:])
