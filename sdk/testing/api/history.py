"""Reject calls without results, results without calls, and two tools of one name, with the messages of the API."""

from collections.abc import Sequence

from ..server.errors import APIFailure
from .state import JSON

_CALLS = {"function_call": "function call", "custom_tool_call": "custom tool call"}
_OUTPUTS = {"function_call_output": "function_call", "custom_tool_call_output": "custom_tool_call"}


def check_messages(messages: Sequence[JSON]) -> None:
    """Raise for a chat in which a result does not directly follow its call, or has no call before it."""
    calls: list[str] | None = None
    open_calls: list[str] = []
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if calls is None:
                raise APIFailure(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
                    "with 'tool_calls'.",
                    param=f"messages.[{index}].role",
                )
            if message["tool_call_id"] not in calls:
                raise APIFailure(
                    f"Invalid parameter: 'tool_call_id' of '{message['tool_call_id']}' not found in 'tool_calls' of "
                    "previous message.",
                    param=f"messages.[{index}].tool_call_id",
                )
            open_calls = [call for call in open_calls if call != message["tool_call_id"]]
            continue
        _check_answered(open_calls, index)
        found = message.get("tool_calls") if message["role"] == "assistant" else None
        calls = [str(call.get("id")) for call in found if isinstance(call, dict)] if isinstance(found, list) else None
        calls = calls or None
        open_calls = calls or []
    _check_answered(open_calls, len(messages))


def _check_answered(open_calls: list[str], index: int) -> None:
    if open_calls:
        raise APIFailure(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(open_calls)}",
            param=f"messages.[{index}].role",
        )


def check_items(items: Sequence[JSON]) -> None:
    """Raise for a call without an output, or an output without a call, in the items of all responses so far."""
    outputs = {(_OUTPUTS[kind], item.get("call_id")) for item in items if (kind := str(item.get("type"))) in _OUTPUTS}
    calls = set[tuple[str, object]]()
    for item in items:
        kind, name = str(item.get("type")), item.get("call_id")
        if kind in _OUTPUTS and (_OUTPUTS[kind], name) not in calls:
            called = _CALLS[_OUTPUTS[kind]]
            raise APIFailure(f"No tool call found for {called} output with call_id {name}.", param="input")
        if kind in _CALLS:
            calls.add((kind, name))
            if (kind, name) not in outputs:
                raise APIFailure(f"No tool output found for {_CALLS[kind]} {name}.", param="input")


def check_names(tools: object, param: str) -> None:
    """Raise for two tools of one name, in the form of either API. Tools of the server have no name."""
    names = []
    for tool in tools if isinstance(tools, list) else ():
        inner = tool.get(tool.get("type", "function"), tool) if isinstance(tool, dict) else {}
        name = inner.get("name") if isinstance(inner, dict) else None
        if name is not None and name in names:
            raise APIFailure("Tool names must be unique.", param=param)
        names.append(name)
