"""Decoders: made of annotations when a class is first read, and shown by debuggers."""

from __future__ import annotations

import inspect
import subprocess
import sys
import traceback
from collections import OrderedDict
from typing import Any, Literal

import pytest
from attrs import define

from sdk._core.model import ApiModel
from sdk._core.model import define as model
from sdk._core.model.decoder import NONE, Work, _names
from sdk.models import ChatCompletionMessage, CompletionUsage, Unknown


class OwnMessage(ChatCompletionMessage):
    """A class of a user, without fields of its own."""


@define
class Priced(CompletionUsage):
    """A class of a user, with a field of its own."""

    price: float = 0
    parts: list[CompletionUsage] | None = None


def test_the_text_of_a_decoder_is_shown() -> None:
    """A debugger and `inspect` find its lines, a line for each field that needs no work."""
    text = inspect.getsource(CompletionUsage.from_dict)
    assert text.startswith("def from_dict(wire):\n")
    assert "    self.prompt_tokens = wire.get('prompt_tokens')\n" in text
    assert "        self.prompt_tokens_details = read_CompletionUsagePromptTokensDetails(v)\n" in text


def test_a_traceback_shows_the_line() -> None:
    """What fails inside a decoder, as a mapping of another kind may, is shown with its line."""

    class Broken(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            return super().get(key, default) if key != "completion_tokens" else self["no such key"]

    with pytest.raises(KeyError) as caught:
        CompletionUsage.from_dict(Broken())
    assert "self.completion_tokens = wire.get('completion_tokens')" in "".join(traceback.format_exception(caught.value))


def test_a_decoder_is_made_once() -> None:
    """The second reading takes what the first one made."""
    CompletionUsage.from_dict({})
    assert CompletionUsage.from_dict is CompletionUsage.from_dict
    assert CompletionUsage.from_dict.__qualname__ == "CompletionUsage.from_dict"


def test_a_class_of_a_user_is_read_as_that_class() -> None:
    """A subclass gives its own instances; `super()` does so, too."""

    class Loud(CompletionUsage):
        @classmethod
        def from_dict(cls, wire: dict[str, Any]) -> Any:
            return super().from_dict({**wire, "total_tokens": 7})

    wire = {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "f"}}]}
    made = OwnMessage.from_dict(wire)
    assert type(made) is OwnMessage
    assert made.tool_calls is not None
    assert type(made.tool_calls[0]).__name__ == "ChatCompletionMessageToolCall"
    loud = Loud.from_dict({"prompt_tokens": 1})
    assert (type(loud), loud.prompt_tokens, loud.total_tokens) == (Loud, 1, 7)


def test_fields_of_a_user_stay_as_json_has_them() -> None:
    """Their annotations may name anything; inherited fields are decoded as ever."""
    wire = {"prompt_tokens_details": {"cached_tokens": 1}, "price": 0.5, "parts": [{"total_tokens": 1}]}
    made = Priced.from_dict(wire)
    assert (made.price, made.parts) == (0.5, wire["parts"])
    assert type(made.prompt_tokens_details).__name__ == "CompletionUsagePromptTokensDetails"
    assert made.to_dict() == wire


def test_mappings_of_other_kinds() -> None:
    """A dict of another class inside is an object as well."""
    made = CompletionUsage.from_dict(OrderedDict(prompt_tokens_details=OrderedDict(cached_tokens=3)))
    assert made.prompt_tokens_details is not None
    assert made.prompt_tokens_details.cached_tokens == 3


def test_an_object_without_a_schema() -> None:
    """What no class is known of keeps its keys as attributes."""
    made: Any = Unknown.from_dict({"a": 1})
    assert (type(made), made.a, made.to_dict()) == (Unknown, 1, {"a": 1})


def test_a_required_field_that_may_be_null_says_so_in_its_annotation() -> None:
    """A model built by hand sends null for it; one that may not be null is left out."""

    @model
    class Built(ApiModel):
        a: int | None
        b: Any
        c: int
        d: int | None = None
        kind: Literal["x"] = "x"

    missing: Any = None
    assert Built(a=None, b=None, c=missing).to_dict() == {"a": None, "b": None, "kind": "x"}


@pytest.mark.parametrize(
    ("annotation", "objects", "alias", "items", "values", "date"),
    [
        ("str", (), "", None, None, ""),
        ("None", (), "", None, None, ""),
        ("list[None] | dict[str, None] | dict[str, Any]", (), "", None, None, ""),
        ('Literal["a]|b"] | str | None', (), "", None, None, ""),
        ("Metadata | None", (), "", None, None, ""),
        ("Response | None", ("Response",), "", None, None, ""),
        ("ToolsArray", (), "ToolsArray", None, None, ""),
        ("str | list[Response]", (), "", ("Response",), None, ""),
        ("list[str] | list[Response]", (), "", ("Response",), None, ""),
        ("builtins.dict[builtins.str, Response] | dt.datetime | str", (), "", None, ("Response",), "to_datetime"),
    ],
)
def test_what_an_annotation_asks_of_a_decoder(
    annotation: str, objects: Any, alias: str, items: Any, values: Any, date: str
) -> None:
    """Names of classes and dates need work, at any depth; text, numbers and free JSON need none."""
    names = _names("sdk.models")
    assert names is not None
    work = names.work(annotation)
    assert (work is NONE) == (not any((objects, alias, items, values, date)))
    inside = [part.objects if isinstance(part, Work) else part for part in (work.items, work.values)]
    assert [work.objects, work.alias, *inside, work.date] == [objects, alias, items, values, date]


_THREADS = """
import sys, threading
from sdk import models
sys.setswitchinterval(1e-6)
wire = {"choices": [{"message": {"tool_calls": [{"type": "function", "function": {"name": "f"}}]}}], "usage": {}}
found, start = [], threading.Barrier(8)
def read():
    start.wait()
    made = models.ChatCompletion.from_dict(wire)
    found.append((type(made.choices[0].message.tool_calls[0].function).__name__, type(made.usage).__name__))
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), set(found))
"""


def test_many_threads_read_a_class_for_the_first_time() -> None:
    """All of them get whole models, whoever makes the decoders."""
    done = subprocess.run([sys.executable, "-c", _THREADS], capture_output=True, text=True, check=True)
    assert done.stdout == "8 {('ChatCompletionMessageToolCallFunction', 'CompletionUsage')}\n"
    assert done.stderr == ""
