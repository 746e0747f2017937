"""What a file is that is not an OpenAPI document: a web page, another kind of description, a file of another tool."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urljoin

from generator.document.location import Location, Url

_CONVERT = "convert it to OpenAPI first"
#: The places at which servers usually have their document.
_USUAL = "/openapi.json, /v3/api-docs or /swagger.json"
#: How the pages of Swagger UI, Redoc and others name the document that they show.
_NAMED = re.compile(r"""["']?(?:\burl|spec-url|spec_url|data-url|apiDescriptionUrl)["']?\s*[:=]\s*["']([^"'\s]+)["']""")


class Kind(NamedTuple):
    """What a file is, as an error says it, and what to do."""

    problem: str
    hint: str


def of_text(text: str, path: Location) -> Kind | None:
    """Return what a text is that begins with a tag, None for one that may be YAML or JSON."""
    start = text.lstrip()[:200].lower()
    if not start.startswith("<") or start.startswith("<<"):  # a merge key of YAML
        return None
    if "<html" not in start and "<!doctype html" not in start:
        return Kind("this is XML, not an OpenAPI document", _CONVERT)
    named = _NAMED.search(text)
    if named and isinstance(path, Url):
        return Kind("this is a web page, not an OpenAPI document", f"try --spec {urljoin(path.text, named[1])}")
    if named:
        return Kind("this is a web page, not an OpenAPI document", f"give the document that it shows: {named[1]}")
    return Kind(
        "this is a web page, not an OpenAPI document",
        f"give the document that such a page shows, often at {_USUAL}",
    )


def of_data(data: Mapping[str, Any]) -> Kind | None:
    """Return what a document is by its keys, None for one that is OpenAPI, or is nothing known."""
    if "openapi" in data or "swagger" in data:
        return None
    info = data.get("info")
    if "asyncapi" in data:
        return Kind("this is AsyncAPI, which describes messages, not calls", "give the OpenAPI document of the API")
    if "discoveryVersion" in data or str(data.get("kind")).startswith("discovery#"):
        return Kind("this is a discovery document of Google, not OpenAPI", _CONVERT)
    if isinstance(info, Mapping) and ("_postman_id" in info or "getpostman.com" in str(info.get("schema"))):
        return Kind("this is a collection of Postman, not an OpenAPI document", "export it as OpenAPI, or convert it")
    if "swaggerVersion" in data:
        return Kind(f"this is Swagger {data['swaggerVersion']}, which is older than 2.0", _CONVERT)
    if "overlay" in data and "actions" in data:
        return Kind(
            "this is an overlay, not an OpenAPI document", "name it with --overlay, and the document with --spec"
        )
    if "openrpc" in data:
        return Kind("this is OpenRPC, not OpenAPI", "give the OpenAPI document of the API")
    if "$schema" in data and "paths" not in data:
        return Kind("this is a JSON schema, not an OpenAPI document", "refer to it from a document that has paths")
    return None
