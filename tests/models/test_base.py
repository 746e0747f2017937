"""What every model does: nothing lost, nothing raised, nothing slow."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from sdk import models
from sdk._core.model import to_datetime
from sdk.models import ChatCompletion, ChatCompletionMessage, CompletionUsage, Unknown


def reply() -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": "m",
        "vendor_field": {"a": [1, None]},
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "logprobs": None,
                "message": {"role": "assistant", "content": "Hi", "refusal": None, "reasoning_content": "hm"},
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    }


def test_to_dict_gives_the_reply_back() -> None:
    """Unknown keys and nulls come out as they came in, and in their order."""
    wire = reply()
    assert list(ChatCompletion.from_dict(wire).to_dict().items()) == list(reply().items())


def test_decoding_does_not_change_the_wire() -> None:
    """The dict that a model is read from stays as it was, even after the model has been changed."""
    wire = reply()
    model = ChatCompletion.from_dict(wire)
    model.choices[0].message.content = "other"
    model.model = "n"
    model.to_dict()["vendor_field"]["a"].append(2)
    assert wire == reply()


def test_a_changed_field_is_laid_over_the_wire() -> None:
    """to_dict shows the change and leaves the rest, deep inside too."""
    model = ChatCompletion.from_dict(reply())
    model.choices[0].message.content = "other"
    wanted = reply()
    wanted["choices"][0]["message"]["content"] = "other"
    assert model.to_dict() == wanted


def test_a_field_set_to_none_leaves_the_object() -> None:
    """An optional field that is set to None is not sent as null."""
    model = ChatCompletion.from_dict(reply())
    model.usage = None
    wanted = reply()
    del wanted["usage"]
    assert model.to_dict() == wanted


def test_a_required_nullable_field_set_to_none_is_null() -> None:
    """A field that must be there and may be null becomes null."""
    message = ChatCompletionMessage.from_dict({"role": "assistant", "content": "x", "refusal": None})
    message.content = None
    assert message.to_dict() == {"role": "assistant", "content": None, "refusal": None}


def test_a_model_built_by_hand_leaves_out_none() -> None:
    """Optional fields that were not given are not sent; required ones that may be null are; constants are filled in."""
    built = ChatCompletionMessage(content=None, refusal=None)
    assert built.to_dict() == {"role": "assistant", "content": None, "refusal": None}


def test_additional_properties_can_be_given_and_read() -> None:
    """Keys that the schema does not name go in by additional_properties and show there."""
    built = CompletionUsage(prompt_tokens=1, completion_tokens=2, total_tokens=3, additional_properties={"cost": 0.1})
    assert built.to_dict() == {"cost": 0.1, "prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    assert built.additional_properties == {"cost": 0.1}


def test_an_unknown_key_is_an_attribute() -> None:
    """A vendor's extension can be read like a field; a key that is not there cannot."""
    message: Any = ChatCompletion.from_dict(reply()).choices[0].message
    assert message.reasoning_content == "hm"
    with pytest.raises(AttributeError, match="no attribute 'contnt'"):
        _ = message.contnt


def test_vendor_keys_of_the_overlay() -> None:
    """A vendor's key that the overlay names is None where a server leaves it out; it stays an additional property."""
    message = ChatCompletion.from_dict(reply()).choices[0].message
    assert (message.reasoning_content, message.reasoning) == ("hm", None)
    assert message.additional_properties == {"reasoning_content": "hm"}
    assert "reasoning" not in message.to_dict()


def _batch(**given: Any) -> models.Batch:
    required: dict[str, Any] = dict.fromkeys(("id", "endpoint", "input_file_id", "completion_window", "status"), "x")
    return models.Batch(created_at=1, **required, **given)


def test_a_nullable_field_that_was_given_as_none_is_null() -> None:
    """An optional field that may be null says so if None was given, and is left out if nothing was."""
    omitted = _batch()
    assert omitted.metadata is None
    assert "metadata" not in omitted.to_dict()
    assert _batch(metadata=None).to_dict() == {**omitted.to_dict(), "metadata": None}
    assert "usage" not in _batch(usage=None).to_dict()  # the document does not let it be null


def test_a_nullable_field_that_is_set_to_none_is_null() -> None:
    """An assignment says it, too: in a model built by hand, and in one that was read, whatever it had before."""
    built = _batch()
    built.metadata = None
    assert built.to_dict()["metadata"] is None
    for wire in ({"id": "b", "metadata": {"a": "b"}}, {"id": "b"}, {"id": "b", "metadata": None}):
        read = models.Batch.from_dict(wire)
        assert read.to_dict() == wire
        read.metadata = None
        assert read.to_dict() == {"id": "b", "metadata": None}


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_know_what_was_omitted(clone: Any) -> None:
    """A copy says null where its original does, and nowhere else."""
    for model in (_batch(), _batch(metadata=None), models.Batch.from_dict({"id": "b"})):
        assert clone(model).to_dict() == model.to_dict()
        assert clone(model) == model


def test_omitted_and_null_are_equal() -> None:
    """Both read as None, and repr shows neither."""
    assert _batch() == _batch(metadata=None)
    assert repr(_batch()) == repr(_batch(metadata=None))


@pytest.mark.parametrize("odd", [None, 3, "x", [], {}, [None, 3, "x", {"message": 3}]], ids=repr)
def test_odd_values_never_raise(odd: Any) -> None:
    """A field of another type than the schema's is kept as it is."""
    wire = {**reply(), "choices": odd, "usage": odd}
    model = ChatCompletion.from_dict(wire)
    assert model.to_dict() == wire


