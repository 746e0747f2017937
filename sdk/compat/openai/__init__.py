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
    from . import pagination as pagination
    from . import resources as resources
    from . import types as types
    from .azure import AsyncAzureOpenAI as AsyncAzureOpenAI
    from .azure import AzureOpenAI as AzureOpenAI
    from .base_model import BaseModel as BaseModel
    from .binary import HttpxBinaryResponseContent as HttpxBinaryResponseContent
    from .clients import AsyncClient as AsyncClient
    from .clients import AsyncOpenAI as AsyncOpenAI
    from .clients import Client as Client
    from .clients import OpenAI as OpenAI
    from .errors import APIConnectionError as APIConnectionError
    from .errors import APIError as APIError
    from .errors import APIResponseValidationError as APIResponseValidationError
    from .errors import APIStatusError as APIStatusError
    from .errors import APITimeoutError as APITimeoutError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BadRequestError as BadRequestError
    from .errors import ConflictError as ConflictError
    from .errors import ContentFilterFinishReasonError as ContentFilterFinishReasonError
    from .errors import InternalServerError as InternalServerError
    from .errors import InvalidWebhookSignatureError as InvalidWebhookSignatureError
    from .errors import LengthFinishReasonError as LengthFinishReasonError
    from .errors import NotFoundError as NotFoundError
    from .errors import OAuthError as OAuthError
    from .errors import OpenAIError as OpenAIError
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import RateLimitError as RateLimitError
    from .errors import UnprocessableEntityError as UnprocessableEntityError
    from .errors import WebSocketConnectionClosedError as WebSocketConnectionClosedError
    from .errors import WebSocketQueueFullError as WebSocketQueueFullError
    from .helpers.assistants import AssistantEventHandler as AssistantEventHandler
    from .helpers.assistants import AsyncAssistantEventHandler as AsyncAssistantEventHandler
    from .helpers.files import file_from_path as file_from_path
    from .installing import install as install
    from .module_client import _reset_client as _reset_client
    from .options import DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES
    from .private import VERSION as VERSION
    from .private import NoneType as NoneType
    from .private import RequestOptions as RequestOptions
    from .raw import APIResponse as APIResponse
    from .raw import AsyncAPIResponse as AsyncAPIResponse
    from .schemas import pydantic_function_tool as pydantic_function_tool
    from .schemas import pydantic_responses_function_tool as pydantic_responses_function_tool
    from .sentinels import NOT_GIVEN as NOT_GIVEN
    from .sentinels import NotGiven as NotGiven
    from .sentinels import Omit as Omit
    from .sentinels import not_given as not_given
    from .sentinels import omit as omit
    from .streams import AsyncStream as AsyncStream
    from .streams import Stream as Stream
    from .transports import DEFAULT_CONNECTION_LIMITS as DEFAULT_CONNECTION_LIMITS
    from .transports import DEFAULT_TIMEOUT as DEFAULT_TIMEOUT
    from .transports import DefaultAioHttpClient as DefaultAioHttpClient
    from .transports import DefaultAsyncHttpxClient as DefaultAsyncHttpxClient
    from .transports import DefaultHttpxClient as DefaultHttpxClient
    from .transports import Timeout as Timeout

    DefaultHttpx2Client: Any
    DefaultAsyncHttpx2Client: Any
    # The client of the module: its options, and its resources.
    api_key: Any
    admin_api_key: str | None
    organization: str | None
    project: str | None
    webhook_secret: str | None
    base_url: Any
    timeout: Any
    max_retries: int | None
    default_headers: Any
    default_query: Any
    http_client: Any
    api_type: str | None
    api_version: str | None
    azure_endpoint: str | None
    azure_ad_token: str | None
    azure_ad_token_provider: Any
    _of_module = OpenAI()
    admin = _of_module.admin
    audio = _of_module.audio
    batches = _of_module.batches
    beta = _of_module.beta
    chat = _of_module.chat
    completions = _of_module.completions
    containers = _of_module.containers
    content_provenance_checks = _of_module.content_provenance_checks
    conversations = _of_module.conversations
    decisions = _of_module.decisions
    embeddings = _of_module.embeddings
    evals = _of_module.evals
    files = _of_module.files
    fine_tuning = _of_module.fine_tuning
    images = _of_module.images
    live = _of_module.live
    models = _of_module.models
    moderations = _of_module.moderations
    realtime = _of_module.realtime
    responses = _of_module.responses
    safety = _of_module.safety
    skills = _of_module.skills
    uploads = _of_module.uploads
    vector_stores = _of_module.vector_stores
    videos = _of_module.videos
    webhooks = _of_module.webhooks
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
