"""A face for programs of the official package: `from sdk.compat.openai import OpenAI`.

Clients, methods, replies and errors have the names of that package, and calls are those of the SDK. Every name is
imported with its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..._version import __version__ as __version__

if TYPE_CHECKING:
    from .base_model import BaseModel as BaseModel
    from .clients import AsyncClient as AsyncClient
    from .clients import AsyncOpenAI as AsyncOpenAI
    from .clients import Client as Client
    from .clients import OpenAI as OpenAI
    from .errors import APIError as APIError

    def __getattr__(name: str) -> Any: ...
else:
    _WHERE = {
        **dict.fromkeys(("AsyncClient", "AsyncOpenAI", "Client", "OpenAI"), ".clients"),
        "BaseModel": ".base_model",
        **dict.fromkeys(("NOT_GIVEN", "NotGiven", "Omit", "not_given", "omit"), ".sentinels"),
        **dict.fromkeys(("AsyncStream", "Stream"), ".streams"),
        **dict.fromkeys(
            (
                *("APIConnectionError", "APIError", "APIResponseValidationError", "APIStatusError", "APITimeoutError"),
                *("AuthenticationError", "BadRequestError", "ConflictError", "ContentFilterFinishReasonError"),
                *("InternalServerError", "InvalidWebhookSignatureError", "LengthFinishReasonError", "NotFoundError"),
                *("OAuthError", "OpenAIError", "PermissionDeniedError", "RateLimitError"),
                *("UnprocessableEntityError", "WebSocketConnectionClosedError", "WebSocketQueueFullError"),
            ),
            ".errors",
        ),
    }

    def __getattr__(name: str) -> Any:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_WHERE[name], __name__), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *_WHERE})
