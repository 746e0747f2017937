"""The options of one connection, checked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from ..errors import RequestError
from .handshake import Setup
from .watch import Limits

if TYPE_CHECKING:
    from ..options.resolve import Options
    from ..options.typed import AnyClient
    from .backlog import Reconnected


class ConnectOptions(TypedDict, total=False):
    """The options of every connection, besides the arguments of its path. Times are seconds; None is no limit."""

    client: AnyClient | None
    #: The longest wait for the answer to the handshake, and for the server to take what is sent.
    timeout: float | None
    #: The longest wait for the next event; no limit by default, since a conversation may be silent.
    stall_timeout: float | None
    #: The time that the whole connection may take.
    deadline: float | None
    max_retries: int
    extra_headers: Mapping[str, str] | None
    extra_query: Mapping[str, Any] | None
    #: Silence after which the server is asked whether it lives, and how long its answer may take.
    ping_interval: float | None
    ping_timeout: float | None
    #: The size of the largest event that is read; by default the client's max_line_bytes.
    max_message_bytes: int | None
    #: How many events wait for a slow reader before the server has to.
    queue_size: int
    #: Compress messages, where the server agrees: text gets smaller, and costs CPU time.
    compression: bool
    #: How long closing waits for the server.
    close_timeout: float
    #: Open the connection again when it breaks: True, or a function that is called with a `Reconnected` each time.
    reconnect: bool | Callable[[Reconnected], object]


CONNECT_OPTIONS = frozenset(ConnectOptions.__annotations__)
_SECONDS = ("ping_interval", "ping_timeout", "stall_timeout", "deadline", "timeout", "close_timeout")


class Settings(NamedTuple):
    """What the options of a connection come to."""

    setup: Setup
    limits: Limits
    reconnect: bool
    on_reconnect: Callable[[Reconnected], object] | None


def settings_of(name: str, given: Mapping[str, Any], options: Options, subprotocols: tuple[str, ...]) -> Settings:
    """Return what the options come to. Raises RequestError for the first invalid one."""
    for option in _SECONDS:
        value = given.get(option)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not value > 0):
            raise RequestError(f"{name}: {option}= must be a number of seconds above 0, not {value!r}")
    for option, least in (("max_message_bytes", 1), ("queue_size", 1)):
        value = given.get(option)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            raise RequestError(f"{name}: {option}= must be a whole number above 0, not {value!r}")
    reconnect = given.get("reconnect", False)
    if not isinstance(reconnect, bool) and not callable(reconnect):
        raise RequestError(f"{name}: reconnect= is True, False or a function, not {type(reconnect).__name__}")
    timeout = given.get("timeout", options.timeout)
    budget = given.get("deadline", options.deadline)
    return Settings(
        Setup(
            subprotocols, bool(given.get("compression")), given.get("max_message_bytes", options.max_line_bytes),
            given.get("queue_size", Setup().queue_size), given.get("close_timeout", Setup().close_timeout), timeout,
        ),
        Limits(
            given.get("ping_interval", Limits().ping_interval), given.get("ping_timeout", Limits().ping_timeout),
            given.get("stall_timeout"), timeout, None if budget is None else time.monotonic() + budget,
        ),
        bool(reconnect), None if isinstance(reconnect, bool) else reconnect,
    )  # fmt: skip
