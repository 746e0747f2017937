"""How fast this SDK is, beside the official package and bare httpx with orjson: `python -m benchmarks --help`."""
