"""openai-agents: an answer, a tool, a stream, over the Responses API and over chat."""

import asyncio

from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, Runner, function_tool, set_tracing_disabled
from openai import AsyncOpenAI

set_tracing_disabled(True)


@function_tool
def weather(city: str) -> str:
    """Return the weather of a city."""
    return f"sunny in {city}"


async def main() -> None:
    """Run the examples in one event loop."""
    agent = Agent(name="Assistant", instructions="You are a helpful assistant.", model="gpt-4o-mini")
    assert (await Runner.run(agent, "Write a haiku about recursion.")).final_output == "A haiku"

    teller = Agent(name="Weather", instructions="Tell the weather.", tools=[weather], model="gpt-4o-mini")
    assert (await Runner.run(teller, input="What is the weather in Rome?")).final_output == "It is sunny."

    warm = Agent(name="Assistant", model="gpt-4o-mini", model_settings=ModelSettings(temperature=0.5))
    text = ""
    async for event in Runner.run_streamed(warm, "Hello").stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            text += event.data.delta
    assert text == "One two"

    chat = OpenAIChatCompletionsModel(model="gpt-4o-mini", openai_client=AsyncOpenAI())
    assert (await Runner.run(Agent(name="Chat", model=chat), "Hello")).final_output == "Hello there"


asyncio.run(main())
print("whole")
