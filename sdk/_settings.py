"""The facts of an operation that its signature does not tell."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any


class Settings:
    """The facts of an operation that the signature does not tell."""

    __slots__ = (
        "alone", "asks", "auth", "body", "content_type", "deprecated", "deprecated_arguments", "envelope",
        "events", "files", "fixed_query", "former", "method", "name", "page", "part_types", "path", "renamed",
        "reply", "returns", "root", "structured", "styles", "switch", "terminal", "text_too",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        *,
        root: str = "sdk",
        reply: str = "",
        returns: str = "json",
        text_too: bool = False,
        events: str = "",
        switch: tuple[str, str, Any] | None = None,
        terminal: tuple[str, ...] = (),
        envelope: bool = False,
        structured: str = "",
        asks: Mapping[str, Any] | None = None,
        page: tuple[str, str] | None = None,
        body: str = "json",
        content_type: str | None = None,
        files: tuple[str, ...] = (),
        part_types: Mapping[str, str] | None = None,
        alone: tuple[str, str] | None = None,
        styles: Mapping[str, str] | None = None,
        fixed_query: Mapping[str, str] | None = None,
        auth: str = "api_key",
        deprecated: bool = False,
        deprecated_arguments: tuple[str, ...] = (),
        renamed: str = "",
        former: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.method, self.path, self.root = name, method, path, root
        self.reply, self.returns, self.text_too = reply, returns, text_too
        self.events, self.switch, self.terminal, self.envelope = events, switch, terminal, envelope
        self.structured, self.asks, self.page = structured, asks, page
        self.body, self.content_type, self.files, self.part_types = body, content_type, files, part_types or {}
        self.alone, self.styles, self.fixed_query = alone, styles or {}, fixed_query or {}
        self.auth, self.deprecated, self.deprecated_arguments = auth, deprecated, deprecated_arguments
        self.renamed, self.former = renamed, former

    def model(self, name: str) -> Any:
        """Return a model or union by name; the first reply loads it."""
        return getattr(sys.modules.get(f"{self.root}.models") or import_module(f"{self.root}.models"), name)
