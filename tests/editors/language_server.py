"""A client of the language server that ships with pyright. Source: Language Server Protocol 3.17."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

#: What the server asks of an editor: which interpreter to use, and how much to check.
_SETTINGS: dict[str, Any] = {
    "python": {"pythonPath": sys.executable},
    "python.analysis": {"diagnosticMode": "openFilesOnly", "useLibraryCodeForTypes": True},
}
_CAPABILITIES: dict[str, Any] = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
        "signatureHelp": {
            "signatureInformation": {
                "documentationFormat": ["markdown"],
                "parameterInformation": {"labelOffsetSupport": False},
                "activeParameterSupport": True,
            }
        },
    },
}


class LanguageServerError(Exception):
    """The server ended, or answered with an error."""


class LanguageServer:
    """The running server, asked as an editor asks it. Lines and columns of positions start at 0."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._ids = folder, count(1)
        self._open: set[str] = set()
        command = [sys.executable, "-m", "pyright.langserver", "--stdio"]
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        root = folder.as_uri()
        folders = [{"uri": root, "name": folder.name}]
        started = {"processId": None, "rootUri": root, "capabilities": _CAPABILITIES, "workspaceFolders": folders}
        try:
            self._ask("initialize", started)
            self._tell("initialized", {})
        except BaseException:
            self._end()
            raise

    def open(self, text: str, name: str = "asked.py") -> str:
        """Open a file with a text, which need not exist, and return its URI."""
        uri = (self._folder / name).as_uri()
        if uri in self._open:
            self._tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        self._open.add(uri)
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def hover(self, uri: str, line: int, column: int) -> str:
        """Return what a tooltip shows, as Markdown; '' for nothing."""
        found = self._at("hover", uri, line, column)
        return str(found["contents"]["value"]) if found else ""

    def completion(self, uri: str, line: int, column: int) -> dict[str, dict[str, Any]]:
        """Return the items of a completion, by label."""
        found = self._at("completion", uri, line, column) or {"items": []}
        return {item["label"]: item for item in found["items"]}

    def describe(self, item: dict[str, Any]) -> str:
        """Return the documentation of one completion item, as an editor asks for it when it is selected."""
        found = self._ask("completionItem/resolve", item)
        return str(found.get("documentation", {}).get("value", ""))

    def signature(self, uri: str, line: int, column: int) -> dict[str, Any]:
        """Return the active signature: `label`, `documentation`, `parameters`, `activeParameter`."""
        found = self._at("signatureHelp", uri, line, column)
        if not found or not found["signatures"]:
            return {}
        active = found["signatures"][found.get("activeSignature") or 0]
        return {"activeParameter": found.get("activeParameter"), **active}

    def _at(self, method: str, uri: str, line: int, column: int) -> Any:
        position = {"line": line, "character": column}
        return self._ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": position})

    def _ask(self, method: str, params: Any) -> Any:
        number = next(self._ids)
        self._write({"id": number, "method": method, "params": params})
        while True:
            message = self._read()
            if "method" in message:
                self._serve(message)
            elif message.get("id") == number:
                if "error" in message:
                    raise LanguageServerError(f"{method}: {message['error'].get('message')}")
                return message["result"]

    def _serve(self, message: dict[str, Any]) -> None:
        """Answer a request of the server; notifications need no answer."""
        if "id" in message:
            asked = message["params"]["items"] if message["method"] == "workspace/configuration" else None
            result = None if asked is None else [_SETTINGS.get(item.get("section", ""), {}) for item in asked]
            self._write({"id": message["id"], "result": result})

    def _tell(self, method: str, params: Any) -> None:
        self._write({"method": method, "params": params})

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise LanguageServerError(f"the language server ended with code {self._process.poll()}")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._end()
