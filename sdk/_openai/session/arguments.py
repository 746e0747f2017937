"""The arguments of sessions, checked where they are given: a turn that fails for one of them has cost a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..._core.client.base import BaseClient


def check_str(name: str, value: object) -> None:
    """Raise TypeError for what is neither a str nor None, ValueError for an empty str."""
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name}= must be a str, not {type(value).__name__}")
    if value == "":
        raise ValueError(f"{name}= is empty")


def check_function(name: str, value: object) -> None:
    """Raise TypeError for what is neither callable nor None."""
    if value is not None and not callable(value):
        raise TypeError(f"{name}= must be callable, not {type(value).__name__}")


def check_count(name: str, value: object) -> None:
    """Raise TypeError for anything that is not a whole number, ValueError for a negative one."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}= must be a whole number, not {type(value).__name__}")
    if value < 0:
        raise ValueError(f"{name}= must be at least 0")


def check_client(client: Any) -> BaseClient | None:
    """Return a client, or None. Raises TypeError for anything else."""
    if client is not None:
        from ..._core.client.base import BaseClient  # here: a session without a client loads none

        if not isinstance(client, BaseClient):
            meant = "; a session's model is model=..." if isinstance(client, str) else ""
            raise TypeError(f"client= must be a Client, not {type(client).__name__}{meant}")
    found: BaseClient | None = client
    return found