def test_missing_and_null_both_read_as_none() -> None:
    """A server that leaves a field out and one that sends null look the same."""
    assert ChatCompletion.from_dict({}).choices is None
    assert ChatCompletion.from_dict({"choices": None}).choices is None


def test_an_unknown_tag_gives_unknown_with_the_raw_object() -> None:
    """A tool call of a type that the document does not know is kept whole."""
    call = {"type": "telepathy", "id": "1", "strength": 3}
    message = ChatCompletionMessage.from_dict({"role": "assistant", "content": None, "tool_calls": [call]})
    assert message.tool_calls is not None
    assert isinstance(message.tool_calls[0], Unknown)
    assert message.tool_calls[0].to_dict() == call


def test_a_missing_tag_is_inferred() -> None:
    """A server that leaves out a tool call's type still gives a function call."""
    call = {"id": "1", "function": {"name": "f", "arguments": "{}"}}
    message = ChatCompletionMessage.from_dict({"role": "assistant", "content": None, "tool_calls": [call]})
    assert message.tool_calls is not None
    assert type(message.tool_calls[0]).__name__ == "ChatCompletionMessageToolCall"


def test_an_inner_tag_tells_what_the_missing_one_does_not() -> None:
    """Messages without their type are told apart by their role; what has no role is none of them."""
    union: Any = models.InputUnionMember1
    for role, name in (("user", "User"), ("developer", "Developer"), ("system", "System"), ("assistant", "Assistant")):
        message = union.from_dict({"role": role, "content": "Hi"})
        assert type(message).__name__ == f"InputUnionMember1DecisionInput{name}Message"
    call = union.from_dict({"call_id": "c", "output": "x"})
    assert type(call).__name__ == "InputUnionMember1DecisionInputFunctionCallOutput"


def test_equality_is_by_fields_and_extras() -> None:
    """Missing and null are equal, another value or another extra key is not."""
    one = ChatCompletionMessage.from_dict({"role": "assistant", "content": "a", "refusal": None})
    assert one == ChatCompletionMessage.from_dict({"role": "assistant", "content": "a"})
    assert one != ChatCompletionMessage.from_dict({"role": "assistant", "content": "b"})
    assert one != ChatCompletionMessage.from_dict({"role": "assistant", "content": "a", "x": 1})


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_models_can_be_copied_and_pickled(clone: Any) -> None:
    """A copy is equal and gives the same JSON."""
    model = ChatCompletion.from_dict(reply())
    assert clone(model) == model
    assert clone(model).to_dict() == reply()


def test_repr_shows_what_is_there() -> None:
    """Fields that are None are left out, extra keys are shown."""
    usage = CompletionUsage.from_dict({"prompt_tokens": 1, "x": 2})
    assert repr(usage) == "CompletionUsage(prompt_tokens=1, additional_properties={'x': 2})"


def test_setting_an_attribute_runs_no_code() -> None:
    """A hook on one attribute would make every decoder ten times slower."""
    assert models.ChatCompletion.__setattr__ is object.__setattr__


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("31 Jan 2026 12:00 +0000", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("10", "10"),
        ("12:00", "12:00"),
        ("soon", "soon"),
    ],
)
def test_date_times_are_read_leniently_but_never_made_up(text: str, read: datetime | str) -> None:
    """Odd spellings are read; a text without its day stays text, whatever today is."""
    assert to_datetime(text) == read


@pytest.mark.parametrize(
    "model", [ChatCompletion, Unknown, models.Reasoning, models.ResponseStreamEvent, models.Filters]
)
@pytest.mark.parametrize(
    "wire", [None, 5, 1.5, "x", b"x", [], [{}], {1}, (), object()], ids=lambda wire: type(wire).__name__
)
def test_what_is_no_object(model: Any, wire: Any) -> None:
    """A model is read from a dict, or a mapping of another kind, and from nothing else."""
    with pytest.raises(TypeError, match=rf"from_dict\(\) takes a dict, not {type(wire).__name__}$"):
        model.from_dict(wire)


def _deep() -> Any:
    value: Any = []
    for _ in range(5000):
        value = [value]
    return value


def _cyclic() -> Any:
    value: dict[str, Any] = {}
    value["a"] = [value]
    return value


@pytest.mark.parametrize("value", [_deep(), _cyclic(), {"a": _deep()}], ids=["deep", "cyclic", "deep in a dict"])
def test_a_value_that_no_json_has(value: Any) -> None:
    """What was assigned and cannot be JSON is told by its name; a reply of hundreds of levels has a repr."""
    made = ChatCompletionMessage.from_dict({"role": "assistant"})
    made.content = value
    with pytest.raises(ValueError, match=r"^ChatCompletionMessage\.content is nested too deeply, or holds itself$"):
        made.to_dict()
    assert repr(made).startswith("ChatCompletionMessage(content=")
    read = ChatCompletionMessage.from_dict({"role": "assistant", "vendor": value})
    assert "additional_properties={'vendor': " in repr(read)


@pytest.mark.parametrize("width", [1, 2, 5])
def test_an_object_that_holds_itself(width: int) -> None:
    """It is copied neither for ever nor in part; a deep one is copied whole."""
    wire: dict[str, Any] = {"id": "x", "deep": _deep()}
    assert ChatCompletion.from_dict(wire).to_dict()["id"] == "x"
    wire["vendor"] = [wire] * width
    for model in (ChatCompletion, Unknown):
        with pytest.raises(ValueError, match="holds itself"):
            model.from_dict(wire).to_dict()
