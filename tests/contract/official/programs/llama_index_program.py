"""LlamaIndex's LLM of OpenAI: a completion, a chat, streams, a tool call."""

import asyncio

from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai import OpenAI

llm = OpenAI(model="gpt-4o-mini")
assert str(llm.complete("Paul Graham is ")) == "a writer"
reply = llm.chat([ChatMessage(role="system", content="You are a pirate"), ChatMessage(role="user", content="Hi")])
assert reply.message.content == "Arr", reply
assert "".join(part.delta or "" for part in llm.stream_complete("Hello")) == "One two"


def weather(city: str) -> str:
    """Return the weather of a city."""
    return f"sunny in {city}"


reply = llm.predict_and_call([FunctionTool.from_defaults(fn=weather)], "What is the weather in Rome?")
assert str(reply) == "sunny in Rome", reply
assert str(asyncio.run(llm.acomplete("Hello"))) == "Hello there"
print("whole")
