"""What hooks receive of a call: one record for each moment. No key, no prompt, no query value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from ..public import expose

if TYPE_CHECKING:
    from ..errors import APIError


@frozen(eq=False, kw_only=True)
class CallInfo:
    """One call. All records of a call hold the same object, so that it may be a key of a dict."""

    #: The name of the operation, such as "chat.create"; method and path where it has none.
    operation: str
    #: The model that the request names, None without one.
    model: str | None
    #: Whether the reply is read as a stream.
    streamed: bool
    method: str
    #: The URL, without the values of its query.
    url: str


@frozen(kw_only=True)
class CallEvent:
    """A moment of a call."""

    call: CallInfo


@frozen(kw_only=True)
class CallStarted(CallEvent):
    """A call begins: nothing is sent yet."""


@frozen(kw_only=True)
class CallWaits(CallEvent):
    """A call waits: for its turn ("turn"), after a refusal ("pause"), or before another attempt ("retry")."""

    reason: Literal["turn", "pause", "retry"]
    #: The number of the attempt that failed; 0 before the first one.
    attempt: int
    #: How long it waits; None until it is its turn.
    seconds: float | None
    #: The error of the attempt that failed.
    error: APIError | None


@frozen(kw_only=True)
class AttemptStarted(CallEvent):
    """A request is about to be sent. A hook may return headers that are sent with it, as a mapping."""

    attempt: int
    #: The headers; all values that may be secret read `***`.
    headers: Mapping[str, str]


@frozen(kw_only=True)
class ResponseStarted(CallEvent):
    """The headers of a response are there."""

    attempt: int
    status_code: int
    #: The headers without secrets.
    headers: Mapping[str, str]
    request_id: str | None
    #: Seconds since the request was sent.
    elapsed: float


@frozen(kw_only=True)
class FirstPiece(CallEvent):
    """The first event of a stream is there, or the whole reply."""

    #: Seconds since the call began.
    elapsed: float


@frozen(kw_only=True)
class CallEnded(CallEvent):
    """A call is over; a call with a stream when the stream is."""

    #: How many requests were sent.
    attempts: int
    #: Seconds since the call began, and how many of them it waited: for its turn, after refusals, before attempts.
    elapsed: float
    waited: float
    #: Those of the last response, None without one.
    status_code: int | None
    request_id: str | None
    #: The size of the reply as it was read: without its compression and framing.
    received_bytes: int
    #: What the call raised.
    error: Exception | None
    #: Whether the caller ended the call: by cancelling it, or by leaving its stream.
    cancelled: bool


expose(globals(), "hooks")
