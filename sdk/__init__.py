"""A typed SDK for every server that speaks the OpenAI HTTP API.

    from sdk.api.chat import create
    reply = create.sync(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])

Every name is imported with its first use (PEP 562).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from . import api as api
    from . import auth as auth
    from . import bulk as bulk
    from . import errors as errors
    from . import models as models
    from . import params as params
    from . import realtime as realtime
    from . import session as session
    from . import sse as sse
    from . import telemetry as telemetry
    from . import testing as testing
    from . import tools as tools
    from . import waiting as waiting
    from . import webhooks as webhooks
    from . import websocket as websocket
    from ._core.files import File as File
    from ._core.operation.streams import AsyncStream as AsyncStream
    from ._core.operation.streams import Stream as Stream
    from ._core.reply.response import APIResponse as APIResponse
    from ._core.unset import UNSET as UNSET
    from ._core.unset import Unset as Unset
    from ._core.waiting.drivers import asyncio_wait as asyncio_wait
    from ._core.waiting.drivers import wait as wait
    from ._openai.realtime.session import RealtimeSession as RealtimeSession
    from ._openai.session.chat import DEFAULT_MODEL as DEFAULT_MODEL
    from ._openai.session.chat import ChatSession as ChatSession
    from ._openai.session.chat import Reply as Reply
    from ._openai.session.chat import SessionChunk as SessionChunk
    from ._openai.session.responses import ResponsesReply as ResponsesReply
    from ._openai.session.responses import ResponsesSession as ResponsesSession
    from ._openai.session.tools import Tool as Tool
    from ._openai.uploads import UploadState as UploadState
    from ._openai.uploads import aupload_large as aupload_large
    from ._openai.uploads import upload_large as upload_large
    from ._openai.vision import image as image
    from .client import Client as Client
else:
    from ._core.lazy import attributes

    _WHERE = {
        "APIResponse": "._core.reply.response",
        "AsyncStream": "._core.operation.streams",
        "ChatSession": "._openai.session.chat",
        "Client": ".client",
        "DEFAULT_MODEL": "._openai.session.chat",
        "File": "._core.files",
        "RealtimeSession": "._openai.realtime.session",
        "Reply": "._openai.session.chat",
        "ResponsesReply": "._openai.session.responses",
        "ResponsesSession": "._openai.session.responses",
        "SessionChunk": "._openai.session.conversation",
        "Stream": "._core.operation.streams",
        "Tool": "._openai.session.tools",
        "UNSET": "._core.unset",
        "Unset": "._core.unset",
        "UploadState": "._openai.upload_plan",
        "asyncio_wait": "._core.waiting.drivers",
        "aupload_large": "._openai.uploads",
        "image": "._openai.vision",
        "upload_large": "._openai.uploads",
        "wait": "._core.waiting.drivers",
        **{
            name: f".{name}"
            for name in (
                *("api", "auth", "bulk", "errors", "models", "params", "realtime", "session", "sse", "telemetry"),
                *("testing", "tools", "waiting", "webhooks", "websocket"),
            )
        },
    }
    # Type checkers read the imports above. `testing` is left out, because it needs an extra.
    __all__ = sorted({"__version__", *_WHERE} - {"testing"})
    _EXTENSION = dict.fromkeys(("load_ipython_extension", "unload_ipython_extension"), "._core.inspection.ipython")
    # `%load_ext sdk`, for a console that was started after this import; it is not a name for programs.
    __getattr__ = attributes(__name__, {**_WHERE, **_EXTENSION})

    def __dir__() -> list[str]:  # without private modules
        return sorted({"__version__", *_WHERE})

    if (_shell := getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()) is not None:
        from ._core.inspection.ipython import load_ipython_extension

        load_ipython_extension(_shell)  # this is a console: it completes the values of arguments
