"""Every error that the SDK raises.

    SDKError
    ├ ConfigError (ValueError)          an invalid option or environment variable, named
    ├ RequestError (ValueError)         a request that cannot be built; nothing was sent
    ├ ClientClosedError                 the client is used after it was closed
    ├ BudgetError                       the call would go over the budget; nothing was sent
    ├ APIError                          the call failed: .request .attempts .request_id .body .request_sent
    │ ├ APIConnectionError              no complete response arrived
    │ │ ├ APITimeoutError               in the time allowed
    │ │ │ └ JobTimeoutError             a job goes on after the time that `wait` was given: .reply
    │ │ ├ TLSError                      no trusted connection
    │ │ ├ PoolTimeoutError              no free slot or connection in this process; the server was not asked
    │ │ ├ ConnectionClosedError         a WebSocket ended: .close_code .reason .unsent
    │ │ │ └ ConnectionTimeoutError      because a limit passed (also APITimeoutError)
    │ │ └ RedirectError                 a redirect that is not followed
    │ ├ APIStatusError                  the server answered with an error status: .status_code .headers
    │ │ ├ BadRequestError 400
    │ │ ├ AuthenticationError 401
    │ │ ├ PermissionDeniedError 403
    │ │ ├ NotFoundError 404
    │ │ ├ ConflictError 409
    │ │ ├ UnprocessableEntityError 422
    │ │ ├ RateLimitError 429
    │ │ │ └ QuotaExceededError          waiting does not help
    │ │ └ InternalServerError ≥500
    │ ├ APIResponseError                a 2xx reply that cannot be decoded, or that is an error
    │ ├ CredentialError                 the source of the credential failed; the call was not sent
    │ ├ JobFailedError                  a job ended without its result: .reply .failures
    │ └ StreamError                     a stream failed after it began: .partial
    │   ├ StreamIncompleteError         it ended without its terminal event
    │   ├ StreamBrokenError             the connection broke (also APIConnectionError)
    │   ├ StreamStalledError            it went silent (also APITimeoutError)
    │   ├ StreamDeadlineError           the deadline of the call passed (also APITimeoutError)
    │   └ StreamTooLargeError           its reply is larger than max_response_bytes (also APIResponseError)
    ├ MessageError                      a chat message that cannot be sent
    ├ ToolError                         a tool that cannot be described or called
    ├ RefusalError                      the model refused
    └ WebhookVerificationError          a webhook that cannot be verified

Errors keep their attributes through pickle and copy. `str(error)` never contains a key or a prompt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._core.errors import APIConnectionError as APIConnectionError
from ._core.errors import APIError as APIError
from ._core.errors import APIResponseError as APIResponseError
from ._core.errors import APIStatusError as APIStatusError
from ._core.errors import APITimeoutError as APITimeoutError
from ._core.errors import AuthenticationError as AuthenticationError
from ._core.errors import BadRequestError as BadRequestError
from ._core.errors import BudgetError as BudgetError
from ._core.errors import ClientClosedError as ClientClosedError
from ._core.errors import ConfigError as ConfigError
from ._core.errors import ConflictError as ConflictError
from ._core.errors import ConnectionClosedError as ConnectionClosedError
from ._core.errors import ConnectionTimeoutError as ConnectionTimeoutError
from ._core.errors import CredentialError as CredentialError
from ._core.errors import ErrorDetails as ErrorDetails
from ._core.errors import InternalServerError as InternalServerError
from ._core.errors import JobFailedError as JobFailedError
from ._core.errors import JobTimeoutError as JobTimeoutError
from ._core.errors import MessageError as MessageError
from ._core.errors import NotFoundError as NotFoundError
from ._core.errors import PermissionDeniedError as PermissionDeniedError
from ._core.errors import PoolTimeoutError as PoolTimeoutError
from ._core.errors import QuotaExceededError as QuotaExceededError
from ._core.errors import RateLimitError as RateLimitError
from ._core.errors import RedirectError as RedirectError
from ._core.errors import RefusalError as RefusalError
from ._core.errors import RequestError as RequestError
from ._core.errors import SDKError as SDKError
from ._core.errors import StreamBrokenError as StreamBrokenError
from ._core.errors import StreamDeadlineError as StreamDeadlineError
from ._core.errors import StreamError as StreamError
from ._core.errors import StreamIncompleteError as StreamIncompleteError
from ._core.errors import StreamStalledError as StreamStalledError
from ._core.errors import StreamTooLargeError as StreamTooLargeError
from ._core.errors import TLSError as TLSError
from ._core.errors import ToolError as ToolError
from ._core.errors import UnprocessableEntityError as UnprocessableEntityError
from ._core.errors import WebhookVerificationError as WebhookVerificationError
from ._core.errors import error_in_body as error_in_body
from ._core.errors import visible_headers as visible_headers
from ._core.lazy import attributes

if TYPE_CHECKING:
    from ._core.errors import Attempt as Attempt
    from ._core.errors import RequestInfo as RequestInfo
    from ._core.reply.status_error import status_error as status_error
else:  # imported with the first error
    _LATER = {
        **dict.fromkeys(("Attempt", "RequestInfo"), ".._core.errors.attempt"),
        "status_error": ".._core.reply.status_error",
    }
    __getattr__ = attributes(__name__, _LATER)

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LATER})
