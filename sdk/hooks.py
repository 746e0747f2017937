"""What hooks get: a record for each moment of a call, and views of its requests and responses."""

from __future__ import annotations

from ._core.options.call_events import AttemptStarted as AttemptStarted
from ._core.options.call_events import CallEvent as CallEvent
from ._core.options.call_events import CallInfo as CallInfo
from ._core.options.call_events import CallStarted as CallStarted
from ._core.options.call_events import CallWaits as CallWaits
from ._core.options.call_events import FirstPiece as FirstPiece
from ._core.options.call_events import ResponseStarted as ResponseStarted
from ._core.options.hooks import RequestView as RequestView
from ._core.options.hooks import ResponseView as ResponseView
from ._openai.usage import CallEnded as CallEnded
from ._openai.usage import Usage as Usage
