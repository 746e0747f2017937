"""Read requests: JSON bodies, forms and query parameters. What is wrong raises APIFailure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from starlette.datastructures import UploadFile
from starlette.requests import Request

from ..server.errors import APIFailure, missing, wrong_type, wrong_value

_METADATA_KEY = re.compile(r"metadata\[(.+)\]")
_NAMES: dict[type, str] = {
    str: "a string",
    list: "an array",
    dict: "an object",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
}


async def json_object(request: Request, **required: type | tuple[type, ...]) -> dict[str, Any]:
    """Return the body: a JSON object whose required fields are present and have one of the types given for them."""
    try:
        body = json.loads(await request.body(), parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise APIFailure("The request's body is not valid JSON.", code="invalid_json") from error
    if not isinstance(body, dict):
        raise APIFailure("The request's body must be a JSON object.", code="invalid_type")
    for name, types in required.items():
        if body.get(name) is None:
            raise missing(name)
        typed(body, name, *(types if isinstance(types, tuple) else (types,)))
    return body


def typed(body: Mapping[str, Any], name: str, *types: type) -> Any:
    """Return a field, or None if it is absent or null. Raises APIFailure for another JSON type."""
    value = body.get(name)
    # In Python a bool is an int; in JSON it is not. Every JSON integer is a number.
    allowed = (*types, int) if float in types else types
    if value is not None and (not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed)):
        raise wrong_type(name, " or ".join(_NAMES[kind] for kind in types))
    return value


def integer(body: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    """Return an integer field within bounds, or its default."""
    value = typed(body, name, int)
    if value is None:
        return default
    if not low <= value <= high:
        raise wrong_value(name, f"from {low} to {high}")
    return int(value)


def choice(body: Mapping[str, Any], name: str, default: str, *allowed: str) -> str:
    """Return a string field that has one of the allowed values, or its default."""
    value = typed(body, name, str)
    if value is None:
        return default
    if value not in allowed:
        raise wrong_value(name, "one of " + ", ".join(allowed))
    return str(value)


def metadata(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the field `metadata`: strings by name, empty where it is absent or null."""
    found = typed(body, "metadata", dict) or {}
    for key, value in found.items():
        if not isinstance(value, str):
            raise wrong_type(f"metadata.{key}", "a string")
    return found


def query_metadata(request: Request) -> dict[str, str]:
    """Return the query parameter `metadata`, whose members are written `metadata[key]`."""
    pairs = request.query_params.multi_items()
    return {found[1]: value for key, value in pairs if (found := _METADATA_KEY.fullmatch(key))}


def stop_sequences(body: Mapping[str, Any]) -> list[str]:
    """Return the field `stop`: one string, several, or none."""
    found = typed(body, "stop", str, list) or []
    sequences = [found] if isinstance(found, str) else found
    if not all(isinstance(one, str) for one in sequences):
        raise wrong_type("stop", "a string or an array of strings")
    return list(sequences)


@dataclass(frozen=True)
class Upload:
    """A file of a form."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """A multipart form. Brackets are removed from names: `image[]` is `image`."""

    fields: dict[str, Any]
    files: dict[str, list[Upload]]

    def file(self, name: str) -> Upload:
        """Return the one required file of this name."""
        if name in self.fields and name not in self.files:
            raise wrong_type(name, "a file")
        if name not in self.files:
            raise missing(name)
        return self.files[name][0]

    def require(self, *names: str) -> None:
        """Raise APIFailure if one of these fields is missing."""
        for name in names:
            if name not in self.fields:
                raise missing(name)

    def many(self, name: str) -> list[str]:
        """Return all values of a repeated field."""
        value = self.fields.get(name, [])
        return value if isinstance(value, list) else [value]


async def form(request: Request) -> Form:
    """Return the multipart form of a request."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise APIFailure("This path takes a multipart/form-data body.", code="invalid_content_type")
    fields: dict[str, Any] = {}
    files: dict[str, list[Upload]] = {}
    async with request.form() as parts:
        for name, part in parts.multi_items():
            if isinstance(part, UploadFile):
                files.setdefault(name.removesuffix("[]"), []).append(Upload(part.filename or "", await part.read()))
            elif name.endswith("[]"):
                fields.setdefault(name.removesuffix("[]"), []).append(part)
            elif name in fields:
                earlier = fields[name]
                fields[name] = [*earlier, part] if isinstance(earlier, list) else [earlier, part]
            else:
                fields[name] = part
    return Form({name: _form_value(name, value) for name, value in fields.items()}, files)


def _form_value(name: str, value: Any) -> Any:
    """Convert a form field that the API defines as a number or a boolean."""
    if name in ("n", "partial_images") and isinstance(value, str):
        if not value.lstrip("-").isdecimal():
            raise wrong_type(name, "an integer")
        return int(value)
    if name == "stream":
        return value in ("true", "True", "1")
    return value


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
