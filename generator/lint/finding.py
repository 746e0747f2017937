"""One finding, and the overlay actions that correct it."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

#: error: generate stops there; warning: users of the package stumble; hint: it could be better.
Severity = Literal["error", "warning", "hint"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")


@frozen
class Action:
    """An action of an overlay: a target (JSONPath), and an update, or the removal of what is there."""

    target: str
    update: Any = None
    remove: bool = False

    def as_data(self, reason: str) -> dict[str, Any]:
        """Return the action as an overlay has it."""
        change = {"remove": True} if self.remove else {"update": self.update}
        return {"target": self.target, "x-reason": reason, **change}


@frozen
class Finding:
    """Something to improve: the rule, the place, the problem, what to do, and the actions that do it, if known."""

    rule: str
    severity: Severity
    pointer: str
    problem: str
    remedy: str = ""
    actions: tuple[Action, ...] = ()


def target(data: Any, tokens: tuple[str, ...]) -> str:
    """Return the JSONPath of a place in a document. Source: RFC 9535, section 2.3."""
    path, value = "$", data
    for token in tokens:
        if isinstance(value, list):
            path, value = f"{path}[{token}]", value[int(token)] if int(token) < len(value) else None
        else:
            escaped = token.replace("\\", "\\\\").replace("'", "\\'")
            plain = token.isidentifier() and token.isascii()
            path, value = path + (f".{token}" if plain else f"['{escaped}']"), (value or {}).get(token)
    return path
