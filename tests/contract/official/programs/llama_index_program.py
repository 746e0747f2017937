"""LlamaIndex's LLM of OpenAI: a completion, a chat, a stream, a call from a coroutine.

Its calls of tools need a further package, which imports no more with this version of it.
"""

import asyncio

from llama_index.core.llms import ChatMessage
from llama_index.llms.openai import OpenAI

llm = OpenAI(model="gpt-4o-mini")
assert str(llm.complete("Paul Graham is ")) == "a writer"
reply = llm.chat([ChatMessage(role="system", content="You are a pirate"), ChatMessage(role="user", content="Hi")])
assert reply.message.content == "Arr", reply
assert "".join(part.delta or "" for part in llm.stream_complete("Hello")) == "One two"
assert str(asyncio.run(llm.acomplete("Hello"))) == "Hello there"
print("whole")
