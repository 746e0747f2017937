"""Turn one line of a source into the arguments of an operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..._core.operation import Operation
from ..._core.operation.facts import builder_of
from .errors import SourceError
from .template import filled


class Request(NamedTuple):
    """What a line asks for: its `custom_id`, None without one, and the body of the request."""

    custom_id: str | None
    body: dict[str, Any]


class LineReader:
    """Reads lines: of the Batch API's form, bare bodies, `{"prompt": ...}`, and columns for a template.

    A template is a str, which becomes the prompt, or a mapping, which is the whole body; `arguments` go into every
    body that does not have them.
    """

    def __init__(self, operation: Operation[..., Any], template: Any, arguments: Mapping[str, Any]) -> None:
        build = builder_of(operation)
        code = build.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        positional = names[: code.co_argcount - len(build.__defaults__ or ())]
        self.known = frozenset(names)
        self._required = {*positional, *names[code.co_argcount :]} - (build.__kwdefaults__ or {}).keys()
        self._operation, self._template, self._arguments = operation, template, dict(arguments)
        #: The argument that a prompt becomes, "" if there is none.
        self._prompted = next((name for name in ("messages", "input", "prompt") if name in self.known), "")

    def read(self, line: Any, where: str, *, columns: bool) -> Request:
        """Return what a line asks for; `columns`: it comes from a table. Raises: SourceError."""
        if not isinstance(line, dict):
            raise SourceError(f"{where}: a line must be a JSON object, not {type(line).__name__}")
        custom_id = line.get("custom_id")
        if custom_id is not None and (not isinstance(custom_id, str) or not custom_id):
            given = "an empty one" if custom_id == "" else type(custom_id).__name__
            raise SourceError(f"{where}: custom_id must be a str that is not empty, not {given}")
        body = self._body(line, where, columns=columns)
        if body.get("stream"):
            raise SourceError(f"{where}: bulk work reads whole replies; leave out stream")
        body.pop("stream", None)
        if not self._required <= body.keys():
            missing = ", ".join(sorted(self._required - body.keys()))
            raise SourceError(
                f"{where}: {self._operation.name} needs {missing}; give it in the line, or to all lines in arguments="
            )
        return Request(custom_id, body)

    def arguments(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of the operation; what it does not know goes into `extra_body`."""
        if body.keys() <= self.known:
            return body
        found = {name: value for name, value in body.items() if name in self.known}
        found["extra_body"] = {name: value for name, value in body.items() if name not in self.known}
        return found

    def _body(self, line: dict[str, Any], where: str, *, columns: bool) -> dict[str, Any]:
        if isinstance(line.get("body"), dict) and ("custom_id" in line or "url" in line):
            self._check_url(line, where)
            return {**self._arguments, **line["body"]}
        if self._template is not None:
            given = filled(self._template, line, where)
            return {**self._arguments, **(self._prompt(given, where) if isinstance(given, str) else given)}
        if isinstance(line.get("prompt"), str) and (columns or self._prompted != "prompt"):
            rest = {} if columns else {n: v for n, v in line.items() if n not in ("prompt", "custom_id")}
            return {**self._arguments, **rest, **self._prompt(line["prompt"], where)}
        if columns:
            raise SourceError(f"{where}: a table needs a template, or a column `prompt`; there are {', '.join(line)}")
        return {**self._arguments, **{name: value for name, value in line.items() if name != "custom_id"}}

    def _prompt(self, text: Any, where: str) -> dict[str, Any]:
        if not self._prompted:
            raise SourceError(
                f"{where}: {self._operation.name} takes no prompt; give a template that is the whole body"
            )
        return {self._prompted: [{"role": "user", "content": text}] if self._prompted == "messages" else text}

    def _check_url(self, line: dict[str, Any], where: str) -> None:
        url, path = line.get("url"), self._operation.path
        if url is not None and (not isinstance(url, str) or not url.endswith(path)):
            raise SourceError(f"{where}: the line is for {url!r}, and this run calls {self._operation.name} ({path})")
        method = line.get("method")
        if method is not None and method != self._operation.method:
            raise SourceError(f"{where}: method must be {self._operation.method}, not {method!r}")
