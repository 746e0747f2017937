"""A local server for the OpenAI HTTP API, and cassettes: for tests and demos.

```python
from sdk.testing import LocalServer

with LocalServer() as server:
    server.reply("Hello!")                # the model's next reply
    server.fail(429, retry_after=1)       # then an error
    server.url                            # "http://127.0.0.1:PORT/v1"
    server.requests                       # all requests so far, in order
```

``python -m sdk.testing --port 8000`` runs it as a program. It needs the ``testing`` extra. Replies are generated,
deterministic, and valid by the API description. The server shares no code with the client but the checker of values,
so that it can judge the client.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api.state import State
    from .app import create_app
    from .cassettes.cassette import Cassette, NotOnTapeError, cassette
    from .local_server import LocalServer
    from .server.asgi import ASGITransport
    from .server.errors import APIFailure
    from .server.recorded_request import RecordedRequest
    from .server.script import Rule

__all__ = [
    "APIFailure",
    "ASGITransport",
    "Cassette",
    "LocalServer",
    "NotOnTapeError",
    "RecordedRequest",
    "Rule",
    "State",
    "cassette",
    "create_app",
]

_HOMES = {
    "APIFailure": ".server.errors",
    "ASGITransport": ".server.asgi",
    "Cassette": ".cassettes.cassette",
    "LocalServer": ".local_server",
    "NotOnTapeError": ".cassettes.cassette",
    "RecordedRequest": ".server.recorded_request",
    "Rule": ".server.script",
    "State": ".api.state",
    "cassette": ".cassettes.cassette",
    "create_app": ".app",
}
# Import names of the packages of the `testing` extra.
_EXTRA = ("python_multipart", "starlette", "uvicorn", "yaml")


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `import sdk.testing` alone loads no web framework."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(_HOMES[name], __name__), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise ModuleNotFoundError(
            f"sdk.testing needs the package {error.name!r}. "
            'Install it with: pip install "openai-compatible-sdk[testing]"',
            name=error.name,
        ) from error


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
