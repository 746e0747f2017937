"""The input of a response: its items in full, as they are listed and counted."""

from typing import Any

from ..media.text import content_text, count_tokens
from ..server.errors import missing, not_found, wrong_type, wrong_value
from ..server.state import JSON, State

_ROLES = ("user", "assistant", "system", "developer")


def normalise(state: State, found: str | list[Any], name: str = "input") -> list[JSON]:
    """Write out an input: a string is a user's message, a message's string content is one part.

    `name` is the parameter that it came in, for errors.
    """
    if isinstance(found, str):
        found = [{"role": "user", "content": found}]
    return [_item(state, item, f"{name}[{index}]") for index, item in enumerate(found)]


def last_prompt(items: list[JSON]) -> str:
    """Return the text of the last message of the user."""
    said = (content_text(item["content"]) for item in reversed(items) if item.get("role") == "user")
    return next(said, "")


def tool_result(items: list[JSON]) -> str | None:
    """Return what a tool answered, where that comes last."""
    if not items or items[-1].get("type") != "function_call_output":
        return None
    return content_text(items[-1]["output"])


def count_input(items: list[JSON], instructions: Any) -> int:
    """Count the tokens of the items' texts, and of the instructions."""
    texts = (content_text(item.get("content")) + content_text(item.get("output")) for item in items)
    return count_tokens(content_text(instructions), *texts, *(str(item.get("arguments", "")) for item in items))


def _item(state: State, found: Any, param: str) -> JSON:
    if not isinstance(found, dict):
        raise wrong_type(param, "an object")
    # A type may be left out of a message and, the id being all that it has, of a reference.
    match found.get("type") or ("item_reference" if found.keys() <= {"id", "type"} else "message"):
        case "message":
            return _message(state, found, param)
        case "function_call":
            for name in ("call_id", "name", "arguments"):
                _require_string(found, name, param)
            return {**found, "id": found.get("id") or state.new_id("fc_"), "status": found.get("status") or "completed"}
        case "function_call_output":
            _require_string(found, "call_id", param)
            if not isinstance(found.get("output"), (str, list)):
                raise missing(f"{param}.output")
            return {
                **found,
                "id": found.get("id") or state.new_id("fco_"),
                "status": found.get("status") or "completed",
            }
        case "item_reference":
            return _referred(state, str(found.get("id")), param)
    return {**found, "id": found.get("id") or state.new_id("item_")}


def _message(state: State, found: JSON, param: str) -> JSON:
    if found.get("role") is None:
        raise missing(f"{param}.role")
    if found["role"] not in _ROLES:
        raise wrong_value(f"{param}.role", "one of " + ", ".join(_ROLES))
    content = found.get("content")
    if not isinstance(content, (str, list)):
        raise missing(f"{param}.content")
    kind = "output_text" if found["role"] == "assistant" else "input_text"
    parts = [{"type": kind, "text": content}] if isinstance(content, str) else content
    return {
        "id": found.get("id") or state.new_id("msg_"),
        "type": "message",
        "role": found["role"],
        "status": found.get("status") or "completed",
        "content": [_part(part, f"{param}.content[{index}]") for index, part in enumerate(parts)],
    }


def _part(part: Any, param: str) -> JSON:
    if not isinstance(part, dict):
        raise wrong_type(param, "an object")
    if part.get("type") == "output_text":
        return {"annotations": [], "logprobs": [], **part}
    return {"detail": "auto", **part} if part.get("type") == "input_image" else part


def _referred(state: State, id: str, param: str) -> JSON:
    for stored in state.responses.values():
        items: list[JSON] = [*stored.input_items, *stored.finished["output"]]
        for item in items:
            if item["id"] == id:
                return item
    raise not_found("item", id, param=param)


def _require_string(found: JSON, name: str, param: str) -> None:
    if not isinstance(found.get(name), str):
        raise missing(f"{param}.{name}")
