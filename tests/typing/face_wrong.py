"""Mistakes with the face that mypy and pyright must both refuse, each on a line that is marked. Never run."""

import sdk.compat.openai as openai
from sdk.compat.openai import AsyncOpenAI, OpenAI

client, other = OpenAI(), AsyncOpenAI()

client.chats  # error: resource
client.chat.completion  # error: resource of a resource
client.chat.completions.creat(model="m", messages=[])  # error: method
client.chat.completions.create(model="m", messages=[], temprature=1)  # error: keyword
client.chat.completions.create(model="m", messages=[{"role": "usr", "content": "Hi"}])  # error: role
client.chat.completions.create(model="m")  # error: the messages are missing
client.chat.completions.create(model="m", messages=[], stream="yes")  # error: type
client.chat.completions.create(model="m", messages=[]).choices[0].message.contents  # error: attribute of a reply
client.chat.completions.create(model="m", messages=[]).model_dmp()  # error: method of a reply
client.chat.completions.create(model="m", messages=[], stream=True).choices  # error: a stream is no reply
client.embeddings.create(model="m")  # error: the input is missing
client.embeddings.create(model="m", input="Hi", dimension=3)  # error: keyword
client.files.list(limt=20)  # error: keyword of a list
client.files.retrieve(5)  # error: type of an id
client.beta.threads.runs.retrieve("r")  # error: the thread is missing
client.responses.create(model="m", input="Hi").output_txt  # error: attribute of a response
other.chat.completions.create(model="m", messages=[]).choices  # error: it is not awaited
other.files.list().data  # error: a list is not awaited
openai.chat.completions.creat(model="m", messages=[])  # error: method of the module
openai.OpenAII()  # error: name of the module
