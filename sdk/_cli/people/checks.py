"""What `doctor` checks, in order: each check is a call, and what to do where it fails."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

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


class Result(NamedTuple):
    """The outcome of one check; `ok` is None where it was left out."""

    check: str
    ok: bool | None
    seconds: float
    detail: str
    advice: str = ""


class Server(NamedTuple):
    """What the checks are about: a client, and the model that they use."""

    client: Any
    model: str
    embedding_model: str


#: Returns what was found; raises what went wrong.
Check = Callable[[Server], str]


def run(server: Server) -> Iterator[Result]:
    """Run all checks, and yield each result as it is there. Without a connection the rest is left out."""
    connected = True
    for name, check, advice, needed in _CHECKS:
        if not connected:
            yield Result(name, None, 0.0, "left out: there is no connection")
            continue
        start = time.perf_counter()
        try:
            detail = check(server)
        except Exception as error:  # any failure is a result
            yield Result(name, False, time.perf_counter() - start, _message(error), advice)
            connected = not needed
        else:
            yield Result(name, True, time.perf_counter() - start, detail)


def _message(error: Exception) -> str:
    """Return the first line of an error, without its hint: the advice of the check follows."""
    return " ".join(str(getattr(error, "message", "") or error).split()) or type(error).__name__


def _place(server: Server) -> tuple[str, int, bool]:
    url = urlsplit(server.client.options.api_base)
    secure = url.scheme == "https"
    return url.hostname or "", url.port or (443 if secure else 80), secure


def _lookup(server: Server) -> str:
    host, port, _ = _place(server)
    found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    return f"{host} is {', '.join(found)}"


def _connect(server: Server) -> str:
    host, port, _ = _place(server)
    with socket.create_connection((host, port), timeout=10) as connection:
        return f"connected to {connection.getpeername()[0]} port {port}"


def _tls(server: Server) -> str:
    host, port, secure = _place(server)
    if not secure:
        return "not used: the URL begins with http://"
    with (
        socket.create_connection((host, port), timeout=10) as connection,
        ssl.create_default_context().wrap_socket(connection, server_hostname=host) as wrapped,
    ):
        return f"{wrapped.version()}, the certificate is valid"


def _models(server: Server) -> str:
    names = [model.id for model in server.client.models.list.iter()]
    there = "is" if server.model in names else "is not"
    return f"{len(names)} models; {server.model} {there} among them"


def _chat(server: Server) -> str:
    reply = server.client.chat.create.sync(model=server.model, messages=_QUESTION)
    text = reply.choices[0].message.content or ""
    return f"{len(text)} characters"


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
    rate = f", then {(count - 1) / (last - first):.0f} tokens a second" if last - first > 0.01 else ""
    return f"first token after {first - start:.2f} s{rate}"


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
_KEY = "Check OPENAI_API_KEY, and that OPENAI_API_BASE has its path, usually /v1."
_MODEL = "Choose a model that the server has: -m NAME, or OPENAI_MODEL; `models` lists them."
_CHECKS: tuple[tuple[str, Check, str, bool], ...] = (
    ("name lookup", _lookup, _NAME, True),
    ("connection", _connect, _REACH, True),
    ("TLS", _tls, _CERTIFICATE, True),
    ("key and models", _models, _KEY, False),
    ("chat", _chat, _MODEL, False),
    ("stream", _stream, "Call without streams: .sync, --no-stream.", False),
    ("tools", _tools, "Choose a model that calls tools; some servers need an option for it.", False),
    ("structured output", _structured, "Choose a model with JSON schemas, or check answers yourself.", False),
    ("embeddings", _embeddings, "Choose a model of embeddings: --embedding-model NAME.", False),
    ("responses", _responses, "Use chat instead: many servers have no /responses.", False),
)
