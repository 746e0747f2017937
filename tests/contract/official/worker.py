"""Call the official package, a call for each line of standard input; runs in a process that has it on its path.

A line is JSON: {"method": "chat.completions.create"} asks for the names of the method's parameters, and with
"arguments" it is called with them. Each line is answered by one: {"parameters": [...]} or {"error": text or null}.
"""

from __future__ import annotations

import base64
import inspect
import json
import sys
import warnings
from typing import Any


def decoded(value: Any) -> Any:
    """Return an argument; a file is written as {"$file": name, "base64": content}."""
    if isinstance(value, dict):
        if "$file" in value:
            return value["$file"], base64.b64decode(value["base64"])
        return {key: decoded(inner) for key, inner in value.items()}
    return [decoded(inner) for inner in value] if isinstance(value, list) else value


def call(method: Any, arguments: dict[str, Any]) -> str | None:
    """Call a method; return what it raised, as text."""
    try:
        reply = method(**decoded(arguments))
        if hasattr(reply, "close"):
            reply.close()
    except Exception as error:
        return repr(error)
    return None


def main(url: str, options: str) -> None:
    """Answer lines until standard input ends; `options` are those of the client, as JSON."""
    import openai  # type: ignore[import-not-found, unused-ignore]

    warnings.simplefilter("ignore")
    client: Any = openai.OpenAI(base_url=url, max_retries=0, **json.loads(options))
    for line in sys.stdin:
        asked = json.loads(line)
        method = client
        for name in asked["method"].split("."):
            method = getattr(method, name)
        if "arguments" in asked:
            answer: dict[str, Any] = {"error": call(method, asked["arguments"])}
        else:
            answer = {"parameters": list(inspect.signature(method).parameters)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
