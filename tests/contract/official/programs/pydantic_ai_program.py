"""pydantic-ai with the provider of OpenAI: an answer, a tool, structured output, the Responses API, a stream."""

import asyncio

from pydantic import BaseModel
from pydantic_ai import Agent


class City(BaseModel):
    """A city."""

    name: str
    people: int


agent = Agent("openai-chat:gpt-4o-mini", instructions="Be concise.")


async def main() -> None:
    """Run the examples in one event loop."""
    assert (await agent.run("Where does hello world come from?")).output == "From a book."

    @agent.tool_plain
    def weather(city: str) -> str:
        """Return the weather of a city."""
        return f"sunny in {city}"

    assert (await agent.run("What is the weather in Rome?")).output == "It is sunny."
    cities = Agent("openai-chat:gpt-4o-mini", output_type=City)
    assert (await cities.run("Rome")).output == City(name="Rome", people=3)
    assert (await Agent("openai-responses:gpt-4o-mini").run("Hello")).output == "Hello there"
    async with agent.run_stream("Hello") as result:
        assert [text async for text in result.stream_text()][-1] == "One two"


asyncio.run(main())
print("whole")
