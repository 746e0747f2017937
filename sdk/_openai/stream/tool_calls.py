"""Tool calls from their deltas, whatever the server makes of index, id and name."""

from __future__ import annotations

from typing import Any

from ..text import TextBuffer

Wire = dict[str, Any]


class Call:
    """One tool call as far as it has come."""

    __slots__ = ("_body", "_fields", "_texts", "id", "index", "kind", "name", "torn")

    def __init__(self, index: object) -> None:
        self.index = index
        self.id: str | None = None
        self.name = ""
        self.kind = "function"
        self.torn = False  # whether its deltas came under several ids
        self._fields: Wire = {}  # beside id, type and function: a vendor's
        self._body: Wire = {}  # within function: a vendor's
        self._texts = {"function": TextBuffer(), "custom": TextBuffer()}

    @property
    def arguments(self) -> str:
        """The arguments as they came: JSON text, or a custom tool's input."""
        return self._texts["custom" if self.kind == "custom" else "function"].getvalue()

    def complete(self) -> bool:
        """Tell whether the arguments are a whole object. The input of a custom tool is any text."""
        return self.kind != "custom" and _is_object(self.arguments)

    def add(self, delta: Wire) -> str:
        """Take a delta and return the piece of the arguments that it adds."""
        added = ""
        for key, value in delta.items():
            if key in self._texts and isinstance(value, dict):
                added += self._add_body(key, value)
            elif key == "id":
                self.id = self.id or (value if isinstance(value, str) and value else None)
            elif key == "type":
                self.kind = value if isinstance(value, str) and value else self.kind
            elif key != "index" and value is not None:
                self._fields[key] = value
        return added

    def _add_body(self, key: str, body: Wire) -> str:
        added = ""
        if key == "custom":
            self.kind = "custom"
        for name, value in body.items():
            if name == "name":
                self.name = _name(self.name, value)
            elif name == ("input" if key == "custom" else "arguments"):
                # Some servers send the arguments as an object, at once.
                added += value if isinstance(value, str) else _json(value)
            elif value is not None:
                self._body[name] = value
        self._texts[key].write(added)
        return added

    def wire(self) -> Wire:
        """Return the call as in an unstreamed reply: without the index, which only says which delta is whose."""
        texts = "input" if self.kind == "custom" else "arguments"
        key = "custom" if self.kind == "custom" else "function"
        found: Wire = {} if self.id is None else {"id": self.id}
        found |= {"type": self.kind, key: {"name": self.name, texts: self.arguments, **self._body}}
        return found | self._fields


class Calls(list[Call]):
    """The tool calls of one message, in the order in which they began; see `take_whole_reply` for that of the reply."""

    def add(self, deltas: object) -> list[tuple[Call, str]]:
        """Take deltas, and return the call of each with the piece of arguments that it adds."""
        added = []
        for delta in deltas if isinstance(deltas, list) else (deltas,):  # some servers send one without its list
            if isinstance(delta, dict):
                call = self._find(delta)
                added.append((call, call.add(delta)))
        return added

    def take_whole_reply(self) -> list[Call]:
        """Return the calls in the order of the reply, but for what only a server's last delta seems to begin.

        That is a name and nothing else. The order is that of the indexes, where each call has one of its own.
        """
        found = [call for number, call in enumerate(self) if not self._is_echo(call, self[:number])]
        places = {call.index: call for call in found if call.index.__class__ is int}
        return [places[index] for index in sorted(places)] if len(places) == len(found) else found

    def _is_echo(self, call: Call, before: list[Call]) -> bool:
        same = next((c for c in reversed(before) if c.index == call.index), None)
        if same is None or same.name != call.name or call.arguments.strip():
            return False
        return (call.id is None or same.torn) and same.complete()

    def _find(self, delta: Wire) -> Call:
        """Find the call that a delta continues, or begin one.

        An id that is known decides. Else it is the latest call of the same index (of any, where the delta has none),
        unless the delta begins a new one: it names a function, and has an id that differs, or no id while the
        arguments of the call before are complete. An id that differs says nothing where the call goes on under the
        same name in the middle of its arguments: some servers make one for every delta.
        """
        index, identity, named = _number(delta.get("index")), delta.get("id"), _named(delta)
        latest: Call | None = None
        for call in reversed(self):
            if identity and call.id == identity and index in (None, call.index):
                return call
            if latest is None and index in (None, call.index):
                latest = call
        if latest is not None:
            if not named:
                return latest
            if not identity:
                if not latest.complete():
                    return latest
            elif not latest.id or identity == latest.id:
                return latest
            elif named == latest.name and latest.arguments and not latest.complete():
                latest.torn = True
                return latest
        self.append(Call(index))
        return self[-1]


def _number(index: object) -> object:
    """Return an index as a number where a server gave it as text."""
    return int(index) if isinstance(index, str) and index.isdecimal() and len(index) < 5 else index


def _named(delta: Wire) -> object:
    bodies = (delta.get(key) for key in ("function", "custom"))
    return next((body["name"] for body in bodies if isinstance(body, dict) and body.get("name")), None)


def _name(before: str, piece: object) -> str:
    """Join a name's pieces. Most servers send it once; some repeat it with every delta, or what has come so far."""
    if not isinstance(piece, str) or not piece or piece == before:
        return before
    return piece if piece.startswith(before) else before + piece


def _is_object(text: str) -> bool:
    import orjson

    text = text.strip()
    if not (text.startswith("{") and text.endswith("}")):
        return False
    try:
        orjson.loads(text)
    except ValueError:
        return False
    return True


def _json(value: object) -> str:
    import orjson

    if value is None:
        return ""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # what JSON allows and orjson does not: huge numbers, half characters
        import json

        return json.dumps(value)
