"""The program under test: it greets a customer."""

from __future__ import annotations

from sdk.api.chat import create

MODEL = "gpt-4o-mini"


def greet(name: str) -> str:
    """Return a greeting that the model writes."""
    return create.sync(model=MODEL, messages=[{"role": "user", "content": f"Greet {name}."}]).output_text


async def greet_slowly(name: str) -> list[str]:
    """Return the pieces of a greeting, as they arrive."""
    asked = create.asyncio_stream(model=MODEL, messages=[{"role": "user", "content": f"Greet {name}."}])
    async with asked as stream:
        return [piece async for piece in stream.text()]
