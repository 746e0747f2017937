"""Write the facts of an operation that differ from the usual ones, as keyword arguments of its decorator."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..ir import AnyType, Api, Array, Binary, JsonType, Operation, Param, Ref, Reply, Type, Union
from ..ir.decoding import Planner
from ..ir.unions import NESTED, json_types, object_members
from .dates import dates_of
from .types import literal_value

#: Styles that write an array as one value, where they do not explode.
_DELIMITED = ("form", "spaceDelimited", "pipeDelimited")
#: The key that the runtime sends where an operation names none.
DEFAULT_SECURITY = (("api_key",),)


class SettingsWriter:
    """Write the settings of the operations of one API; `waits` are the models of replies that can be waited for."""

    def __init__(self, api: Api, waits: Collection[str]) -> None:
        self._resolve, self._waits = api.resolve, waits
        self._planner = Planner(api.resolve, typed=api.typed)

    def of(self, op: Operation) -> list[str]:
        """Return the facts of an operation that differ from the usual ones, as keyword arguments."""
        out = [*self._of_reply(op.reply), *self._of_events(op)]
        if op.body_defaults:
            out.append(f"body_defaults={_dict(dict(op.body_defaults))}")
        if op.page and op.page.kind:
            page = op.page
            out.append(f"page={_tuple((page.kind, page.param, '.'.join(page.cursor), page.items, page.more))}")
        elif op.page:
            cursor, numbers = ".".join(op.page.cursor), ", True" if op.page.numbers else ""
            out.append(f'page=("{op.page.param}", "{cursor}"{numbers})')
        out += [*self._of_body(op), *self._styles(op)]
        if dates := dates_of(op, self._resolve):
            out.append(f"dates={literal_value(dates)}")
        if op.fixed_query:
            out.append(f"fixed_query={_dict(dict(op.fixed_query))}")
        if op.fixed_headers:
            out.append(f"fixed_headers={_dict(dict(op.fixed_headers))}")
        if errors := {status: model for status, type_ in op.errors if (model := self._model(type_))}:
            out.append(f"errors={_dict(errors)}")
        if op.server:
            out.append(f"server={literal_value(op.server)}")
        if op.security != DEFAULT_SECURITY:
            out.append(f"security={literal_value(op.security)}")
        if any(p.location == "header" and p.key.lower() == "idempotency-key" for p in op.params):
            out.append("idempotent=True")
        return out + self._of_names(op)

    def _of_reply(self, reply: Reply) -> list[str]:
        out = []
        if reply.kind == "json" and isinstance(reply.type, Ref):
            out.append(f"reply={literal_value(reply.type.name)}")
            if reply.type.name in self._waits:
                out.append("waits=True")
        if reply.by_status:
            models = {status: self._model(type_) for status, type_ in reply.by_status}
            out.append(f"replies={_dict(models)}")
        if reply.chosen_by:
            out.append(f"reply_by=({literal_value(reply.chosen_by)}, {_dict(dict(reply.cases))})")
        others = {"text": reply.text_too, "binary": reply.binary_too, "none": reply.none_too}
        others |= self._beside_objects(reply.type) if reply.type is not None else {}
        returns = [reply.kind, *(kind for kind, there in others.items() if there)]
        if returns != ["json"]:
            out.append(f"returns={_tuple(returns)}")
        if reply.accept:
            out.append(f"accept={literal_value(reply.accept)}")
        return out

    def _of_body(self, op: Operation) -> list[str]:
        body, out = op.body, list[str]()
        if body is None:
            return out
        if body.kind in ("json", "auto") and body.content_type not in (None, "application/json"):
            out.append(f"content_type={literal_value(body.content_type)}")
        if body.list_content_type:
            out.append(f"list_content_type={literal_value(body.list_content_type)}")
        if body.optional_body:
            out.append("optional_body=True")
        if body.kind == "json":
            return out
        out.append(f"body={literal_value(body.kind)}")
        fields = [p for p in op.params if p.location == "body"]
        files = [p.key for p in fields if self._holds_file(p.type)]
        if body.kind in ("auto", "auto_form", "multipart") and files:
            out.append(f"files={_tuple(files)}")
        if parts := {p.key: p.content_type for p in fields if p.content_type}:
            out.append(f"part_types={_dict(parts)}")
        if body.raw_alternative:
            out.append(f"raw_alternative=({', '.join(map(literal_value, body.raw_alternative))})")
        if body.kind == "raw" and body.content_type:
            out.append(f"content_type={literal_value(body.content_type)}")
        return out

    @staticmethod
    def _of_names(op: Operation) -> list[str]:
        """Return what is deprecated, and names that have changed."""
        out = ["deprecated=True"] if op.deprecated else []
        if op.replaced_by:
            out.append(f"replaced_by={literal_value(op.replaced_by)}")
        if former := {old: p.attr for p in op.params for old in p.former}:
            out.append(f"old_names={_dict(former)}")
        if deprecated := [p.attr for p in op.params if p.deprecated]:
            out.append(f"deprecated_arguments={_tuple(deprecated)}")
        return out

    def _model(self, type_: Type) -> str:
        """Return the name by which a type is decoded, "" for one whose values stay as they are."""
        return type_.name if isinstance(type_, Ref) and self._planner.plan(type_) else ""

    def _beside_objects(self, type_: Type) -> dict[str, bool]:
        """Return whether a reply can be a scalar, or an array that needs no decoding, in place of an object."""
        objects, types = object_members(type_, self._resolve), json_types(type_, self._resolve)
        scalar = bool(objects and types & {JsonType.STRING, JsonType.NUMBER, JsonType.BOOLEAN})
        return {"scalar": scalar, "array": JsonType.ARRAY in types and self._planner.plan(type_).is_decision}

    @staticmethod
    def _of_events(op: Operation) -> list[str]:
        events = op.events
        if events is None:
            return []
        out = []
        if isinstance(events.type, Ref):
            out.append(f"events={literal_value(events.type.name)}")
        if events.data != "object":
            out.append(f"event_data={literal_value(events.data)}")
        if events.media_type:
            out.append(f"event_type={literal_value(events.media_type)}")
        if events.stream_flag:
            out.append(f"stream_flag=({', '.join(map(literal_value, events.stream_flag))})")
        if events.end_events:
            out.append(f"end_events={_tuple(events.end_events)}")
        if events.envelope:
            out.append("envelope=True")
        if events.ends_on_close:
            out.append("ends_on_close=True")
        if events.error_events:
            out.append("error_events=True")
        if op.structured:
            out.append(f"structured={literal_value(op.structured)}")
        return out

    def _styles(self, op: Operation) -> list[str]:
        """Return how values are written: by key for query and body, by place and key for all others.

        A key that is written in one way in the query and in another in the body gives the query a place of its own.
        """
        placed: dict[str, dict[str, str]] = {}
        for p in op.params:
            placed.setdefault(p.location, {})[p.key] = self._style(p)
        query, body = placed.pop("query", {}), placed.pop("body", {})
        if any(query[key] != body[key] for key in query.keys() & body.keys()):
            placed["query"] = query
        styles = _some(body if "query" in placed else {**query, **body})
        out = [f"styles={_code(styles)}"] if styles else []
        found = {place: _some(own) for place, own in placed.items() if place == "query" or _some(own)}
        inner = ", ".join(f"{literal_value(place)}: {_code(own)}" for place, own in found.items())
        return [*out, f"param_styles={{{inner}}}"] if found else out

    def _style(self, p: Param) -> str:
        """Return the code of a style; "" is the usual one, which needs none."""
        if p.style == "json":
            return _style_code("json")
        if p.location in ("query", "cookie", "body"):
            kept = p.style == "deepObject" or p.location == "body" or (not p.explode and p.style in _DELIMITED)
            name = p.style if kept else ""
            if not name and not p.reserved:
                return ""
            return _style_code("json_object" if name == "auto" else name or "form", p.explode or not name, p.reserved)
        target = self._resolve(p.type)
        several = not isinstance(target, AnyType) and bool(json_types(p.type, self._resolve) & NESTED)
        if p.location == "header":
            return _style_code(p.style, True) if several and p.explode else ""
        return _style_code(p.style, p.explode) if several or p.style != "simple" else ""

    def _holds_file(self, type_: Type) -> bool:
        target = self._resolve(type_)
        if isinstance(target, Array):
            return self._holds_file(target.item)
        if isinstance(target, Union):
            return any(self._holds_file(m) for m in target.members)
        return isinstance(target, Binary)


def _some(styles: dict[str, str]) -> dict[str, str]:
    """Return the styles that are not the usual one."""
    return {key: style for key, style in styles.items() if style}


def _dict(items: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{literal_value(k)}: {literal_value(v)}" for k, v in items.items()) + "}"


def _tuple(items: Iterable[str]) -> str:
    return f"({''.join(f'{literal_value(item)}, ' for item in items)})"


def _style_code(name: str, explode: bool = False, reserved: bool = False) -> str:
    """Return the code that makes a style of the runtime."""
    flags = [f"{flag}=True" for flag, given in (("explode", explode), ("allow_reserved", reserved)) if given]
    return f"Style({', '.join([literal_value(name), *flags])})"


def _code(values: Mapping[str, str]) -> str:
    """Return a dict whose values are code already."""
    return "{" + ", ".join(f"{literal_value(key)}: {code}" for key, code in values.items()) + "}"
