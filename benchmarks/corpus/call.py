"""python -m benchmarks.corpus.call DOCUMENT MADE [CALLS]: call each operation of a package, and record what it sends.

DOCUMENT is the JSON text of the document as the generator read it; MADE has the package, and made.json beside it, with
the place of each operation. Each call is recorded as one line of requests.jsonl beside the package.
"""

from __future__ import annotations

import base64
import importlib
import inspect
import json
import pkgutil
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from generator.document import pointer as pointers

from .make import PACKAGE
from .values import Values

_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_CHOSEN = ("application/json", _FORM, _MULTIPART)


class Probe:
    """An argument that is only followed to its place in the request."""

    def __init__(self, name: str) -> None:
        self.name = name


def modules(folder: str) -> Iterator[str]:
    """Yield the name of each module of the resources of the package, imported."""
    api = importlib.import_module(f"{PACKAGE}.{folder}")
    yield api.__name__
    for found in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        if not found.name.endswith("_resources"):
            yield found.name


class Caller:
    """Call the operations of one package."""

    def __init__(self, document: Mapping[str, Any], places: Mapping[str, list[str]]) -> None:
        self._document, self._places = document, places
        self.sent: list[httpx.Request] = []
        package = importlib.import_module(PACKAGE)
        service = package.Client._service
        keys = {
            name: "user:password1" if one.prefix == "Basic" else "key-0123456789"
            for name, one in service.schemes.items()
        }
        base = {} if service.base_url else {"api_base": "https://api.example"}
        self.base = service.base_url or base["api_base"]
        self._client = package.Client(
            api_key=keys or "key-0123456789",
            max_retries=0,
            pace=False,
            transport=httpx.MockTransport(self._answer),
            **base,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.sent.append(request)
        return httpx.Response(418)

    def operation(self, name: str) -> Any:
        """Return an operation, bound to the client."""
        found = self._client
        for part in name.split("."):
            found = getattr(found, part)
        return found

    def call(self, name: str, values: Values) -> httpx.Request:
        """Call an operation with valid arguments; return the request that went out."""
        operation = self.operation(name)
        self.sent.clear()
        path, others = self._arguments(operation, values, *self._places[name])
        try:
            if type(operation).__name__ == "OnlyStreamingOperation":
                with operation.stream(*path, **others):
                    pass
            else:
                operation.sync(*path, **others)
        except Exception:
            if not self.sent:
                raise
        return self.sent[-1]

    def _arguments(self, operation: Any, values: Values, method: str, pointer: str) -> tuple[list[Any], dict[str, Any]]:
        names = [p.name for p in inspect.signature(operation._build).parameters.values() if p.kind is not p.VAR_KEYWORD]
        request = operation._build(**{name: Probe(name) for name in names})
        raw = pointers.at(self._document, pointers.split(pointer))
        item = pointers.at(self._document, pointers.split(pointer.rpartition("/")[0]))
        declared = [
            pointers.resolved(self._document, p)
            for p in [*(item.get("parameters") or ()), *(raw.get("parameters") or ())]
        ]
        found: dict[str, Any] = {}
        for place, given in (
            ("path", request.path_params), ("query", request.query_params),
            ("header", request.header_params), ("cookie", request.cookie_params),
        ):  # fmt: skip
            for key, probe in (given or {}).items():
                one = next((p for p in reversed(declared) if (p["in"], p["name"]) == (place, key)), {"required": True})
                if place == "path" or one.get("required") or values.chance():
                    found[probe.name] = self._parameter(one, values, place)
        found |= self._body(operation._spec, request, raw, values)
        first = [p.name for p in (request.path_params or {}).values()]
        order = [name for name in names if name in first]
        return [found.pop(name) for name in order], found

    def _parameter(self, raw: Mapping[str, Any], values: Values, place: str) -> Any:
        content = raw.get("content")
        schema = next(iter(content.values())).get("schema", {}) if content else raw.get("schema", {})
        value = values.of(schema)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if place == "path" and (
            value in ("", ".", "..", [], {}, None) or any(isinstance(one, list | dict) for one in inner)
        ):
            return "x"  # what is nested no path can hold: it is read as a string
        # What a header or a cookie can hold is ASCII.
        return value if place in ("path", "query") else _ascii(value)

    def _body(self, spec: Any, given: Any, raw: Mapping[str, Any], values: Values) -> dict[str, Any]:
        request = pointers.resolved(self._document, raw.get("requestBody") or {})
        content, body = request.get("content") or {}, given.body
        if not content:
            return {}
        wanted = {"form": _FORM, "multipart": _MULTIPART, "auto_form": _FORM}.get(
            spec.body, spec.content_type or "json"
        )
        kind = next(
            (k for k in content if wanted in k),
            next((k for k in content if "json" in k or "*" in k), next(iter(content))),
        )
        schema = content[kind].get("schema", {})
        if isinstance(given.content_type, Probe) and isinstance(body, Mapping) and values.chance():
            # Another media type for the same arguments.
            kind = values.one_of(
                [k for k in content if k in _CHOSEN and content[k].get("schema", {}) == schema] or [kind]
            )
            files = kind == _MULTIPART
            made = self._fields(spec, body, values.of(schema, files=files))
            return {**made, given.content_type.name: kind} if made else {}
        if isinstance(body, Probe):
            if spec.body == "raw":
                flat = values.flat(schema)
                return {body.name: b"bytes" if flat.get("format") == "binary" or not flat.get("type") else "text"}
            if not request.get("required") and not values.chance():
                return {}
            value = values.of(schema, files=spec.body != "json")
            # Parts and fields that the document gives no name have that of the caller.
            named = isinstance(value, Mapping) or spec.body not in ("multipart", "form")
            return {body.name: value if named else {"file": value}}
        if not isinstance(body, Mapping):
            return {}
        return self._fields(spec, body, values.of(schema, files=spec.body != "json"))

    @staticmethod
    def _fields(spec: Any, body: Mapping[str, Any], value: Any) -> dict[str, Any]:
        """Return the arguments for the properties of a value; those that are none are extra."""
        if not isinstance(value, Mapping):
            return {}
        names = {key: probe.name for key, probe in body.items()}
        extra = {key: inner for key, inner in value.items() if key not in names}
        given = {names[key]: inner for key, inner in value.items() if key in names}
        flag = spec.stream_flag
        extra = {k: v for k, v in extra.items() if not (flag and flag[0] == "body" and k == flag[1])}
        return {**given, **({"extra_body": extra} if extra else {})}


def _ascii(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else "a"
    if isinstance(value, list):
        return [_ascii(item) for item in value]
    return {key: _ascii(item) for key, item in value.items()} if isinstance(value, dict) else value


def recorded(name: str, request: httpx.Request) -> dict[str, Any]:
    """Return a request as one object of JSON."""
    return {
        "operation": name, "method": request.method, "url": str(request.url),
        "headers": [[k.decode("latin-1"), v.decode("latin-1")] for k, v in request.headers.raw],
        "body": base64.b64encode(request.content).decode(),
    }  # fmt: skip


def main(document: Path, made: Path, calls: int) -> dict[str, Any]:
    """Call each operation once, and go on until there are so many calls; return what went out and what did not."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(made))
    began = time.perf_counter()
    package = importlib.import_module(PACKAGE)
    assert package.Client
    seconds = time.perf_counter() - began
    broken = {}
    for name in [*modules("api"), *modules("models")]:
        try:
            importlib.import_module(name)
        except Exception as error:
            broken[name] = f"{type(error).__name__}: {error}"
    places = json.loads((made / "made.json").read_text())["operations"]
    data = json.loads(document.read_text())
    caller = Caller(data, places)
    failed: dict[str, str] = {}
    sent: set[str] = set()
    with (made / "requests.jsonl").open("w") as out:
        count, turn = 0, 0
        while turn == 0 or (count < calls and turn < 500):
            for name in places:
                try:
                    request = caller.call(name, Values(data, turn, optional=0.0 if turn == 0 else 0.4))
                except Exception as error:
                    failed.setdefault(name, f"{type(error).__name__}: {error}"[:300])
                    continue
                sent.add(name)
                count += 1
                out.write(json.dumps(recorded(name, request)) + "\n")
                if turn and count >= calls:
                    break
            turn += 1
    return {"import": seconds, "broken": broken, "sent": sorted(sent), "failed": failed, "base": caller.base}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int((sys.argv[3:] or ["0"])[0]))))
