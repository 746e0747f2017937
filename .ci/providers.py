"""Write docs/providers.md from sdk/_openai/providers.json. Exit code 1: with --check, the page differs."""

from __future__ import annotations

import sys
from pathlib import Path

from sdk._openai.providers import Provider, providers

PAGE = Path(__file__).parents[1] / "docs/providers.md"
INTRODUCTION = """\
# Providers

`Client.for_provider(name)` knows the base URL of a vendor, and reads the key from the vendor's own variable. It never
sends OPENAI_API_KEY to another vendor; options take precedence, as they do for `Client(...)`:

```python
from sdk import Client

with Client.for_provider("vllm", api_base="http://localhost:8000/v1", api_key="test-key", timeout=300) as client:
    print([model.id for model in client.models.list.sync().data])
```

`azure`, `bedrock` and `vertex` fill in `AzureAuth()`, `AWSAuth()` and `GoogleAuth()` of [`sdk.auth`](auth.md), which
read the variables of their clouds. If a variable is missing, `for_provider` raises ConfigError, which names it; servers
of your own need no key unless you give them one. Where a key does not fit the server, the error of the call says so.

Keys are sent as `Authorization: Bearer`, except where a quirk says otherwise. Each row has the page of the vendor that
it comes from, and the day on which that was read; "unchecked" marks a row whose facts nobody has seen there in full.
[docs/servers.md](servers.md) has more on servers of your own.
"""
HEADER = """\
| name | vendor | base URL | variables | quirks | source |
|---|---|---|---|---|---|"""
END = """\
`python .ci/providers.py` writes this page from `sdk/_openai/providers.json`. Do not edit it.
"""


def row(provider: Provider) -> str:
    """Return the row of a provider."""
    names = [" or ".join(f"`{name}`" for name in more) for more in provider.variables.values()]
    keys = " or ".join(f"`{name}`" for name in provider.keys)
    variables = "; ".join([*names, *([keys] if keys else [])]) or "none"
    quirks = "; ".join(provider.quirks) or "none known"
    checked = "" if provider.checked else ", unchecked"
    source = f"[{provider.read}]({provider.source}){checked}"
    return f"| `{provider.name}` | {provider.title} | `{provider.api_base}` | {variables} | {quirks} | {source} |"


def page() -> str:
    """Return the whole page."""
    return "\n".join([INTRODUCTION, HEADER, *map(row, providers().values()), "", END])


def main(arguments: list[str]) -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" in arguments:
        same = PAGE.read_text(encoding="utf-8") == text
        if not same:
            print("docs/providers.md differs: python .ci/providers.py", file=sys.stderr)
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
