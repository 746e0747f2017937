"""Convert Swagger 2.0 to OpenAPI 3.0. Source: the Swagger 2.0 and OpenAPI 3.0.4 specifications, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.document import pointer as pointers
from generator.document.read import Document
from generator.document.shape import METHODS
from generator.document.swagger_schemas import parameter_schema, rewritten, style_of

_FORM, _MULTIPART, _JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
_TOP = ("info", "tags", "externalDocs", "security")
_OPERATION = ("tags", "summary", "description", "externalDocs", "operationId", "deprecated", "security")
_PARAMETER = ("name", "in", "description", "required", "allowEmptyValue")
#: The flows of OAuth 2 by their names in Swagger.
_FLOWS = {
    "implicit": "implicit",
    "password": "password",
    "application": "clientCredentials",
    "accessCode": "authorizationCode",
}


def convert(document: Document) -> None:
    """Replace the data of a document by its OpenAPI 3.0 form, if it is Swagger 2.0; lines stay those of the file."""
    data = document.data
    if isinstance(data, dict) and str(data.get("swagger")) in ("2.0", "2"):
        document.data = _Converter(data).document()
        document.origins |= {
            f"/components/{section}/{pointers.escape(name)}": (document, f"/{old}/{pointers.escape(name)}")
            for old, section in (("definitions", "schemas"), ("parameters", "parameters"),
                                 ("responses", "responses"), ("securityDefinitions", "securitySchemes"))
            for name in _mapping(data.get(old))
        }  # fmt: skip


class _Converter:
    """Convert one document."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._consumes, self._produces = _types(data.get("consumes")), _types(data.get("produces"))
        self._parameters = _mapping(data.get("parameters"))

    def document(self) -> dict[str, Any]:
        """Return the whole document."""
        data = self._data
        found: dict[str, Any] = {"openapi": "3.0.4", **_kept(data, _TOP)}
        if servers := self._servers(data):
            found["servers"] = servers
        found["paths"] = {
            path: rewritten(item) if path.startswith("x-") else self._path_item(item)
            for path, item in _mapping(data.get("paths")).items()
        }
        components = {
            "schemas": {name: rewritten(one) for name, one in _mapping(data.get("definitions")).items()},
            "parameters": {
                name: self._parameter(one)
                for name, one in self._parameters.items()
                if one.get("in") not in ("body", "formData")
            },
            "requestBodies": {
                name: self._body([one], self._consumes)
                for name, one in self._parameters.items()
                if one.get("in") == "body"
            },
            "responses": {
                name: self._response(one, self._produces) for name, one in _mapping(data.get("responses")).items()
            },
            "securitySchemes": {
                name: _security_scheme(one) for name, one in _mapping(data.get("securityDefinitions")).items()
            },
        }
        found["components"] = {section: members for section, members in components.items() if members}
        return found

    def _servers(self, owner: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the servers of `schemes`, `host` and `basePath`; https first, so that keys do not travel in clear."""
        host, base = str(self._data.get("host") or ""), str(self._data.get("basePath") or "").rstrip("/")
        if not host:
            return [{"url": base}] if base else []
        schemes = [one for one in owner.get("schemes") or ["https"] if one in ("http", "https")]
        return [{"url": f"{scheme}://{host}{base}"} for scheme in sorted(schemes, reverse=True)]

    def _path_item(self, item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        shared = [self._resolved(one) for one in item.get("parameters") or ()]
        found = {key: rewritten(value) for key, value in item.items() if key == "$ref" or key.startswith("x-")}
        plain = [one for one in item.get("parameters") or () if self._resolved(one).get("in") not in _BODIES]
        if plain:
            found["parameters"] = [self._parameter(one) for one in plain]
        bodies = [one for one in shared if one.get("in") in _BODIES]
        for method in METHODS:
            if isinstance(item.get(method), dict):
                found[method] = self._operation(item[method], bodies)
        return found

    def _operation(self, raw: Mapping[str, Any], shared: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        found = _kept(raw, _OPERATION)
        if "schemes" in raw and (servers := self._servers(raw)) and servers != self._servers(self._data):
            found["servers"] = servers
        declared = list(raw.get("parameters") or ())
        resolved = [self._resolved(one) for one in declared]
        plain = [one for one, target in zip(declared, resolved, strict=True) if target.get("in") not in _BODIES]
        if plain:
            found["parameters"] = [self._parameter(one) for one in plain]
        own = [one for one in resolved if one.get("in") in _BODIES]
        names = {one.get("name") for one in own}
        bodies = [*(one for one in shared if one.get("name") not in names), *own]
        if bodies:
            found["requestBody"] = self._request_body(declared, bodies, raw)
        produces = _types(raw["produces"]) if "produces" in raw else self._produces
        found["responses"] = {
            str(code): one if str(code).startswith("x-") else self._response(one, produces)
            for code, one in _mapping(raw.get("responses")).items()
        }
        return found

    def _request_body(
        self, declared: Iterable[Mapping[str, Any]], bodies: list[Mapping[str, Any]], raw: Mapping[str, Any]
    ) -> dict[str, Any]:
        consumes = _types(raw["consumes"]) if "consumes" in raw else self._consumes
        for one in declared:
            if "$ref" in one and self._resolved(one).get("in") == "body" and consumes == self._consumes:
                return {"$ref": str(one["$ref"]).replace("#/parameters/", "#/components/requestBodies/", 1)}
        return self._body(bodies, consumes)

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _resolved(self, raw: Any) -> Mapping[str, Any]:
        reference = raw.get("$ref") if isinstance(raw, dict) else None
        if isinstance(reference, str) and reference.startswith("#/"):
            target = pointers.at(self._data, pointers.reference(reference))
            return target if isinstance(target, dict) else {}
        return raw if isinstance(raw, dict) else {}

    def _parameter(self, raw: Any) -> Any:
        if not isinstance(raw, dict) or "$ref" in raw:
            return rewritten(raw)
        found = {**_kept(raw, _PARAMETER), "schema": parameter_schema(raw)}
        if raw.get("in") == "path":
            found["required"] = True
        return found | style_of(raw)

    @staticmethod
    def _body(bodies: list[Mapping[str, Any]], consumes: list[str]) -> dict[str, Any]:
        """Return the body of one `body` parameter, or of the fields of a form."""
        body = next((one for one in bodies if one.get("in") == "body"), None)
        if body is not None:
            types = [one for one in consumes if one not in (_FORM, _MULTIPART)] or [_JSON]
            found = _kept(body, ("description", "required"))
            return {**found, "content": {kind: {"schema": rewritten(body.get("schema", {}))} for kind in types}}
        files = any(one.get("type") == "file" for one in bodies)
        kinds = [one for one in consumes if one == _MULTIPART or (one == _FORM and not files)]
        properties = {str(one.get("name")): parameter_schema(one) | _kept(one, ("description",)) for one in bodies}
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        if required := [str(one.get("name")) for one in bodies if one.get("required")]:
            schema["required"] = required
        encoding = {str(one.get("name")): style for one in bodies if (style := style_of(one))}
        media: dict[str, Any] = {"schema": schema}
        if encoding:
            media["encoding"] = encoding
        return {
            **({"required": True} if required else {}),
            "content": dict.fromkeys(kinds or [_MULTIPART if files else _FORM], media),
        }

    @staticmethod
    def _response(raw: Any, produces: list[str]) -> Any:
        if not isinstance(raw, dict) or "$ref" in raw:
            return rewritten(raw)
        found: dict[str, Any] = {"description": raw.get("description", ""), **_kept(raw, ())}
        if headers := _mapping(raw.get("headers")):
            found["headers"] = {
                name: {
                    **_kept(one, ("description",)),
                    "schema": parameter_schema(one),
                    **style_of({"in": "header", **one}),
                }
                for name, one in headers.items()
            }
        if "schema" in raw:
            schema, examples = rewritten(raw["schema"]), _mapping(raw.get("examples"))
            is_file = isinstance(raw["schema"], dict) and raw["schema"].get("type") == "file"
            kinds = produces or (["application/octet-stream"] if is_file else [_JSON])
            found["content"] = {
                kind: {"schema": schema} | ({"example": examples[kind]} if kind in examples else {}) for kind in kinds
            }
        return found


_BODIES = ("body", "formData")


def _security_scheme(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    if raw.get("type") == "basic":
        return {"type": "http", "scheme": "basic", **_kept(raw, ("description",))}
    if raw.get("type") != "oauth2":
        return dict(raw)
    flow = {**_kept(raw, ("authorizationUrl", "tokenUrl")), "scopes": _mapping(raw.get("scopes"))}
    return {
        "type": "oauth2",
        **_kept(raw, ("description",)),
        "flows": {_FLOWS.get(str(raw.get("flow")), "implicit"): flow},
    }


def _kept(raw: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the keys that mean the same, and the extensions."""
    names = set(names)
    return {key: value for key, value in raw.items() if key in names or str(key).startswith("x-")}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _types(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
