"""The client: options and connections, with every resource of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, Unpack

from ._core.client.base import BaseClient
from ._openai.service import OPENAI
from .api._resources import Resources

if TYPE_CHECKING:
    from typing import Never

    from ._openai.client_options import OpenAIClientOptions
    from ._openai.options import OpenAIOptions
    from ._openai.usage import ClientStats


class Client(Resources, BaseClient):
    """A client of the API: `client.chat.create.sync(...)`, `client.files.list.iter()`.

    One client serves sync and async calls, threads, and several event loops. Close it with `with`, `async with`,
    `close()` or `await aclose()`.

    An option is a keyword argument, else from the environment, else the default; `client.options` has the values.
    Times are in seconds, None is no limit:

        api_key             a str, a function that returns one, or None to send no key   OPENAI_API_KEY
        auth                an identity of the module auth, in place of api_key
        admin_api_key       for the operations of an organization                        OPENAI_ADMIN_KEY
        api_base            the URL of the server                   OPENAI_API_BASE, OPENAI_BASE_URL
        auth_header         the header of the key (Authorization)
        auth_scheme         the word before it (Bearer; none if auth_header is set)
        organization, project                                       OPENAI_ORG_ID, OPENAI_PROJECT_ID
        user_agent          the User-Agent header                                        OPENAI_USER_AGENT
        timeout             until a response starts; for each write of a request (120)   OPENAI_TIMEOUT
        stall_timeout       between two reads of a response (600)                        OPENAI_STALL_TIMEOUT
        deadline            the whole call, with waiting and retries (None)
        connect_timeout     to connect (10)
        pool_timeout        to wait for a place among max_in_flight (600)
        max_in_flight       calls at once (2)                                            OPENAI_MAX_IN_FLIGHT
        max_connections     (max_in_flight)
        pace                False: do not hold calls back at the rate that the server accepts (True)
        requests_per_minute, tokens_per_minute    limits of all calls together, spread evenly (None)
        budget              a Budget of the module `usage`: a call that would go over it raises
        max_retries         after 408, 409, 429, 5xx, lost connections (2)               OPENAI_MAX_RETRIES
        retry_sent          False: never repeat a request that was sent completely (True)
        max_retry_after     the longest wait that a server may ask for (120)
        max_redirects       to the same origin (3)                                       OPENAI_MAX_REDIRECTS
        max_response_bytes  the largest reply that is read (512 MiB)
        max_line_bytes      the longest line of a stream (16 MiB)
        require_stream_end  False: a stream without its terminal event is complete (True)
        strict              True: a reply or event that does not match the API description raises (False)
        default_headers, default_query    sent with every call
        on_event(event)     a hook for each moment of a call, see the module `hooks`; may be async, as all hooks
        on_request(view), on_response(view), on_retry(attempt, error, seconds)    hooks; on_request may return headers
        http                "httpx": send over httpx; "own": never, not even while httpx is mocked    OPENAI_HTTP
        http_options        options of httpx: proxy, verify, cert, trust_env, ...
        http_client, transport    your own client or transport of httpx or httpx2, which sends the requests

    Raises: TypeError for an unknown option, ConfigError for an invalid value.
    """

    _service = OPENAI

    if TYPE_CHECKING:
        options: OpenAIOptions  # pyright: ignore[reportIncompatibleVariableOverride]  # nothing assigns other ones

        def __init__(self, *positional: Never, **options: Unpack[OpenAIClientOptions]) -> None: ...

        # Pyright compares no TypedDicts of keyword arguments.
        def with_options(  # pyright: ignore[reportIncompatibleMethodOverride]
            self, **changes: Unpack[OpenAIClientOptions]
        ) -> Self: ...

        def stats(self) -> ClientStats: ...

    @classmethod
    def for_provider(cls, name: str, **options: Unpack[OpenAIClientOptions]) -> Self:
        """Return a client of another vendor's server: `Client.for_provider("groq")`; docs/providers.md lists them.

        The vendor's variables give the key, and what the URL needs; `options` take precedence. OPENAI_API_KEY and
        OPENAI_API_BASE are not read for another vendor. "azure", "bedrock" and "vertex" fill in their identities.
        Raises: ConfigError for an unknown provider, with similar names, and for a missing key or variable.
        """
        from ._openai.providers import client_options

        return cls(**client_options(name, options))
