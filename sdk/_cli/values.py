"""Turn what stands on the command line into the value of an argument."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from .._core.inspection.annotation import Kind

#: Returns the bytes that "@file" or "-" names.
Reader = Callable[[str], bytes]


class BadValue(Exception):
    """A value that an argument does not accept; the message completes "<option> ..."."""


def load_json(text: str) -> Any:
    """Return the value of a JSON text; help needs none, and does not load the module."""
    import json

    return json.loads(text)


def read_source(name: str) -> bytes:
    """Return the bytes of a file, or of standard input for "-"."""
    if name == "-":
        return sys.stdin.buffer.read()
    from pathlib import Path  # here, and below: help needs none

    try:
        return Path(name).expanduser().read_bytes()
    except OSError as error:
        raise BadValue(f"names the file {name}, which cannot be read: {error.strerror}") from None


def value_of(kind: Kind, texts: Sequence[str], read: Reader = read_source) -> Any:
    """Return the value of an option that was given once or several times.

    Raises BadValue for what the argument does not accept.
    """
    if kind.item is not None and len(texts) > 1:
        return [_one(kind.item, text, read) for text in texts]
    if len(texts) > 1 and (kind.mapping or kind.anything) and all(_is_pair(text) for text in texts):
        return dict(_pair(kind, text, read) for text in texts)
    if len(texts) > 1:
        raise BadValue("takes one value, and was given several times")
    value = _one(kind, texts[0], read)
    alone = (
        kind.item is not None and kind.item.nested and isinstance(value, dict) and not (kind.mapping or kind.anything)
    )
    return [value] if alone else value


def _one(kind: Kind, text: str, read: Reader) -> Any:
    if kind.file and not _other(kind, text):
        return _file(text, read)
    if text.startswith("@@"):
        text = text[1:]
    elif text == "-" or (text.startswith("@") and len(text) > 1):
        text = _text(read(text.removeprefix("@")), text)
        if kind.nested:
            return _loaded(kind, text)
    return _typed(kind, text, read)


def _loaded(kind: Kind, text: str) -> Any:
    """Return the JSON of a file; text that is not JSON is itself where the argument takes text."""
    try:
        return load_json(text)
    except ValueError as error:
        if kind.text or kind.anything:
            return text
        raise BadValue(f"needs a file of JSON: {error}") from None


def _other(kind: Kind, text: str) -> bool:
    """Whether a value of an argument that takes files is none: an object, an array, or text without an @."""
    return (kind.nested and text[:1] in ("{", "[")) or (kind.text and not text.startswith("@") and text != "-")


def _file(text: str, read: Reader) -> Any:
    if text == "-":
        return ("stdin", read("-"))
    from pathlib import Path

    path = Path(text.removeprefix("@")).expanduser()
    if not path.is_file():
        raise BadValue(f"names the file {path}, which is not there")
    return path


def _typed(kind: Kind, text: str, read: Reader) -> Any:
    for choice in kind.choices:
        if text == (str(choice).lower() if isinstance(choice, bool) else str(choice)):
            return choice
    if text == "null" and kind.null and not kind.text:
        return None
    if kind.flag and text in ("true", "false"):
        return text == "true"
    number = _number(kind, text)
    if number is not None:
        return number
    if kind.nested:
        found, value = _structure(kind, text, read)
        if found:
            return value
    if kind.text:
        return text
    raise BadValue(_refusal(kind, text))


def _number(kind: Kind, text: str) -> int | float | None:
    for wanted, convert in ((kind.whole, int), (kind.number, float)):
        if wanted:
            try:
                return convert(text)
            except ValueError:
                continue
    return None


def _structure(kind: Kind, text: str, read: Reader) -> tuple[bool, Any]:
    """Return whether a text is an object or an array, and its value."""
    if text[:1] in ("{", "[") or (kind.anything and not _is_pair(text)):
        try:
            return True, load_json(text)
        except ValueError as error:
            if kind.anything and text[:1] not in ("{", "["):
                return True, text
            if not kind.text:
                raise BadValue(f"is not valid JSON: {error}") from None
    if kind.item is not None and not kind.text:
        return True, [_one(kind.item, text, read)]
    if kind.mapping and _is_pair(text):
        name, value = _pair(kind, text, read)
        return True, {name: value}
    return False, None


def _is_pair(text: str) -> bool:
    name, sign, _ = text.partition("=")
    return bool(sign and name) and not any(mark in name for mark in "{[\"' ")


def _pair(kind: Kind, text: str, read: Reader) -> tuple[str, Any]:
    """Return name and value of name=value; the value is guessed where the argument does not say what it is."""
    name, _, value = text.partition("=")
    return name, guessed(value, read) if kind.member is None else _one(kind.member, value, read)


def guessed(text: str, read: Reader = read_source) -> Any:
    """Return a value whose type is not known: JSON where the text is JSON, else the text."""
    if text.startswith("@@"):
        return text[1:]
    if text.startswith("@") and len(text) > 1:
        text = _text(read(text[1:]), text)
    try:
        return load_json(text)
    except ValueError:
        return text


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BadValue(f"names {name}, which is not text in UTF-8") from None


def _refusal(kind: Kind, text: str) -> str:
    if kind.choices:
        from difflib import get_close_matches

        names = [str(choice) for choice in kind.choices]
        near = get_close_matches(text, names, 1)
        return f"does not take {text!r}; " + (f"did you mean {near[0]!r}?" if near else f"it is {', '.join(names)}")
    if kind.whole or kind.number:
        return f"must be a {'number' if kind.number else 'whole number'}, not {text!r}"
    if kind.mapping:
        return "must be name=value, JSON, or @file"
    return f"must be {kind.describe()}, not {text!r}"


def place(values: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set a nested value: `a.b.0.c`. Objects and arrays on the way are made where they are missing.

    Raises BadValue where something else stands on the way.
    """
    here: Any = values
    for number, (step, after) in enumerate(zip(path, [*path[1:], None], strict=True)):
        key: Any = step
        if isinstance(here, list):
            if not step.isdecimal() or int(step) > len(here):
                raise BadValue(f"has no place {step}: it is an array of {len(here)}")
            key = int(step)
            if key == len(here):
                here.append(None)
        elif not isinstance(here, dict):
            raise BadValue(f"has no field {step}: {'.'.join(path[:number])} is given as a plain value")
        if after is None:
            here[key] = value
            return
        inner = here[key] if isinstance(here, list) else here.get(key)
        if inner is None:
            inner = here[key] = [] if after.isdecimal() else {}
        here = inner
