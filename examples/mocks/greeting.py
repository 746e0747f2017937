"""The program under test: it greets a customer."""

from __future__ import annotations

from sdk.api.chat import create


def greet(name: str) -> str:
    """Return a greeting that the model writes."""
    messages = [{"role": "user", "content": f"Greet {name}."}]
    return create.sync(model="gpt-4o-mini", messages=messages).output_text


async def greet_slowly(name: str) -> list[str]:
    """Return the pieces of a greeting, as they arrive."""
    messages = [{"role": "user", "content": f"Greet {name}."}]
    async with create.asyncio_stream(model="gpt-4o-mini", messages=messages) as stream:
        return [piece async for piece in stream.text()]
