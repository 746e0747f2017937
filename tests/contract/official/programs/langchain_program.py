"""langchain-openai: an answer, a stream, a tool call, structured output, embeddings."""

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel


class City(BaseModel):
    """A city."""

    name: str
    people: int


@tool
def weather(city: str) -> str:
    """Return the weather of a city."""
    return f"sunny in {city}"


model = ChatOpenAI(model="gpt-4o-mini")
reply = model.invoke([("system", "You translate."), ("human", "I love programming.")])
assert reply.content == "Bonjour", reply
assert reply.usage_metadata["total_tokens"] > 0
assert "".join(chunk.content for chunk in model.stream("Hello")) == "One two", "stream"
called = model.bind_tools([weather]).invoke("What is the weather in Rome?")
assert called.tool_calls[0]["args"] == {"city": "Rome"}, called
city = model.with_structured_output(City).invoke("Rome has 3 people")
assert city == City(name="Rome", people=3), city
assert len(OpenAIEmbeddings(model="text-embedding-3-small", check_embedding_ctx_length=False).embed_query("Hi")) == 1536
print("whole")
