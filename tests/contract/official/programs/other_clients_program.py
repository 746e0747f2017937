"""LangChain and LiteLLM, without the face: each cell of the table of docs/other-clients.md does what its row says."""

import asyncio
import os
import time
from pathlib import Path

import litellm
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables.history import RunnableWithMessageHistory
from langchain_openai import ChatOpenAI
from litellm import acompletion, batch_completion, completion
from pydantic import BaseModel

from sdk import ChatSession, Client
from sdk.hooks import CallEnded

PAGE = Path(__file__).parents[4] / "docs/other-clients.md"
URL = os.environ["OPENAI_API_BASE"]
HI = [{"role": "user", "content": "Hi"}]
SAID = "You wrote 1 word: Hi"


class City(BaseModel):
    """A city."""

    name: str
    people: int


class Seen(BaseCallbackHandler):
    """Counts answers."""

    count = 0

    def on_llm_end(self, *_: object, **__: object) -> None:
        """Count one."""
        self.count += 1


def weather(city: str) -> str:
    """Return the weather of a city."""
    return f"sunny in {city}"


def lite(**arguments: object) -> object:
    """Call LiteLLM."""
    return completion(model="openai/gpt-4o-mini", messages=HI, **arguments)


def heard() -> list[str]:
    """Return what the callback of LiteLLM saw of a call."""
    names: list[str] = []
    litellm.success_callback = [lambda _given, reply, _start, _end: names.append(type(reply).__name__)]
    lite()
    for _ in range(100):
        if names:
            break
        time.sleep(0.05)  # LiteLLM calls it in a thread of its own
    litellm.success_callback = []
    return names


def counted() -> int:
    """Return how many answers a callback of LangChain saw of one call."""
    seen = Seen()
    llm.invoke("Hi", config={"callbacks": [seen]})
    return seen.count


def hooked() -> int:
    """Return how many ends of calls the hook of a client saw of one call."""
    ends = []
    with Client(on_event=lambda event: ends.append(event) if isinstance(event, CallEnded) else None) as one:
        create(one)
    return len(ends)


async def together(count: int) -> int:
    """Return how many of so many calls at once were answered."""
    async with Client(max_in_flight=8) as one:
        replies = await asyncio.gather(
            *[one.chat.create.asyncio(model="gpt-4o-mini", messages=HI) for _ in range(count)]
        )
    return sum(reply.output_text == SAID for reply in replies)


def create(one: Client, **options: object) -> str:
    """Call this SDK."""
    return one.chat.create.sync(model="gpt-4o-mini", messages=HI, **options).output_text


def streamed(one: Client) -> str:
    """Stream with this SDK."""
    with one.chat.create.stream(model="gpt-4o-mini", messages=HI) as stream:
        return "".join(stream.text())


def kept() -> int:
    """Return the length of a session that was saved and loaded."""
    session = ChatSession(client, model="gpt-4o-mini")
    session.send("Hi")
    session.save("session.json")
    try:
        return len(ChatSession.load("session.json").messages)
    finally:
        Path("session.json").unlink()


llm = ChatOpenAI(model="gpt-4o-mini", temperature=0)
client = Client()
own = ChatOpenAI(model="gpt-4o-mini", base_url=URL, api_key="test-key", max_retries=1, timeout=20)
lite_tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}
spoken = [
    (lambda: llm.invoke("Hi").content, lambda: lite().choices[0].message.content, lambda: create(client)),
    (lambda: llm.invoke("Hi").content, lambda: lite().choices[0].message.content, lambda: create(client)),
    (
        lambda: asyncio.run(llm.ainvoke("Hi")).content,
        lambda: asyncio.run(acompletion(model="openai/gpt-4o-mini", messages=HI)).choices[0].message.content,
        lambda: [SAID][asyncio.run(together(1)) - 1],
    ),
    (
        lambda: "".join(chunk.content for chunk in llm.stream("Hi")),
        lambda: "".join(chunk.choices[0].delta.content or "" for chunk in lite(stream=True)),
        lambda: streamed(client),
    ),
    (
        lambda: type(llm.with_structured_output(City).invoke("Hi")) is City,
        lambda: City.model_validate_json(lite(response_format=City).choices[0].message.content) is not None,
        lambda: type(client.chat.create.parse(City, model="gpt-4o-mini", messages=HI)) is City,
    ),
    (
        lambda: bool(llm.bind_tools([weather]).invoke("Use weather").tool_calls),
        lambda: bool(
            completion(
                model="openai/gpt-4o-mini", messages=[{"role": "user", "content": "Use weather"}], tools=[lite_tool]
            )
            .choices[0]
            .message.tool_calls
        ),
        lambda: bool(ChatSession(client, model="gpt-4o-mini", tools=[weather]).run("Use weather").text),
    ),
    (lambda: bool(RunnableWithMessageHistory), None, lambda: kept() == 2),
    (
        lambda: len(llm.batch(["Hi"] * 3, config={"max_concurrency": 8})),
        lambda: len(batch_completion(model="openai/gpt-4o-mini", messages=[HI] * 3)),
        lambda: asyncio.run(together(3)),
    ),
    (
        lambda: own.invoke("Hi").content,
        lambda: lite(api_base=URL, api_key="test-key").choices[0].message.content,
        lambda: create(Client(api_base=URL, api_key="test-key")),
    ),
    (
        lambda: own.invoke("Hi").content,
        lambda: lite(num_retries=1, timeout=20).choices[0].message.content,
        lambda: create(Client(max_retries=1, timeout=20, stall_timeout=20), deadline=60),
    ),
    (lambda: counted(), lambda: len(heard()), lambda: hooked()),
]
table = PAGE.read_text(encoding="utf-8").split("|---|---|---|\n", 1)[1].split("\n\n", 1)[0].splitlines()
assert len(table) == len(spoken), "each row of the page has one here"
for row, cells in zip(table, spoken, strict=True):
    values = [cell() for cell in cells if cell is not None]
    assert len(set(values)) == 1, (row, values)
    assert values[0] in (SAID, True, 3, 1), (row, values)
    # A cell that is empty on the page is empty here.
    assert [bool(text.strip()) for text in row.split("|")[1:-1]] == [cell is not None for cell in cells], row
print("whole")
