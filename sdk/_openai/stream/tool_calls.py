"""Build tool calls from their deltas, which servers send with different uses of index, id and name."""

from __future__ import annotations

from typing import Any

from ..text import TextBuffer

Wire = dict[str, Any]


class ToolCall:
    """One tool call so far."""

    __slots__ = ("_body", "_fields", "_texts", "has_several_ids", "id", "index", "kind", "name")

    def __init__(self, index: object) -> None:
        self.index = index
        self.id: str | None = None
        self.name = ""
        self.kind = "function"
        self.has_several_ids = False  # whether its deltas have different ids
        self._fields: Wire = {}  # unknown fields beside id, type and function
        self._body: Wire = {}  # unknown fields within function
        self._texts = {"function": TextBuffer(), "custom": TextBuffer()}

    @property
    def arguments(self) -> str:
        """The arguments so far: JSON, or the input of a custom tool."""
        return self._texts["custom" if self.kind == "custom" else "function"].getvalue()

    def complete(self) -> bool:
        """Return whether the arguments are a complete JSON object. The input of a custom tool can be any text."""
        return self.kind != "custom" and _is_object(self.arguments)

    def add(self, delta: Wire) -> str:
        """Take a delta and return the text that it adds to the arguments."""
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
                # Some servers send the complete arguments as an object.
                added += value if isinstance(value, str) else _json(value)
            elif value is not None:
                self._body[name] = value
        self._texts[key].write(added)
        return added

    def wire(self) -> Wire:
        """Return the call as in an unstreamed reply, which has no index."""
        texts = "input" if self.kind == "custom" else "arguments"
        key = "custom" if self.kind == "custom" else "function"
        found: Wire = {} if self.id is None else {"id": self.id}
        found |= {"type": self.kind, key: {"name": self.name, texts: self.arguments, **self._body}}
        return found | self._fields


class ToolCalls(list[ToolCall]):
    """The tool calls of one message, in the order in which they began."""

    def add(self, deltas: object) -> list[tuple[ToolCall, str]]:
        """Take deltas, and return the call of each with the text that it adds to the arguments."""
        added = []
        for delta in deltas if isinstance(deltas, list) else (deltas,):  # some servers send a delta without a list
            if isinstance(delta, dict):
                call = self._find(delta)
                added.append((call, call.add(delta)))
        return added

    def in_reply_order(self) -> list[ToolCall]:
        """Return the calls by their indexes if these are unique, else in the order in which they began.

        Echoes are left out: some servers repeat the name of a complete call in their last delta.
        """
        found = [call for number, call in enumerate(self) if not self._is_echo(call, self[:number])]
        places = {call.index: call for call in found if call.index.__class__ is int}
        return [places[index] for index in sorted(places)] if len(places) == len(found) else found

    def _is_echo(self, call: ToolCall, before: list[ToolCall]) -> bool:
        same = next((c for c in reversed(before) if c.index == call.index), None)
        if same is None or same.name != call.name or call.arguments.strip():
            return False
        return (call.id is None or same.has_several_ids) and same.complete()

    def _find(self, delta: Wire) -> ToolCall:
        """Return the call that a delta continues, or begin a new one.

        A known id determines the call. Otherwise the delta continues the latest call of its index (of any index, if it
        has none), unless it begins a new call: it names a function, and has a different id, or no id while the
        arguments of the latest call are complete. A different id with the same name does not begin a call while the
        arguments are incomplete: some servers create a new id for every delta.
        """
        index, identity, named = _number(delta.get("index")), delta.get("id"), _named(delta)
        latest: ToolCall | None = None
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
                latest.has_several_ids = True
                return latest
        self.append(ToolCall(index))
        return self[-1]


def _number(index: object) -> object:
    """Return an index as an int, which some servers send as a str."""
    return int(index) if isinstance(index, str) and index.isdecimal() and len(index) < 5 else index


def _named(delta: Wire) -> object:
    bodies = (delta.get(key) for key in ("function", "custom"))
    return next((body["name"] for body in bodies if isinstance(body, dict) and body.get("name")), None)


def _name(before: str, delta: object) -> str:
    """Join the deltas of a name. Most servers send it once; others repeat it with every delta, or all of it so far."""
    if not isinstance(delta, str) or not delta or delta == before:
        return before
    return delta if delta.startswith(before) else before + delta


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
    except TypeError:  # JSON allows integers over 64 bits and lone surrogates, orjson does not
        import json

        return json.dumps(value)
