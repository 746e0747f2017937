"""instructor: an answer as a value of a pydantic model, and a retry after a wrong one."""

import instructor
from openai import OpenAI
from pydantic import BaseModel, Field


class City(BaseModel):
    """A city."""

    name: str
    people: int = Field(gt=0)


client = instructor.from_openai(OpenAI())
city = client.chat.completions.create(
    model="gpt-4o-mini", response_model=City, messages=[{"role": "user", "content": "Rome has 3 million people"}]
)
assert (city.name, city.people) == ("Rome", 3_000_000), city
print("whole")
