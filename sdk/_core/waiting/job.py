"""A reply whose state changes on the server: what its model says of it, and the operations that read and cancel it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import APIResponseError, RequestError
from ..errors.redact import one_line
from ..model import ApiModel
from ..public import expose

if TYPE_CHECKING:
    from ..operation import Operation


class Waitable(Protocol):
    """A reply that can be waited for: its API description says which of its fields is its state."""

    @property
    def _wait(self) -> Mapping[str, object]: ...


class Job:
    """The latest state of a reply, and what can be done with it. No I/O."""

    __slots__ = ("_wait", "model", "root")

    def __init__(self, model: Any) -> None:
        wait: Mapping[str, Any] | None = getattr(type(model), "_wait", None)
        if wait is None:
            raise TypeError(f"a reply with a state is needed, such as the one of a batch, not {type(model).__name__}")
        self._wait, self.model = wait, model
        #: The package that the model is part of.
        self.root = type(model).__module__.partition(".models.")[0]

    @property
    def state(self) -> str:
        """The state. Raises: APIResponseError if the reply has none."""
        name = self._wait["state"]
        state = getattr(self.model, name, None)
        if not isinstance(state, str):
            raise APIResponseError(
                f"the {type(self.model).__name__} has no {name}, so nothing tells whether it has ended",
                body=self.model.to_dict(),
            )
        return state

    @property
    def ended(self) -> bool:
        """Whether the state does not change any more."""
        return self.state in self._wait["ends"]

    @property
    def failed(self) -> bool:
        """Whether the job has ended without its result."""
        return self.state in self._wait.get("failures", ())

    @property
    def title(self) -> str:
        """The class of the reply and its id."""
        found = getattr(self.model, "id", None)
        return f"{type(self.model).__name__} {one_line(found)}" if isinstance(found, str) else type(self.model).__name__

    def operation(self, use: str) -> Operation[..., Any]:
        """Return the operation that reads or cancels the job. Raises: RequestError if the API has none."""
        if use not in self._wait:
            how = self.calling("cancel")
            raise RequestError(
                f"{self.title} is {one_line(self.state)}, and no operation of the API reads it anew: "
                f"call what ends it{f', or {how}' if how else ''}"
            )
        module, _, verb = self._wait[use][0].rpartition(".")
        operation: Operation[..., Any] = getattr(import_module(f"{self.root}.api.{module}"), verb)
        return operation

    def arguments(self, use: str) -> dict[str, str]:
        """Return the arguments of that operation. Raises: RequestError if the reply has no value for one."""
        found = {}
        for name, field in self._wait[use][1].items():
            value = getattr(self.model, field, None)
            if not isinstance(value, str):
                raise RequestError(f"the {type(self.model).__name__} has no {field}, so it cannot be read anew")
            found[name] = value
        return found

    def calling(self, use: str) -> str:
        """Return the call of an operation as Python, '' if the API has none or an argument is missing."""
        if use not in self._wait:
            return ""
        name, fields = self._wait[use]
        values = [getattr(self.model, field, None) for field in fields.values()]
        texts = [repr(one_line(value)) for value in values if isinstance(value, str)]
        return f"client.{name}.sync({', '.join(texts)})" if len(texts) == len(values) else ""

    def problem(self) -> tuple[str, str | None]:
        """Return the server's message about a failure, '' if there is none, and its code."""
        for path in self._wait.get("errors", ()):
            value: Any = self.model
            for name in path:
                value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
            message, code = _problem(value)
            if message or code:
                return message, code
        return "", None

    def progress(self) -> Iterator[str]:
        """Yield what the reply says about its progress."""
        for name in self._wait.get("progress", ()):
            value = getattr(self.model, name, None)
            if isinstance(value, ApiModel):
                yield from (f"{key} {n}" for key, n in value.to_dict().items() if isinstance(n, int))
            elif isinstance(value, int):
                yield f"{name} {value}"


def _problem(value: Any) -> tuple[str, str | None]:
    """Return the message and the code of an error in a reply; of several, those of the first, and how many more."""
    if isinstance(value, list):
        found = [_problem(one) for one in value]
        if not found:
            return "", None
        message, code = found[0]
        return (f"{message} (and {len(found) - 1} more)" if len(found) > 1 else message), code
    if isinstance(value, str):
        return value, None
    wire = value.to_dict() if isinstance(value, ApiModel) else value if isinstance(value, dict) else {}
    texts = [text if isinstance(text := wire.get(key), str) else "" for key in ("message", "code", "reason")]
    message, code, reason = texts
    return message or reason, code or None


expose(globals(), "waiting", "Waitable")
