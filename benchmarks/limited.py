"""A server with a rate limit: a token bucket, refusals with a Retry-After of whole seconds. Prints its port."""

from __future__ import annotations

import asyncio
import json
import math
import re
import sys
import time

from attrs import frozen

from . import payloads

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")


@frozen
class Limit:
    """A server of `rate` calls a second, whose bucket holds so many `seconds` of them, and one call at least.

    `answer` and `refusal` are the seconds until each is sent; with `reported` the x-ratelimit headers say the limit.
    """

    rate: float
    seconds: float
    answer: float = 0.0
    refusal: float = 0.0
    reported: bool = False

    @property
    def bucket(self) -> float:
        """The calls that the bucket holds."""
        return max(1.0, self.rate * self.seconds)


class Bucket:
    """The bucket, and what was accepted and refused. A rate of 0 is no limit."""

    def __init__(self, limit: Limit) -> None:
        self._limit, self._tokens, self._filled = limit, limit.bucket, time.monotonic()
        self.accepted = self.refused = 0
        #: When the first and the last request came.
        self.first = self.last = 0.0

    def take(self) -> tuple[bool, dict[str, str]]:
        """Return whether a call is accepted, and the headers that say so."""
        limit, now = self._limit, time.monotonic()
        self.first, self.last = self.first or now, now
        self._tokens = min(limit.bucket, self._tokens + (now - self._filled) * limit.rate)
        self._filled = now
        accepted = self._tokens >= 1 or not limit.rate
        headers = {}
        if accepted:
            self._tokens -= 1
            self.accepted += 1
        else:
            self.refused += 1
            headers["Retry-After"] = str(max(1, math.ceil((1 - self._tokens) / limit.rate)))
        if limit.reported:
            headers["X-RateLimit-Limit-Requests"] = f"{limit.rate * 60:.0f}"
            headers["X-RateLimit-Remaining-Requests"] = str(int(self._tokens))
            headers["X-RateLimit-Reset-Requests"] = f"{(limit.bucket - self._tokens) / limit.rate * 1000:.0f}ms"
        return accepted, headers


def _response(status: str, headers: dict[str, str], wire: object) -> bytes:
    body = json.dumps(wire).encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def serve(limit: Limit) -> None:
    """Serve until the process ends. `GET /counts` tells what came."""
    bucket, chat = Bucket(limit), payloads.chat()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                found = _LENGTH.search(head)
                await reader.readexactly(int(found[1]) if found else 0)
                if b" /counts " in head:
                    counts = {
                        "accepted": bucket.accepted,
                        "refused": bucket.refused,
                        "span": bucket.last - bucket.first,
                    }
                    writer.write(_response("200 OK", {}, counts))
                    continue
                accepted, headers = bucket.take()
                await asyncio.sleep(limit.answer if accepted else limit.refusal)
                status = "200 OK" if accepted else "429 Too Many Requests"
                writer.write(_response(status, headers, chat if accepted else {"error": {"message": "too many"}}))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Limit(**json.loads(sys.argv[1]))))
