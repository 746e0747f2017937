"""What operations are made of, for rooms that work with all of them alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..request.spec import EndpointSpec
from . import Operation
from .forms import Form, operation_of_form


def operation_of(value: object) -> Operation[..., Any] | None:
    """Return an operation, or that of one of its forms; None for anything else."""
    if isinstance(value, Form):
        value = operation_of_form(value)
    return value if isinstance(value, Operation) else None


def builder_of(operation: Operation[..., Any]) -> Callable[..., Any]:
    """Return the function that builds the requests of an operation; it has the signature."""
    return operation._build


def spec_of(operation: Operation[..., Any]) -> EndpointSpec:
    """Return the specification of an operation besides its signature."""
    return operation._spec


def streams_text(operation: Operation[..., Any], client: Any) -> bool:
    """Return whether the events of an operation's streams have text that the API of a client knows how to read."""
    return operation._spec.events in client._service.accumulators
