"""The client that people make: options and connections, with every resource of the API on it."""

from __future__ import annotations

from ._core.client.base import BaseClient
from ._openai.service import OPENAI
from .api._resources import Resources


class Client(Resources, BaseClient):
    """A client for one API: `client.chat.create.sync(...)`, `client.files.list.iter()`.

    One client serves sync and async calls, threads, and one event loop after another. Close it with `with`,
    `async with`, `close()` or `await aclose()`.

    Options come as keyword arguments, else from the environment, else from the defaults; read them back from
    `client.options`. Times are in seconds, None is no limit:

        api_key             a text, a function that gives one, or None to send no key     OPENAI_API_KEY
        admin_api_key       for the operations of an organization                        OPENAI_ADMIN_KEY
        api_base            where the server is                     OPENAI_API_BASE, OPENAI_BASE_URL
        auth_header         the header of the key (Authorization)
        auth_scheme         what stands before it (Bearer; nothing, once auth_header is another one)
        organization, project                                       OPENAI_ORG_ID, OPENAI_PROJECT_ID
        user_agent          what the SDK calls itself                                    OPENAI_USER_AGENT
        timeout             until a response starts; of a request, each piece (120)      OPENAI_TIMEOUT
        stall_timeout       between two pieces of a response (600)                       OPENAI_STALL_TIMEOUT
        deadline            the whole call, with waiting and retries (None)
        connect_timeout     to connect (10)
        pool_timeout        to wait for a place among max_in_flight (600)
        max_in_flight       calls at once (2)                                            OPENAI_MAX_IN_FLIGHT
        max_connections     (max_in_flight)
        max_retries         after 408, 409, 429, 5xx, lost connections (2)               OPENAI_MAX_RETRIES
        retry_sent          False: never repeat a request that was sent whole (True)
        max_retry_after     the longest wait that a server may ask for (120)
        max_redirects       to the same origin (3)                                       OPENAI_MAX_REDIRECTS
        max_response_bytes  the largest reply that is read (512 MiB)
        max_line_bytes      the longest line of a stream (16 MiB)
        require_stream_end  False: a stream that just ends is whole (True)
        strict              True: a reply that breaks the API description raises (False)
        default_headers, default_query    sent with every call
        on_request(view), on_response(view), on_retry(attempt, error, seconds)    called as it happens; may be async
        http_options        what httpx takes: proxy, verify, cert, trust_env, ...
        http_client, transport    an httpx client or transport of yours that does the sending

    Raises: TypeError for an unknown option, ConfigError for a value that cannot work.
    """

    _service = OPENAI
