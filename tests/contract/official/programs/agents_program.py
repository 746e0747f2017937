"""openai-agents: an answer, a tool, and a handoff's worth of turns, over the Responses API and over chat."""

import asyncio

from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, Runner, function_tool, set_tracing_disabled
from openai import AsyncOpenAI

set_tracing_disabled(True)
agent = Agent(name="Assistant", instructions="You are a helpful assistant.", model="gpt-4o-mini")
assert Runner.run_sync(agent, "Write a haiku about recursion.").final_output == "A haiku"


@function_tool
def weather(city: str) -> str:
    """Return the weather of a city."""
    return f"sunny in {city}"


agent = Agent(name="Weather", instructions="Tell the weather.", tools=[weather], model="gpt-4o-mini")
assert asyncio.run(Runner.run(agent, input="What is the weather in Rome?")).final_output == "It is sunny."


async def stream() -> str:
    agent = Agent(name="Assistant", model="gpt-4o-mini", model_settings=ModelSettings(temperature=0.5))
    result = Runner.run_streamed(agent, "Hello")
    text = ""
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            text += event.data.delta
    return text


assert asyncio.run(stream()) == "One two"
chat = OpenAIChatCompletionsModel(model="gpt-4o-mini", openai_client=AsyncOpenAI())
assert Runner.run_sync(Agent(name="Chat", model=chat), "Hello").final_output == "Hello there"
print("whole")
