"""pydantic-ai with the provider of OpenAI: an answer, a tool, structured output, a stream."""

import asyncio

from pydantic import BaseModel
from pydantic_ai import Agent


class City(BaseModel):
    """A city."""

    name: str
    people: int


agent = Agent("openai-chat:gpt-4o-mini", instructions="Be concise.")
assert agent.run_sync("Where does hello world come from?").output == "From a book."


@agent.tool_plain
def weather(city: str) -> str:
    """Return the weather of a city."""
    return f"sunny in {city}"


assert agent.run_sync("What is the weather in Rome?").output == "It is sunny."
assert Agent("openai-chat:gpt-4o-mini", output_type=City).run_sync("Rome").output == City(name="Rome", people=3)
assert Agent("openai-responses:gpt-4o-mini").run_sync("Hello").output == "Hello there"


async def stream() -> str:
    async with agent.run_stream("Hello") as result:
        return [text async for text in result.stream_text()][-1]


assert asyncio.run(stream()) == "One two"
print("whole")
