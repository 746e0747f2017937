"""How fast this SDK is, beside a plain socket, bare httpx and the official package: `python -m benchmarks --help`."""
