"""Mistakes that mypy and pyright must both refuse, each on the line that ends in `# error`. Never run."""

from pathlib import Path

from sdk import ChatSession, Client, asyncio_wait, wait
from sdk.api import files, models
from sdk.api.audio import transcriptions
from sdk.api.chat import create
from sdk.params import ChatCompletionToolParam

create.sync(model="m", messages=[{"role": "user", "content": "Hi"}], temprature=0.5)  # error: keyword
create.sync(model="m", messages=[{"role": "usr", "content": "Hi"}])  # error: role
create.sync(model="m", messages=[{"role": "user", "text": "Hi"}])  # error: key of a message
create.sync(model="m", messages="Hi")  # error: type
create.sync(model=1, messages=[])  # error: type
create.sync(model="m", messages=[], temperature="hot")  # error: type
create.sync(messages=[])  # error: the model is missing
create.sync("m", [])  # error: keywords only
create.sync(model="m", messages=[], stream=True)  # error: .stream is the way to stream
create.sync(model="m", messages=[], timeout="5 s")  # error: type of an option
create.stream(model="m", messages=[], temprature=0.5)  # error: keyword, streamed
models.list.stream()  # error: does not stream
models.retrieve.iter("m")  # error: has no pages
files.list.iter(limt=20)  # error: keyword, paged
transcriptions.create.sync(model="m", file=5)  # error: no file
create.sync(model="m", messages=[]).choices[0].message.contents  # error: attribute of a reply
create.sync(model="m", messages=[]).choices[0].index.upper()  # error: type of a reply
Client().chat.create.sync(model="m", messages=[], temprature=0.5)  # error: keyword, bound
Client().chats  # error: resource
Client().chat.completions.create(model="m", messages=[])  # error: the path of the official package
Client().chat.creat.sync(model="m", messages=[])  # error: operation
Client().chat(model="m", messages=[])  # error: a resource is not called
Client().chat.create(model="m", messages=[])  # error: an operation is not called
create(model="m", messages=[])  # error: an operation is not called, without a client
Client().organization.projects.nope  # error: an operation of an inner resource
create.sync(model="m", messages=[]).choices[0].message.reasoning_contents  # error: no key that the overlay names
tool: ChatCompletionToolParam = {"type": "function"}  # error: the function is missing
create.stream(model="m", messages=[], keep_reply="no")  # error: type of an option of streams
ChatSession(model=5)  # error: type of a session's option
ChatSession().send(5)  # error: no message
create.parse(5, model="m", messages=[])  # error: no type
city: Path = create.parse(dict[str, str], model="m", messages=[])  # error: type of the answer
create.parse(dict[str, str], model="m")  # error: the messages are missing
Client(auth=5)  # error: type of an identity
Client(http_client="x")  # error: type of a client
Client.for_provider("groq", timeot=5)  # error: option of a provider's client
path: Path = create.sync(model="m", messages=[])  # error: type of the reply
wait(create.sync(model="m", messages=[]))  # error: a reply without a state
wait("batch_1")  # error: no reply
wait(create.sync_detailed(model="m", messages=[]))  # error: the details of a reply without a state
wait(Client().batches.retrieve.sync("b"), timeout="5 s")  # error: type of an option of waits
wait(Client().batches.retrieve.sync("b"), on_state=lambda job: job.stat)  # error: attribute of the reply
Client().vector_stores.upload("vs_1", ["a.txt"])  # error: a str is no file
Client().vector_stores.upload("vs_1", [], timeot=5)  # error: keyword of an upload

Client().realtime.connect.sync(modell="m")  # error: keyword of a connection
Client().realtime.connect.sync(model="m", ping_interval="x")  # error: type of an option of connections
with Client().realtime.connect.sync(model="m") as connection:
    connection.input_audio_buffer.append()  # error: the audio is missing
    connection.input_audio_buffer.apend(audio="")  # error: no event of the client
    connection.send({"type": "response.creat"})  # error: type of an event
    connection.recv().typ  # error: attribute of an event


async def coroutine() -> None:
    await create.asyncio(model="m", messages=[], temprature=0.5)  # error: keyword, from a coroutine
    create.asyncio(model="m", messages=[]).choices  # error: not awaited
    await asyncio_wait(create.sync(model="m", messages=[]))  # error: a reply without a state
