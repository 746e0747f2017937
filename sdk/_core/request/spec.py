"""The facts of an operation that its signature does not tell."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ..public import ROOT


class EndpointSpec:
    """The facts of an operation that the signature does not tell."""

    __slots__ = (
        "accept", "alone", "asks", "auth", "binary_too", "body", "content_type", "deprecated", "deprecated_arguments",
        "envelope", "events", "files", "fixed_query", "former", "idempotent", "method", "name", "none_too", "omits",
        "open_end", "others_too", "page", "part_types", "path", "piece", "placed", "renamed", "reply", "returns",
        "root", "structured", "styles", "switch", "terminal", "text_too",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        *,
        root: str = ROOT,
        reply: str = "",
        returns: str = "json",
        text_too: bool = False,
        binary_too: bool = False,
        none_too: bool = False,
        others_too: bool = False,
        accept: str = "",
        events: str = "",
        piece: str = "object",
        open_end: bool = False,
        switch: tuple[str, str, Any] | None = None,
        terminal: tuple[str, ...] = (),
        envelope: bool = False,
        structured: str = "",
        asks: Mapping[str, Any] | None = None,
        page: tuple[str, str] | tuple[str, str, bool] | None = None,
        body: str = "json",
        content_type: str | None = None,
        files: tuple[str, ...] = (),
        part_types: Mapping[str, str] | None = None,
        alone: tuple[str, str] | None = None,
        omits: bool = False,
        styles: Mapping[str, str] | None = None,
        placed: Mapping[str, Mapping[str, str]] | None = None,
        fixed_query: Mapping[str, str] | None = None,
        auth: str = "api_key",
        idempotent: bool = False,
        deprecated: bool = False,
        deprecated_arguments: tuple[str, ...] = (),
        renamed: str = "",
        former: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.method, self.path, self.root = name, method, path, root
        self.reply, self.returns, self.text_too = reply, returns, text_too
        self.binary_too, self.none_too, self.accept = binary_too, none_too, accept
        self.events, self.switch, self.terminal, self.envelope = events, switch, terminal, envelope
        self.piece, self.open_end, self.others_too = piece, open_end, others_too
        self.structured, self.asks, self.page = structured, asks, page
        self.body, self.content_type, self.files, self.part_types = body, content_type, files, part_types or {}
        self.alone, self.styles, self.fixed_query = alone, styles or {}, fixed_query or {}
        self.omits, self.placed, self.idempotent = omits, placed or {}, idempotent
        self.auth, self.deprecated, self.deprecated_arguments = auth, deprecated, frozenset(deprecated_arguments)
        self.renamed, self.former = renamed, former

    def model(self, name: str) -> Any:
        """Return a model or union by name; the first reply loads it. Without a name JSON stays as it is."""
        if not name:
            return object
        where = f"{self.root}.models"
        try:
            return getattr(sys.modules[where], name)
        except (KeyError, AttributeError):  # not loaded, or not whole: another thread loads it right now
            return getattr(import_module(where), name)

    def chunk(self, wire: Any) -> Any:
        """Return an event of a stream as its type."""
        read = getattr(self.model(self.events), "from_dict" if isinstance(wire, dict) else "decode", None)
        return wire if read is None else read(wire)
