"""Decide when to look at a job again, and what the answer means. No I/O: the caller passes the time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..call.retry import retriable_status, retry_after
from ..client.default import client_of
from ..client.source import source_of
from ..errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    CredentialError,
    JobFailedError,
    JobTimeoutError,
    RedirectError,
    RequestError,
    TLSError,
)
from ..errors.redact import one_line, redact
from ..reply.response import APIResponse
from ..validators import number_problem
from .job import Job

#: The first pause between two looks, what each is longer than the last by, and the longest, in seconds: a job of ten
#: minutes costs 29 requests, and one that takes longer two in a minute.
FIRST, FACTOR, LONGEST = 0.5, 1.5, 30.0
#: The pauses that a server may ask for, in seconds.
SHORTEST_ASKED, LONGEST_ASKED = 0.1, 3600.0
#: How many looks may fail in a row, each after the retries of the client: an outage of minutes is no end of a job.
MAX_FAILED = 5
#: The seconds that the last look may take, which begins when the time of the caller is over.
LAST_LOOK = 10.0


class Watch:
    """One wait: the job, its client, the pauses, and the time that is left. `now` is that of a monotonic clock."""

    __slots__ = (
        "_asked", "_began", "_client", "_deadline", "_failed", "_given", "_looked", "_pause", "_response", "job",
    )  # fmt: skip

    def __init__(self, reply: Any, client: Any, timeout: float | None, now: float, wall: float) -> None:
        problem = None if timeout is None else number_problem(timeout, whole=False, least=0)
        if problem is not None:
            raise RequestError(f"timeout= {problem}")
        self._given = reply if isinstance(reply, APIResponse) else None
        self.job = Job(reply if self._given is None else self._given.parsed)
        self._response = self._given
        self._client = None if client is None else client_of({"client": client}, self.job.root)
        self._began, self._deadline = now, None if timeout is None else now + timeout
        self._pause, self._failed, self._looked = FIRST, 0, False
        self._asked: float | None = None
        if self._given is not None and not self.job.ended:
            self._asked = asked(self._given.headers, self.client._service.poll_header, wall)

    @property
    def client(self) -> Any:
        """The client of the looks: the one given, or that of the reply."""
        if self._client is None:
            self._client = source_of(self.job.model, self.job.root)
        return self._client

    @property
    def reply(self) -> Any:
        """The reply in its latest state: of the type that was given."""
        return self.job.model if self._given is None else self._response

    def pause(self, now: float) -> float:
        """Return the seconds until the next look. Raises: JobTimeoutError once the time of the caller is over."""
        pause, self._asked = self._asked, None
        if pause is None:
            pause, self._pause = self._pause, min(self._pause * FACTOR, LONGEST)
        if self._deadline is None:
            return pause
        left = self._deadline - now
        if left <= 0 and self._looked:
            raise self._timed_out(now)
        return max(min(pause, left), 0.0)

    def arguments(self, now: float) -> dict[str, Any]:
        """Return the arguments of the next look. It has the time that is left to the caller, and a little more."""
        found = {**self.job.arguments("read"), "client": self.client}
        if self._deadline is not None:
            limit, own = max(self._deadline - now, LAST_LOOK), self.client.options.deadline
            found["deadline"] = limit if own is None else min(limit, own)
        return found

    def take(self, response: APIResponse[Any], wall: float) -> bool:
        """Take the answer of a look, and return whether the state is another one. `wall` is Unix time in seconds."""
        before, job = self.job.state, Job(response.parsed)
        self._response, self._failed, self._looked = response, 0, True
        changed = job.state != before
        self.job = job
        self._asked = asked(response.headers, self.client._service.poll_header, wall)
        return changed

    def fail(self, error: APIError, now: float, wall: float) -> None:
        """Take the failure of a look: raise it, unless a later look may succeed."""
        self._failed, self._looked = self._failed + 1, True
        if not passes(error) or self._failed >= MAX_FAILED:
            raise error
        if self._deadline is not None and now >= self._deadline:
            raise self._timed_out(now) from error
        self._asked = asked(error.headers, "", wall)

    def result(self, *, check: bool) -> Any:
        """Return the reply in its last state. Raises: JobFailedError if it is a failure, with `check`."""
        job = self.job
        if not (check and job.failed):
            return self.reply
        message, code = job.problem()
        text = f"{job.title} ended as {job.state}"
        hint = "check=False returns it as it is."
        raise self._known(
            JobFailedError(f"{text}: {message}" if message else text, reply=job.model, code=code, hint=hint)
        )

    def explain(self, error: BaseException) -> None:
        """Add a note to an error that ends the wait, but not the job: how to cancel it, and how to continue waiting."""
        if not isinstance(error, JobTimeoutError):
            error.add_note(f"{self.job.title} continues on the server. {self._ways()}")

    def line(self, now: float) -> str:
        """Return the state of the job in one line."""
        facts = [one_line(self.job.state), *self.job.progress(), f"{max(now - self._began, 0):.0f} s"]
        return f"{self.job.title}: {', '.join(facts)}"

    def _ways(self) -> str:
        cancel, read = self.job.calling("cancel"), self.job.calling("read")
        ways = [f"To cancel it: {cancel}."] if cancel else []
        return " ".join([*ways, f"To wait on: wait({read})."] if read else ways)

    def _timed_out(self, now: float) -> APIError:
        text = f"{self.job.title} is still {self.job.state} after {now - self._began:.0f} s"
        return self._known(
            JobTimeoutError(text, reply=self.job.model, hint=f"It continues on the server. {self._ways()}")
        )

    def _known(self, error: APIError) -> APIError:
        """Return an error with what the last look shows, and without secrets that a server may have put into it."""
        if self._looked and self._response is not None:
            from ..errors.attempt import RequestInfo

            request = self._response.request
            error.request, error.request_id = RequestInfo(request.method, request.url), self._response.request_id
            redact(error, self.client._context.secrets(request))
        return error


def passes(error: APIError) -> bool:
    """Return whether an error may pass: the network's, or a server's that is busy or out of order."""
    if isinstance(error, CredentialError):  # of a token server, whose own error is the cause
        return isinstance(error.__cause__, APIError) and passes(error.__cause__)
    if isinstance(error, APIStatusError):
        return retriable_status(error.status_code, error.headers, error.code, error.type)
    return isinstance(error, APIConnectionError) and not isinstance(error, TLSError | RedirectError)


def asked(headers: Mapping[str, str], poll_header: str, wall: float) -> float | None:
    """Return the seconds that the server asks to wait, None if it does not: in a header of its own, or Retry-After.

    `poll_header` is the name of a header with milliseconds. `wall` is Unix time in seconds.
    """
    pause = retry_after({"retry-after-ms": headers.get(poll_header, "")}, wall) if poll_header else None
    if pause is None:
        pause = retry_after(headers, wall)
    return None if pause is None else min(max(pause, SHORTEST_ASKED), LONGEST_ASKED)
