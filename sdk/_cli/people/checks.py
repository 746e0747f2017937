"""What `doctor` checks, in order: each check is a call, and what to do where it fails."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..._core.client.reach import reach_of, tls_context_of
from ..failures import message_of
from .prompt import DEFAULT_MODEL, model_of_environment

_QUESTION = [{"role": "user", "content": "Count from one to ten, in words."}]
_TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "integer"}},
    "required": ["answer"],
    "additionalProperties": False,
}
_EMBEDDING_MODEL = "text-embedding-3-small"
#: Words in the names of models that do not chat.
_NO_CHAT = ("embed", "whisper", "transcribe", "tts", "dall-e", "image", "rerank", "moderation")
_SECONDS = 10.0


class Result(NamedTuple):
    """The outcome of one check; `ok` is None where it was left out. `figures` are the numbers of the detail."""

    check: str
    ok: bool | None
    seconds: float
    detail: str
    advice: str = ""
    figures: dict[str, float] | None = None


class Server:
    """What the checks are about: a client, and the models that they use; those not given are chosen by `models`."""

    __slots__ = ("_chosen", "client", "embedding_model", "figures", "model")

    def __init__(self, client: Any, model: str | None, embedding_model: str | None) -> None:
        given = model or model_of_environment()
        self._chosen = given is None, embedding_model is None
        self.client, self.model = client, given or DEFAULT_MODEL
        self.embedding_model = embedding_model or _EMBEDDING_MODEL
        self.figures: dict[str, float] | None = None

    def choose(self, names: list[str]) -> None:
        """Take models that the server has, where no model was named and the server does not have the usual ones."""
        free, free_embeddings = self._chosen
        if free and names and self.model not in names:
            self.model = next((n for n in names if not any(word in n.lower() for word in _NO_CHAT)), names[0])
        if free_embeddings and self.embedding_model not in names:
            self.embedding_model = next((n for n in names if "embed" in n.lower()), self.embedding_model)


class LeftOut(Exception):
    """There is nothing to check; the message says why."""


#: Returns what was found; raises what went wrong.
Check = Callable[[Server], str]


def run(server: Server) -> Iterator[Result]:
    """Run all checks, and yield each result as it is there. Without a connection, or a key, the rest is left out."""
    missing = ""
    for name, check, advice, needed in _CHECKS:
        if missing:
            yield Result(name, None, 0.0, f"left out: {missing}")
            continue
        start, server.figures = time.perf_counter(), None
        try:
            detail = check(server)
        except LeftOut as reason:
            yield Result(name, None, 0.0, str(reason))
        except Exception as error:  # any failure is a result
            yield Result(name, False, time.perf_counter() - start, _message(error), _advice(error, advice))
            missing = "there is no connection" if needed else "there is no key" if _lacks_key(error) else ""
        else:
            yield Result(name, True, time.perf_counter() - start, detail, figures=server.figures)


def _lacks_key(error: Exception) -> bool:
    """Return whether nothing was sent because there is no key: a server that refuses one may do so for some calls."""
    from ...errors import ConfigError

    return isinstance(error, ConfigError)


def _message(error: Exception) -> str:
    """Return the first line of an error, without its hint: the advice of the check follows."""
    found = str(getattr(error, "message", "") or message_of(error))
    return " ".join(found.split()) or type(error).__name__


def _advice(error: Exception, usual: str) -> str:
    """Return what to do: a refused key, a limit or a missing model explains the failure of any call."""
    from ...errors import APIConnectionError, AuthenticationError, QuotaExceededError, RateLimitError

    if _lacks_key(error):
        return _NO_KEY
    if isinstance(error, AuthenticationError):
        return _KEY
    if isinstance(error, QuotaExceededError):
        return _QUOTA
    if isinstance(error, RateLimitError):
        return _LIMIT
    return _REACH if isinstance(error, APIConnectionError) else usual


def _lookup(server: Server) -> str:
    reach = reach_of(server.client)
    host, port = reach.address
    found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    through = f"; {reach.host} is looked up by the proxy" if reach.proxy else ""
    return f"{host} is {', '.join(found)}{through}"


def _connect(server: Server) -> str:
    reach = reach_of(server.client)
    with socket.create_connection(reach.address, timeout=_SECONDS) as connection:
        host, port = connection.getpeername()[:2]
    return f"connected to {host} port {port}{', the proxy' if reach.proxy else ''}"


def _tls(server: Server) -> str:
    reach = reach_of(server.client)
    if not reach.tls:
        raise LeftOut("not used: the URL begins with http://")
    if reach.proxy:
        raise LeftOut("through the proxy: the calls below prove it")
    context = tls_context_of(server.client)
    with (
        socket.create_connection(reach.address, timeout=_SECONDS) as connection,
        context.wrap_socket(connection, server_hostname=reach.host) as wrapped,
    ):
        valid = "the certificate is valid" if context.check_hostname else "certificates are not checked"
        return f"{wrapped.version()}, {valid}"


def _key(server: Server) -> str:
    from ...errors import APIStatusError, AuthenticationError, PermissionDeniedError

    try:
        server.client.models.list.sync()
    except (AuthenticationError, PermissionDeniedError):
        raise
    except APIStatusError as error:
        return f"not refused; the server answers {error.status_code} to a list of its models"
    return "none is sent, and none is asked for" if server.client.options.api_key is None else "accepted"


def _models(server: Server) -> str:
    names = [model.id for model in server.client.models.list.iter()]
    server.choose(names)
    there = "is" if server.model in names else "is not"
    return f"{len(names)} {'model' if len(names) == 1 else 'models'}; {server.model} {there} among them"


def _chat(server: Server) -> str:
    reply = server.client.chat.create.sync(model=server.model, messages=_QUESTION)
    text = reply.choices[0].message.content or ""
    if not text:
        raise ValueError("the answer has no text")
    return f"{len(text)} characters from {server.model}"


def _stream(server: Server) -> str:
    """Return the time to the first text, and how fast the rest came; a chunk with text counts as a token."""
    start = time.perf_counter()
    first, last, count = None, start, 0
    with server.client.chat.create.stream(model=server.model, messages=_QUESTION) as stream:
        for _ in stream.text():
            last = time.perf_counter()
            first, count = first or last, count + 1
    if first is None:
        raise ValueError("the stream has no text")
    server.figures = {"first_token_seconds": round(first - start, 4)}
    if last - first <= 0.001:
        return f"first token after {first - start:.2f} s, all others with it"
    server.figures["tokens_per_second"] = round((count - 1) / (last - first), 1)
    return f"first token after {first - start:.2f} s, then {(count - 1) / (last - first):.0f} tokens a second"


def _tools(server: Server) -> str:
    message = [{"role": "user", "content": "What is the weather in Paris? Call the tool."}]
    reply = server.client.chat.create.sync(model=server.model, messages=message, tools=[_TOOL])
    calls = reply.choices[0].message.to_dict().get("tool_calls") or []
    if not calls:
        raise ValueError("the model answered, and called no tool")
    arguments = json.loads(calls[0]["function"]["arguments"])
    return f"called {calls[0]['function']['name']} with {', '.join(arguments) or 'nothing'}"


def _structured(server: Server) -> str:
    form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": _SCHEMA, "strict": True}}
    question = [{"role": "user", "content": "What is 6 times 7?"}]
    reply = server.client.chat.create.sync(model=server.model, messages=question, response_format=form)
    found = json.loads(reply.choices[0].message.content or "")
    if not (isinstance(found, dict) and isinstance(found.get("answer"), int)):
        raise ValueError("the answer does not match the schema")
    return "the answer matches the schema"


def _embeddings(server: Server) -> str:
    reply = server.client.embeddings.create.sync(model=server.embedding_model, input="a")
    return f"{len(reply.data[0].embedding)} dimensions with {server.embedding_model}"


def _responses(server: Server) -> str:
    reply = server.client.responses.create.sync(model=server.model, input="Say yes.")
    return f"status {reply.status}"


_NAME = "Check the host in OPENAI_API_BASE, and the DNS of this machine."
_REACH = "Start the server, or check the port, a firewall or a proxy."
_CERTIFICATE = "Give the authority of the certificate: SSL_CERT_FILE, or http_options={'verify': ...}."
_KEY = "Check OPENAI_API_KEY, and that OPENAI_API_BASE is the server of this key."
_NO_KEY = "Set OPENAI_API_KEY; or give --no-key, where the server needs none."
_QUOTA = "Nothing is left to spend with this key: see the billing of its owner."
_LIMIT = "Wait: calls come faster than this key may send them."
_LIST = "Check that OPENAI_API_BASE has its path, usually /v1; some servers have no list."
_MODEL = "Choose a model that the server has: -m NAME, or OPENAI_MODEL; `models` lists them."
_CHECKS: tuple[tuple[str, Check, str, bool], ...] = (
    ("name lookup", _lookup, _NAME, True),
    ("connection", _connect, _REACH, True),
    ("TLS", _tls, _CERTIFICATE, True),
    ("key", _key, _KEY, False),
    ("models", _models, _LIST, False),
    ("chat", _chat, _MODEL, False),
    ("stream", _stream, "Call without streams: .sync, --no-stream.", False),
    ("tools", _tools, "Choose a model that calls tools; some servers need an option for it.", False),
    ("structured output", _structured, "Choose a model with JSON schemas, or check answers yourself.", False),
    ("embeddings", _embeddings, "Choose a model of embeddings: --embedding-model NAME.", False),
    ("responses", _responses, "Use chat instead: many servers have no /responses.", False),
)
