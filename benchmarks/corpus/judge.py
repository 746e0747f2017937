"""python -m benchmarks.corpus.judge DOCUMENT REQUESTS BASE: let openapi-core judge recorded requests by their document.

openapi-core is a validator by others. Prints the number of requests, and those that contradict the document.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from generator.document import pointer as pointers
from generator.document.shape import methods


class Recorded:
    """A recorded request, with the interface that openapi-core reads."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        parts = urlsplit(raw["url"])
        headers = Headers([(k, v) for k, v in raw["headers"]])
        cookies = [one.split("=", 1) for one in headers.get("cookie", "").split("; ") if "=" in one]
        query = parse_qsl(parts.query, keep_blank_values=True)
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(query), header=headers, cookie=ImmutableMultiDict([(k, v) for k, v in cookies])
        )
        self.host_url, self.path = f"{parts.scheme}://{parts.netloc}", parts.path
        self.method = raw["method"].lower()
        self.body: bytes | None = base64.b64decode(raw["body"]) or None
        self.content_type = headers.get("content-type", "")


def prepared(document: dict[str, Any], base: str) -> dict[str, Any]:
    """Return a document whose first server is where the client is, and in which every operation takes any key."""
    document = {**document, "servers": [{"url": base}]}
    document.pop("security", None)
    for item in document.setdefault("paths", {}).values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return document


def _json_types(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return readers of the media types of JSON with a name of their own, which openapi-core does not know."""
    bodies = [pointers.resolved(document, o["requestBody"]) for o in _operations(document) if "requestBody" in o]
    kinds = {kind.partition(";")[0] for body in bodies for kind in body.get("content") or {}}
    return {kind: lambda value, **_: json.loads(value) for kind in kinds if kind.endswith("+json")}


def _operations(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = [item for path, item in (document.get("paths") or {}).items() if path.startswith("/")]
    return [item[method] for item in items for method in methods(item)]


def judge(document: dict[str, Any], requests: list[dict[str, Any]], base: str) -> dict[str, Any]:
    """Return how many requests were judged, and what contradicts the document: the operation, and the reason."""
    config = Config(
        spec_validator_cls=None,  # type: ignore[arg-type]  # the generator has read the document, and that takes minutes
        extra_media_type_deserializers=_json_types(document),
    )
    judge = OpenAPI.from_dict(prepared(document, base), config=config)
    found = []
    for raw in requests:
        try:
            judge.validate_request(Recorded(raw))
        except OpenAPIError as error:
            reasons = getattr(error.__cause__, "schema_errors", None) or [error.__cause__ or error]
            found.append([raw["operation"], f"{type(error).__name__}: {error}: {str(next(iter(reasons)))[:400]}"])
        except Exception as error:  # a fault of the judge's own is reported, and is not the request's
            found.append([raw["operation"], f"the judge failed: {type(error).__name__}: {error}"[:400]])
    return {"judged": len(requests), "found": found}


if __name__ == "__main__":
    read = Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    print(
        json.dumps(judge(json.loads(Path(sys.argv[1]).read_text()), [json.loads(line) for line in read], sys.argv[3]))
    )
