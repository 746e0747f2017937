"""The request that a command would send, for reading, for programs, and as a command of curl."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .._core.client.preview import Preview, preview

#: Headers that curl sets itself, or that say nothing of the call.
_OWN = {"accept-encoding", "user-agent", "content-length"}


class Shown(NamedTuple):
    """A request as people and programs read it; `files` are the paths of its file arguments, by name."""

    request: Preview
    files: Mapping[str, list[Path]]

    def to_dict(self) -> dict[str, Any]:
        """Return the request for programs; a body that is not JSON is replaced by its length."""
        method, url, headers, _ = self.request
        return {"method": method, "url": url, "headers": headers, "body": self._json(), "curl": self.curl()}

    def _json(self) -> Any:
        body = self.request.body
        if body is None:
            return None
        try:
            return json.loads(body)
        except ValueError:
            return {"bytes": len(body)}

    def curl(self) -> str:
        """Return the request as a command for a shell."""
        method, url, headers, body = self.request
        parts = ["curl", "-X", method, _quoted(url)]
        form = _form(headers, body or b"", self.files)
        for name, value in headers.items():
            if name.lower() not in _OWN and not (form and name.lower() == "content-type"):
                parts += ["-H", _quoted(f"{name}: {value}")]
        if form:
            return " ".join([*parts, *form])
        if body is not None:
            try:
                parts += ["--data-raw", shlex.quote(body.decode())]
            except UnicodeDecodeError:
                path = next((found[0] for found in self.files.values() if found), Path("BODY"))
                parts += ["--data-binary", shlex.quote(f"@{path}")]
        return " ".join(parts)

    def text(self) -> str:
        """Return the request for people."""
        method, url, headers, body = self.request
        lines = [f"{method} {url}", *(f"{name}: {value}" for name, value in headers.items())]
        if body is not None:
            lines += ["", json.dumps(self._json(), indent=2, ensure_ascii=False)]
        return "\n".join([*lines, "", self.curl()])


def shown(client: Any, request: Any, keywords: Mapping[str, Any]) -> Shown:
    """Return the request of a call with these arguments. Raises: RequestError for one that cannot be sent."""
    return Shown(preview(client, request), {name: list(_paths(value)) for name, value in keywords.items()})


def _paths(value: Any) -> Iterator[Path]:
    if isinstance(value, list):
        for item in value:
            yield from _paths(item)
    elif isinstance(value, Path):
        yield value


def _quoted(text: str) -> str:
    """Return a word for a shell; in double quotes the shell puts in the key, whose place is $NAME."""
    if "$" not in text:
        return shlex.quote(text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`") + '"'


def _form(headers: Mapping[str, str], body: bytes, files: Mapping[str, list[Path]]) -> list[str]:
    """Return the parts of a multipart body as options of curl; [] for another body."""
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if not kind.startswith("multipart/form-data"):
        return []
    waiting = {name: list(paths) for name, paths in files.items()}
    found: list[str] = []
    for part in body.split(b"--" + kind.rpartition("boundary=")[2].encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        found += _option_of(head.decode(), content, waiting)
    return found


def _option_of(head: str, content: bytes, waiting: dict[str, list[Path]]) -> list[str]:
    """Return one part; a file is the next path of its argument, or standard input."""
    lines = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n"))}
    given = dict(_pairs(lines.get("content-disposition", "")))
    name, kind = given["name"], lines.get("content-type", "")
    if "filename" in given:
        paths = waiting.get(name.partition("[")[0]) or []
        source = paths.pop(0) if paths else "-"
        typed = f";type={kind}" if kind else ""
        return ["-F", shlex.quote(f"{name}=@{source};filename={given['filename']}{typed}")]
    text = content.decode(errors="replace")
    if not kind:
        return ["--form-string", shlex.quote(f"{name}={text}")]
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return ["-F", shlex.quote(f'{name}="{escaped}";type={kind}')]


def _pairs(disposition: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of what follows "form-data" in a Content-Disposition, as multipart bodies have it."""
    for piece in disposition.split("; ")[1:]:
        name, _, value = piece.partition("=")
        yield name, value.strip('"')
