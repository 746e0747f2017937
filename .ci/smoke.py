"""Use the installed package: a chat and a stream, sync and async, against a server of the standard library."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import sdk
from sdk import Client
from sdk.api.chat import create
from sdk.models import ChatCompletion

_MESSAGE = {"role": "assistant", "content": "It works."}
_REPLY = {"id": "c", "object": "chat.completion", "created": 0, "model": "m"}
_PIECES = (
    {"index": 0, "delta": {"role": "assistant", "content": "It "}, "finish_reason": None},
    {"index": 0, "delta": {"content": "works."}, "finish_reason": "stop"},
)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if request.get("stream"):
            chunks = [{**_REPLY, "object": "chat.completion.chunk", "choices": [piece]} for piece in _PIECES]
            body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
            media_type = "text/event-stream"
        else:
            choices = [{"index": 0, "message": _MESSAGE, "finish_reason": "stop"}]
            body, media_type = json.dumps({**_REPLY, "choices": choices}), "application/json"
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Do not log."""


def _call(url: str) -> None:
    with Client(api_base=url, api_key="k", http_options={"trust_env": False}) as client:
        reply = create.sync(client=client, model="m", messages=[{"role": "user", "content": "Hi"}])
        assert isinstance(reply, ChatCompletion)
        assert reply.choices[0].message.content == "It works."
        with client.chat.create.stream(model="m", messages=[{"role": "user", "content": "Hi"}]) as stream:
            assert "".join(stream.text()) == "It works."


async def _acall(url: str) -> None:
    async with Client(api_base=url, api_key="k", http_options={"trust_env": False}) as client:
        reply = await client.chat.create.asyncio(model="m", messages=[{"role": "user", "content": "Hi"}])
        assert reply.choices[0].message.content == "It works."


def _local_server() -> None:
    """Script the local server, which has its own copy of the API description, and send it an invalid request."""
    from sdk.errors import BadRequestError
    from sdk.testing import LocalServer

    with LocalServer() as server, Client(api_base=server.url, api_key="test-key") as client:
        server.reply("Scripted.")
        reply = create.sync(client=client, model="m", messages=[{"role": "user", "content": "Hi"}])
        assert reply.choices[0].message.content == "Scripted."
        assert client.vector_stores.create.sync(name="x").name == "x"
        try:
            create.sync(client=client, model="m", messages=[], extra_body={"top_k": 1})
        except BadRequestError as error:
            assert error.param == "top_k"
        else:
            raise AssertionError("the server accepted an invalid request")


def main() -> None:
    """Call the server; a failed assertion or an error ends the program."""
    assert Path(sdk.__file__).is_relative_to(Path.cwd()), f"not the installed package: {sdk.__file__}"
    assert sdk.__version__
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/v1"
            _call(url)
            asyncio.run(_acall(url))
            if find_spec("starlette"):  # with the extra
                _local_server()
        finally:
            server.shutdown()
            thread.join()


main()
