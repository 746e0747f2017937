"""A typed SDK for every server that speaks the OpenAI HTTP API.

    from sdk.api.chat import create
    reply = create.sync(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])

Everything loads when it is first asked for (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from . import api as api
    from . import errors as errors
    from . import models as models
    from . import params as params
    from . import sse as sse
    from . import testing as testing
    from . import webhooks as webhooks
    from ._unset import UNSET as UNSET
    from ._unset import Unset as Unset
    from .client import Client as Client
    from .files import File as File
    from .response import APIResponse as APIResponse
    from .responses_session import ResponsesReply as ResponsesReply
    from .responses_session import ResponsesSession as ResponsesSession
    from .session import DEFAULT_MODEL as DEFAULT_MODEL
    from .session import ChatSession as ChatSession
    from .session import Reply as Reply
    from .session import SessionChunk as SessionChunk
    from .streaming import AsyncStream as AsyncStream
    from .streaming import Stream as Stream
    from .tools import Tool as Tool
    from .uploads import UploadState as UploadState
    from .uploads import aupload_large as aupload_large
    from .uploads import upload_large as upload_large
    from .vision import image as image
else:
    from ._lazy import attributes

    _WHERE = {
        "APIResponse": ".response",
        "AsyncStream": ".streaming",
        "ChatSession": ".session",
        "Client": ".client",
        "DEFAULT_MODEL": ".session",
        "File": ".files",
        "Reply": ".session",
        "ResponsesReply": ".responses_session",
        "ResponsesSession": ".responses_session",
        "SessionChunk": ".session",
        "Stream": ".streaming",
        "Tool": ".tools",
        "UNSET": "._unset",
        "Unset": "._unset",
        "UploadState": ".uploads",
        "aupload_large": ".uploads",
        "image": ".vision",
        "upload_large": ".uploads",
        **{
            name: f".{name}"
            for name in ("api", "errors", "models", "params", "session", "sse", "testing", "tools", "webhooks")
        },
    }
    # Type checkers read the imports above. `testing` stays out, which needs an extra.
    __all__ = sorted({"__version__", *_WHERE} - {"testing"})
    __getattr__ = attributes(__name__, _WHERE)

    def __dir__() -> list[str]:  # not the private modules that are loaded
        return sorted({"__version__", *_WHERE})
