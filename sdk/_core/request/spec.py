"""The specification of an endpoint besides its signature, and the serialization styles of its parameters."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ..public import ROOT

_DELIMITERS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


class Style:
    """A serialization style of OpenAPI (3.1.1, section 4.8.12.2) with `explode` and `allowReserved`.

    `name` is "form", "simple", "label", "matrix", "spaceDelimited", "pipeDelimited" or "deepObject"; or "json" for JSON
    content, or "json_object", which is JSON for objects and "form" for other values.
    """

    __slots__ = ("allow_reserved", "explode", "name")

    def __init__(self, name: str, *, explode: bool = False, allow_reserved: bool = False) -> None:
        self.name, self.explode, self.allow_reserved = name, explode, allow_reserved

    @property
    def delimiter(self) -> str | None:
        """The separator of the items of an array in one value; None if each item is a pair of its own."""
        return None if self.explode else _DELIMITERS.get(self.name)


class EndpointSpec:
    """The specification of an endpoint besides its signature.

    `returns` are the kinds of reply, the usual one first: "json", "text", "binary", "none", and "scalar" and "array"
    for such JSON in place of an object. `reply` is the model of a reply; `replies` are those of single statuses or
    ranges ("2XX") with a schema of their own, "" for JSON that is not decoded; `reply_by` is the argument of the body
    that selects the model, and the model for each of its values. `events` is the model of a stream's events,
    `event_data` the type of their data ("object", "json", "text" or an envelope's), `event_type` the media type of a
    stream of lines ("" is one of server-sent events), `end_events` the events that end it; with `ends_on_close` it ends
    with the connection. With `error_events` an event that reports an error is one of `events`, and the stream
    continues. `errors` are the models of error bodies, by status, range or "default". `stream_flag` (location, name,
    value) requests a stream. `body` is the format of the body, `list_content_type` the media type of an array, if it
    has another one, and `raw_alternative` (field, media type) a field that may be sent alone as the body. `dates` are
    the formats of the dates among the arguments, by location; see `dates`. `fixed_headers` are sent unless the caller
    gives a header of the same name. `server` is the base URL of an operation that has its own, or the path of one at
    the origin of the others. `security` lists alternative requirements, each a tuple of schemes that are used together.
    With `waits` the reply has a state that changes on the server.
    """

    __slots__ = (
        "accept", "body", "body_defaults", "content_type", "dates", "deprecated", "deprecated_arguments", "end_events",
        "ends_on_close", "envelope", "error_events", "errors", "event_data", "event_type", "events", "family", "files",
        "fixed_headers", "fixed_query", "idempotent", "list_content_type", "method", "name", "old_names",
        "optional_body", "page", "param_styles", "part_types", "path", "raw_alternative", "replaced_by", "replies",
        "reply", "reply_by", "reply_kind", "returns", "root", "security", "server", "stream_flag", "structured",
        "styles", "waits",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        *,
        root: str = ROOT,
        reply: str = "",
        replies: Mapping[str, str] | None = None,
        reply_by: tuple[str, Mapping[str, str]] | None = None,
        returns: tuple[str, ...] = ("json",),
        accept: str = "",
        errors: Mapping[str, str] | None = None,
        events: str = "",
        event_data: str = "object",
        event_type: str = "",
        end_events: tuple[str, ...] = (),
        ends_on_close: bool = False,
        error_events: bool = False,
        stream_flag: tuple[str, str, Any] | None = None,
        envelope: bool = False,
        structured: str = "",
        page: tuple[str, str] | tuple[str, str, bool] | tuple[str, str, str, str, str] | None = None,
        body: str = "json",
        body_defaults: Mapping[str, Any] | None = None,
        optional_body: bool = False,
        content_type: str | None = None,
        list_content_type: str = "",
        files: tuple[str, ...] = (),
        part_types: Mapping[str, str] | None = None,
        raw_alternative: tuple[str, str] | None = None,
        styles: Mapping[str, Style] | None = None,
        param_styles: Mapping[str, Mapping[str, Style]] | None = None,
        fixed_query: Mapping[str, str] | None = None,
        fixed_headers: Mapping[str, str] | None = None,
        security: tuple[tuple[str, ...], ...] = (("api_key",),),
        server: str = "",
        dates: Mapping[str, Any] | None = None,
        idempotent: bool = False,
        deprecated: bool = False,
        deprecated_arguments: tuple[str, ...] = (),
        replaced_by: str = "",
        old_names: Mapping[str, str] | None = None,
        waits: bool = False,
    ) -> None:
        self.name, self.method, self.path, self.root = name, method, path, root
        #: The resource of the operation: servers limit such families of operations.
        self.family = name.rpartition(".")[0] or path
        self.reply, self.reply_by, self.returns, self.reply_kind = reply, reply_by, returns, returns[0]
        self.replies, self.dates, self.accept = replies, dates, accept
        self.events, self.event_data, self.event_type, self.end_events = events, event_data, event_type, end_events
        self.ends_on_close, self.stream_flag, self.envelope = ends_on_close, stream_flag, envelope
        self.error_events, self.errors, self.structured, self.page = error_events, errors, structured, page
        self.body, self.body_defaults, self.optional_body = body, body_defaults, optional_body
        self.content_type, self.files, self.part_types = content_type, files, part_types or {}
        self.list_content_type = list_content_type
        self.raw_alternative, self.styles, self.param_styles = raw_alternative, styles or {}, param_styles or {}
        self.fixed_query, self.fixed_headers = fixed_query or {}, fixed_headers or {}
        self.security, self.idempotent, self.server = security, idempotent, server
        self.deprecated, self.deprecated_arguments = deprecated, frozenset(deprecated_arguments)
        self.replaced_by, self.old_names, self.waits = replaced_by, old_names, waits

    def reply_of(self, status: int) -> str:
        """Return the model of the reply with a status: by the status, then by its range, else that of all replies."""
        replies = self.replies or {}
        return replies.get(str(status), replies.get(f"{status // 100}XX", self.reply))

    def error_of(self, status: int) -> str:
        """Return the model of an error body: by its status, then by its range, else that of all others."""
        errors = self.errors or {}
        return errors.get(str(status)) or errors.get(f"{status // 100}XX") or errors.get("default", "")

    def model(self, name: str) -> Any:
        """Return a model or union by name; the first reply imports it. Without a name, JSON is not converted."""
        if not name:
            return object
        where = f"{self.root}.models"
        try:
            return getattr(sys.modules[where], name)
        except (KeyError, AttributeError):  # not imported yet, or another thread is importing it
            return getattr(import_module(where), name)

    def chunk(self, wire: Any) -> Any:
        """Return an event of a stream as its model."""
        read = getattr(self.model(self.events), "from_dict" if isinstance(wire, dict) else "decode", None)
        return wire if read is None else read(wire)
