"""The conventions of generative AI for the calls of models."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..._core.telemetry import Convention, Recorder
from ..._core.telemetry.convention import Attributes, error_type
from ..._core.telemetry.names import ERROR_TYPE
from ..usage import usage_of
from . import names
from .content import reply_content, request_content
from .operations import KINDS, WITH_OPENAI_ATTRIBUTES, Kind, provider_of
from .reply import ReplyFacts
from .request import body_of, request_attributes
from .tokens import record_tokens, usage_attributes

if TYPE_CHECKING:
    from ..._core.options.call_events import CallEnded, CallInfo
    from ..._core.request.data import RequestData
    from ..._core.telemetry.convention import Instruments


class ModelRecorder(Recorder):
    """What is recorded of a call of a model."""

    def __init__(
        self,
        instruments: Instruments,
        request: RequestData[Any, Any],
        info: CallInfo,
        kind: Kind,
        provider: str,
        *,
        captures: bool,
    ) -> None:
        super().__init__(instruments, request, info)
        self._kind, self._streamed, self.captures = kind, info.streamed, captures
        self._openai = provider in WITH_OPENAI_ATTRIBUTES
        body = body_of(request.body, request.options.get("extra_body"))
        attributes = request_attributes(kind, body, streamed=info.streamed, openai=self._openai)
        model = attributes.get(names.REQUEST_MODEL)
        self.name = f"{kind.name} {model}" if model else kind.name
        self._metric_attributes: Attributes = {
            names.OPERATION_NAME: kind.name,
            names.PROVIDER_NAME: provider,
            **({names.REQUEST_MODEL: model} if model else {}),
            **self.server.attributes,
        }
        self.attributes = {**attributes, **self._metric_attributes, **(request_content(body) if captures else {})}
        self._facts = ReplyFacts(attributes.get(names.REQUEST_CHOICE_COUNT, 1))
        self._last_chunk: float | None = None
        self._chunk_times: list[float] = []

    def note(self, wires: Iterable[Any]) -> None:
        now = time.monotonic()
        for wire in wires:
            self._facts.take(wire)
            if self._streamed:
                if self._last_chunk is not None:
                    self._chunk_times.append(now - self._last_chunk)
                self._last_chunk = now

    def first_piece(self, elapsed: float) -> Attributes:
        if not self._streamed:
            return {}
        attributes = {**self._metric_attributes, **self._facts.response_model}
        self._instruments.record(names.TIME_TO_FIRST_CHUNK, elapsed, attributes)
        return {names.RESPONSE_TIME_TO_FIRST_CHUNK: elapsed}

    def end(self, ended: CallEnded, usage: object, reply: Any) -> Attributes:
        kind, error = self._kind, error_type(ended)
        with_error: Attributes = {} if error is None else {ERROR_TYPE: error}
        attributes = {**self._metric_attributes, **self._facts.response_model}
        self._instruments.record(kind.duration, ended.elapsed, {**attributes, **with_error})
        for seconds in self._chunk_times:
            self._instruments.record(names.TIME_PER_OUTPUT_CHUNK, seconds, attributes)
        counted = usage_of(usage) if usage else None
        record_tokens(self._instruments, kind, counted, usage, attributes, with_error)
        return {
            **self._facts.attributes(openai=self._openai, ended=error is None, expected=kind.api is not None),
            **usage_attributes(kind, counted, usage),
            **with_error,
            **(reply_content(reply) if self.captures else {}),
        }


class ModelConvention(Convention):
    """The conventions of generative AI; calls of no model have those of HTTP clients."""

    def __init__(self, instruments: Instruments, *, capture_content: bool) -> None:
        super().__init__(instruments, capture_content=capture_content)
        self._providers: dict[str, str] = {}

    def recorder(self, request: RequestData[Any, Any], info: CallInfo) -> Recorder:
        kind = KINDS.get(request.spec.name)
        if kind is None:
            return super().recorder(request, info)
        base = info.url.partition("://")[2].partition("/")[0]
        provider = self._providers.get(base)
        if provider is None:
            provider = self._providers[base] = provider_of(base.partition(":")[0])
        return ModelRecorder(self.instruments, request, info, kind, provider, captures=self.capture_content)
