"""What canonical schemas say together with the components that they refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]
Components = Mapping[str, Schema]


def chain(schema: Schema, components: Components) -> list[Schema]:
    """Return a schema and those that it refers to, one after the other; each describes the same value."""
    found, seen = [schema], set[str]()
    while "$ref" in found[-1] and found[-1]["$ref"] not in seen:
        seen.add(found[-1]["$ref"])
        found.append(components.get(found[-1]["$ref"], {}))
    return found


def says(schema: Schema, flag: str, components: Components) -> bool:
    """Return whether a flag is set on a schema, or on one that it refers to."""
    return any(one.get(flag) is True for one in chain(schema, components))


def is_number(discriminator: Mapping[str, Any], members: Sequence[Schema], components: Components) -> bool:
    """Return whether a discriminator without a mapping is a number or a boolean: it cannot be the name of a schema."""
    objects = [chain(member, components)[-1] for member in members]
    tags = [one.get("properties", {}).get(discriminator["propertyName"], {}) for one in objects]
    kinds = [chain(tag, components)[-1].get("type") for tag in tags]
    return not discriminator["mapping"] and all(kind in ("integer", "number", "boolean") for kind in kinds)
