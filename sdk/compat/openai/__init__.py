"""A face for programs of the official package: `from sdk.compat.openai import OpenAI`.

Clients, methods, replies and errors have the names of that package, and calls are those of the SDK. Every name is
imported with its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import finder as finder  # of the modules that are data

#: The version of the official package whose names this room has.
__version__ = "3.57.0"

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
        **dict.fromkeys(("AsyncAzureOpenAI", "AzureOpenAI"), ".azure"),
        **dict.fromkeys(
            (
                *("DEFAULT_CONNECTION_LIMITS", "DEFAULT_TIMEOUT", "DefaultAioHttpClient", "DefaultAsyncHttpx2Client"),
                *("DefaultAsyncHttpxClient", "DefaultHttpx2Client", "DefaultHttpxClient", "Timeout"),
            ),
            ".transports",
        ),
        "DEFAULT_MAX_RETRIES": ".options",
        **dict.fromkeys(("APIResponse", "AsyncAPIResponse"), ".raw"),
        "HttpxBinaryResponseContent": ".binary",
        **dict.fromkeys(("NoneType", "RequestOptions", "VERSION"), ".private"),
        **dict.fromkeys(("pydantic_function_tool", "pydantic_responses_function_tool"), ".schemas"),
        **dict.fromkeys(("AssistantEventHandler", "AsyncAssistantEventHandler"), ".helpers.assistants"),
        "file_from_path": ".helpers.files",
        "_reset_client": ".module_client",
        "install": ".installing",
    }

    #: Options and resources of the client of the module itself; see `module_client`.
    _OF_CLIENT = frozenset(("api_key", "base_url", "organization", "project", "max_retries", "timeout"))

    def __getattr__(name: str) -> Any:
        if name in ("types", "resources", "pagination"):
            return import_module(f"{__name__}.{name}")
        if name not in _WHERE:
            if not name.startswith("_"):
                from .module_client import member

                return member(globals(), name)
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_WHERE[name], __name__), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *_WHERE})
