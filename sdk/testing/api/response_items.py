"""The input items of a response, in their full form."""

from typing import Any

from ..media.text import content_text, count_tokens
from ..server.errors import missing, not_found, wrong_type, wrong_value
from .state import JSON, State

_ROLES = ("user", "assistant", "system", "developer")


def normalise(state: State, value: str | list[Any], name: str = "input") -> list[JSON]:
    """Return an input as a list of full items: a string is a user's message, a string content is one part.

    `name` is the parameter that has the input, for errors.
    """
    if isinstance(value, str):
        value = [{"role": "user", "content": value}]
    return [_item(state, item, f"{name}[{index}]") for index, item in enumerate(value)]


def last_prompt(items: list[JSON]) -> str:
    """Return the text of the user's last message."""
    return next((content_text(item["content"]) for item in reversed(items) if item.get("role") == "user"), "")


def tool_result(items: list[JSON]) -> str | None:
    """Return the output of a tool, if that is the last item."""
    if not items or items[-1].get("type") != "function_call_output":
        return None
    return content_text(items[-1]["output"])


def count_input(items: list[JSON], instructions: Any) -> int:
    """Count the tokens of the items and of the instructions."""
    texts = (content_text(item.get("content")) + content_text(item.get("output")) for item in items)
    return count_tokens(content_text(instructions), *texts, *(str(item.get("arguments", "")) for item in items))


def _item(state: State, found: Any, param: str) -> JSON:
    if not isinstance(found, dict):
        raise wrong_type(param, "an object")
    # The type is optional in a message, and in a reference, which then has an id alone.
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
            return _stored_item(state, str(found.get("id")), param)
    return {**found, "id": found.get("id") or state.new_id("item_")}


def _message(state: State, found: JSON, param: str) -> JSON:
    if found.get("role") is None:
        raise missing(f"{param}.role")
    if found["role"] not in _ROLES:
        raise wrong_value(f"{param}.role", "one of " + ", ".join(_ROLES))
    content = found.get("content")
    if not isinstance(content, (str, list)):
        raise missing(f"{param}.content")
    type = "output_text" if found["role"] == "assistant" else "input_text"
    parts = [{"type": type, "text": content}] if isinstance(content, str) else content
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


def _stored_item(state: State, id: str, param: str) -> JSON:
    for stored in state.responses.values():
        items: list[JSON] = [*stored.input_items, *stored.finished["output"]]
        for item in items:
            if item["id"] == id:
                return item
    raise not_found("item", id, param=param)


def _require_string(found: JSON, name: str, param: str) -> None:
    if not isinstance(found.get(name), str):
        raise missing(f"{param}.{name}")
