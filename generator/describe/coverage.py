"""Count what has a description."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from ..ir import Api, Operation

#: Resources whose replies few people read: they are counted apart.
_APART = ("organization", "beta")


@frozen
class Share:
    """How many of some things have a description."""

    what: str
    done: int
    all: int

    def __str__(self) -> str:
        share = f"{100 * self.done / self.all:.0f} %" if self.all else "none there"
        return f"{self.what} {self.done:,} of {self.all:,} ({share})"


def coverage(api: Api) -> tuple[Share, ...]:
    """Return the shares of operations, arguments and fields of replies; those of some resources count apart."""
    operations = [o for o in api.operations if not o.replaced_by]
    daily = [o for o in operations if o.resource.partition(".")[0] not in _APART]
    inside = _replies(api, daily)
    apart = _replies(api, operations) - inside
    return (
        _share("operations", [o.description for o in operations]),
        _share("arguments", [p.description for o in operations for p in o.params]),
        _share("fields of replies", _fields(api, inside)),
        _share(f"fields of replies in {' and '.join(_APART)} alone", _fields(api, apart)),
    )


def _share(what: str, texts: list[str | None]) -> Share:
    return Share(what, sum(map(bool, texts)), len(texts))


def _replies(api: Api, operations: Iterable[Operation]) -> set[str]:
    types = [t for o in operations for t in (o.reply.type, o.events.type if o.events else None) if t is not None]
    return {name for name in api.reached(types) if name in api.objects}


def _fields(api: Api, names: set[str]) -> list[str | None]:
    return [f.description for name in sorted(names) for f in api.objects[name].fields]
