"""A reply whose state changes on the server: what its model says of it, and the operations that read and cancel it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

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


class _Use(NamedTuple):
    """An operation on a job, the arguments that the reply has for it, and the field of one that it does not have."""

    operation: str
    arguments: dict[str, Any]
    missing: str


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
                f"the {type(self.model).__name__} has no {name}, so nothing shows whether it has ended",
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
        found = self._use(use)
        if found is None:
            how = self.calling("cancel")
            raise RequestError(
                f"{self.title} is {one_line(self.state)}, and no operation of the API reads it again: "
                f"call what ends it{f', or {how}' if how else ''}"
            )
        module, _, verb = found.operation.rpartition(".")
        operation: Operation[..., Any] = getattr(import_module(f"{self.root}.api.{module}"), verb)
        return operation.unwarned()

    def arguments(self, use: str) -> dict[str, str]:
        """Return the arguments of that operation. Raises: RequestError if the reply has no value for one."""
        found = self._use(use)
        if found is not None and found.missing:
            raise RequestError(f"the {type(self.model).__name__} has no {found.missing}, so it cannot be read again")
        return {} if found is None else found.arguments

    def calling(self, use: str) -> str:
        """Return the call of an operation as Python, '' if the API has none or an argument is missing."""
        found = self._use(use)
        if found is None or found.missing:
            return ""
        return f"client.{found.operation}.sync({', '.join(repr(one_line(v)) for v in found.arguments.values())})"

    def _use(self, use: str) -> _Use | None:
        """Return the first operation for which the reply has all arguments, else the last; None if there is none."""
        found = None
        for operation, fields in self._wait.get(use, ()):
            values = {name: getattr(self.model, field, None) for name, field in fields.items()}
            missing = [fields[name] for name, value in values.items() if not isinstance(value, str)]
            found = _Use(operation, values, "".join(missing[:1]))
            if not missing:
                break
        return found

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
