"""The client that people make: options and connections, with every resource of the API on it."""

from __future__ import annotations

from ._client import BaseClient
from .api._resources import Resources


class Client(Resources, BaseClient):
    """A client for one API: `client.chat.create.sync(...)`, `client.files.list.iter()`.

    Options come as keyword arguments, else from the environment, else from the defaults; read them back from
    `client.options`. One client serves sync and async calls, threads, and one event loop after another. Close it with
    `with`, `async with`, `close()` or `await aclose()`.

    Raises: TypeError for an unknown option, ConfigError for a value that cannot work.
    """
