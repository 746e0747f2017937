"""Validate replies by the pinned API description."""

from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from generator.document import overlay

_ROOT = Path(__file__).resolve().parents[2]
_SPEC = _ROOT / "spec"
_NULL = {"type": "null"}


class Document:
    """The description, its schemas made plain JSON Schema of draft 2020-12."""

    def __init__(self, content: dict[str, Any]) -> None:
        schemas = content["components"]["schemas"]
        content["components"]["schemas"] = {
            name: _plain(schema, f"#/components/schemas/{name}") for name, schema in schemas.items()
        }
        self.paths: dict[str, Any] = content["paths"]
        self.registry: Registry[Any] = Registry().with_resource("urn:api", DRAFT202012.create_resource(content))

    @classmethod
    def load(cls) -> "Document":
        """Read it from where it is pinned, and correct it: the API replies with more than the document has."""
        pinned = yaml.load((_SPEC / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return cls(overlay.apply(pinned, _SPEC / "overlay.yaml")[0])

    def check(self, reply: Any, method: str, path: str, kind: str = "application/json") -> None:
        """Assert that a reply, or an event of a stream, is valid by what an operation declares."""
        content = self.paths[path][method.lower()]["responses"]["200"]["content"]
        self._check(reply, _plain(content[kind]["schema"], ""))

    def check_status(self, reply: Any, method: str, path: str, status: str) -> None:
        """Assert that a JSON reply is valid by what an operation declares for a status."""
        content = self.paths[path][method.lower()]["responses"][status]["content"]
        self._check(reply, _plain(content["application/json"]["schema"], ""))

    def check_alternative(self, reply: Any, method: str, path: str, *required: str) -> None:
        """Assert that a reply is valid by the alternative of an operation that requires exactly these fields."""
        content = self.paths[path][method.lower()]["responses"]["200"]["content"]
        for alternative in content["application/json"]["schema"]["oneOf"]:
            schema = self.registry.resolver("urn:api").lookup(alternative["$ref"]).contents
            if sorted(schema["required"]) == sorted(required):
                return self._check(reply, schema)
        raise AssertionError(f"no alternative of {method} {path} requires {required}")

    def problems(self, reply: Any, method: str, path: str) -> list[str]:
        """Return where a reply is not valid, as JSON paths."""
        content = self.paths[path][method.lower()]["responses"]["200"]["content"]
        validator = self._validator(_plain(content["application/json"]["schema"], ""))
        return sorted(found.json_path for found in validator.iter_errors(reply))

    def check_error(self, reply: Any) -> None:
        """Assert that a reply is an error in the API's shape."""
        self._check(reply["error"], {"$ref": "#/components/schemas/Error"})

    def _check(self, reply: Any, schema: dict[str, Any]) -> None:
        found = [f"{one.json_path}: {one.message[:200]}" for one in self._validator(schema).iter_errors(reply)]
        assert found == []

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        return Draft202012Validator(_absolute(schema), registry=self.registry)


def _plain(node: Any, enclosing: str) -> Any:
    """Rewrite what is OpenAPI's own: `nullable`, `$recursiveRef`; and take `oneOf` as `anyOf`.

    Many alternatives of the description overlap (a verbose transcript is also a plain one), so that a valid reply
    would fail a literal `oneOf`.
    """
    if isinstance(node, list):
        return [_plain(item, enclosing) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _plain(value, enclosing) for key, value in node.items() if key not in ("nullable", "$recursiveRef")}
    if "$recursiveRef" in node:
        kept["$ref"] = enclosing
    if isinstance(kept.get("oneOf"), list):
        # Beside an `anyOf` of its own, the two hold together.
        alternatives = {"anyOf": kept.pop("oneOf")}
        kept = (
            {**kept, "allOf": [*kept.get("allOf", []), alternatives]} if "anyOf" in kept else {**kept, **alternatives}
        )
    nullable = node.get("nullable") is True
    parts = node.get("allOf")
    if isinstance(parts, list) and any(part == {"nullable": True} for part in parts):
        nullable = True
    return {"anyOf": [kept, _NULL]} if nullable and kept else kept


def _absolute(node: Any) -> Any:
    if isinstance(node, list):
        return [_absolute(item) for item in node]
    if isinstance(node, dict):
        return {
            key: f"urn:api{value}" if key == "$ref" and isinstance(value, str) else _absolute(value)
            for key, value in node.items()
        }
    return node
