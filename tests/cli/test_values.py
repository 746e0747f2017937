"""What is typed becomes the value of an argument."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sdk._cli.values import BadValue, guessed, place, value_of
from sdk._core.inspection.annotation import kind_of

_FILES = {"-": b"from stdin", "talk.json": b'[{"role": "user"}]', "one.json": b'{"role": "user"}', "a.bin": b"\xff"}


def _value(annotation: str, *texts: str) -> Any:
    return value_of(kind_of(annotation, lambda name: None), texts, _FILES.__getitem__)


@pytest.mark.parametrize(
    ("annotation", "texts", "value"),
    [
        ("str", ["5"], "5"),
        ("str | None", ["null"], "null"),
        ("str", ["-"], "from stdin"),
        ("str", ["@one.json"], '{"role": "user"}'),
        ("str", ["@@name"], "@name"),
        ("int | None", ["5"], 5),
        ("int | None", ["null"], None),
        ("float", ["5"], 5.0),
        ("bool | Literal['auto']", ["true"], True),
        ("Literal[1, 2]", ["2"], 2),
        ("Sequence[str]", ["a"], ["a"]),
        ("Sequence[int]", ["1", "2"], [1, 2]),
        ("Sequence[str]", ['["a", "b"]'], ["a", "b"]),
        ("str | Sequence[str]", ["a"], "a"),
        ("str | Sequence[str]", ["a", "b"], ["a", "b"]),
        ("str | Sequence[str]", ["[no JSON"], "[no JSON"),
        ("Sequence[Message]", ["@talk.json"], [{"role": "user"}]),
        ("Sequence[Message]", ["@one.json"], [{"role": "user"}]),
        ("Sequence[Message]", ["role=user", "role=system"], [{"role": "user"}, {"role": "system"}]),
        ("Mapping[str, str]", ["a=b"], {"a": "b"}),
        ("Mapping[str, str]", ["a=b", "c=1"], {"a": "b", "c": "1"}),
        ("Thing", ["a=b", "c=1"], {"a": "b", "c": 1}),
        ("Mapping[str, int]", ["a=1"], {"a": 1}),
        ("Thing", ['{"a": [1]}'], {"a": [1]}),
        ("Any", ["word"], "word"),
        ("FileInput", ["-"], ("stdin", b"from stdin")),
        ("FileInput | Thing", ['{"id": "a"}'], {"id": "a"}),
    ],
)
def test_values(annotation: str, texts: list[str], value: Any) -> None:
    """The annotation decides what a text means."""
    found = _value(annotation, *texts)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("annotation", "texts", "message"),
    [
        ("int", ["x"], "must be a whole number, not 'x'"),
        ("float", ["x"], "must be a number, not 'x'"),
        ("Literal['low', 'high']", ["hihg"], "does not take 'hihg'; did you mean 'high'?"),
        ("Literal['low', 'high']", ["12"], "does not take '12'; it is low, high"),
        ("int", ["1", "2"], "takes one value, and was given several times"),
        ("Thing", ["word"], "must be name=value, JSON, or @file"),
        ("str", ["@a.bin"], "names @a.bin, which is not text in UTF-8"),
        ("FileInput", ["/no/such/file"], "names the file /no/such/file, which is not there"),
    ],
)
def test_refusals(annotation: str, texts: list[str], message: str) -> None:
    """What an argument does not accept is refused, and the message says what it accepts."""
    with pytest.raises(BadValue) as caught:
        _value(annotation, *texts)
    assert str(caught.value) == message


def test_a_file_is_given_by_its_path(tmp_path: Path) -> None:
    """A file is opened when it is sent; with or without the @ it is a path."""
    path = tmp_path / "a.txt"
    path.write_text("a")
    assert (_value("FileInput", f"@{path}"), _value("FileInput", str(path))) == (path, path)


def test_nested_fields() -> None:
    """A dotted option makes the objects and arrays on its way."""
    values: dict[str, Any] = {"a": {"b": 1}}
    place(values, ["a", "c", "0", "d"], guessed("5"))
    place(values, ["a", "c", "1"], guessed("text"))
    assert values == {"a": {"b": 1, "c": [{"d": 5}, "text"]}}
    with pytest.raises(BadValue, match=r"^has no field x: a\.b is given as a plain value$"):
        place(values, ["a", "b", "x"], 1)
    with pytest.raises(BadValue, match=r"^has no place 5: it is an array of 2$"):
        place(values, ["a", "c", "5"], 1)
