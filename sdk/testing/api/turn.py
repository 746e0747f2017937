"""Decide what the model does next: speak or call a tool. Chat completions and responses share it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from ..description.example import example
from ..media.text import cut
from ..server.errors import APIFailure, wrong_type, wrong_value
from ..server.reading import typed
from ..server.script import FunctionCall, Speak, called
from ..server.state import RECORDED, state_of, told

_PIECE = 8


@dataclass(frozen=True)
class Tool:
    """A function that the model may call: its name and the JSON schema of its arguments."""

    name: str
    parameters: Any


@dataclass(frozen=True)
class Turn:
    """What the model does: it calls functions, or says `text` (`cut_short` where a token limit ended it)."""

    text: str = ""
    cut_short: bool = False
    calls: tuple[FunctionCall, ...] = ()

    @property
    def arguments(self) -> str:
        """The arguments of all calls, which are priced as text is."""
        return "".join(call.arguments for call in self.calls)


def take_turn(
    request: Request,
    *,
    prompt: str,
    tool_result: str | None,
    tools: Sequence[Tool],
    tool_choice: Any,
    output_schema: Any,
    max_tokens: int | None,
    stop: list[str],
    variant: int = 0,
) -> Turn:
    """Take the model's turn.

    It says what it was told to say to this request. Else a tool's result is repeated in a sentence. Else the first
    tool that the prompt names is called. Else, with an `output_schema` (None: free text), the text is JSON valid by
    it. Else it is `state.reply`, told apart by `variant` where several replies were asked for.
    """
    state, script = state_of(request), told(request)
    if script is not None:
        return Turn(said(request, script), calls=script.calls)
    tool = None if tool_result is not None else choose_tool(tools, tool_choice, prompt)
    if tool is not None:
        arguments = _fitting(tool.parameters, prompt.replace(tool.name, " "), f"parameters of {tool.name}")
        return Turn(calls=(FunctionCall(tool.name, json.dumps(arguments, ensure_ascii=False)),))
    if output_schema is not None:
        text = json.dumps(_fitting(output_schema, prompt, "schema"), ensure_ascii=False)
    elif tool_result is not None:
        text = f"The tool answered: {tool_result}"
    else:
        text = state.reply(prompt)
        if variant:
            text += f" (choice {variant + 1})"
    text, cut_short = cut(text, max_tokens, stop)
    return Turn(text, cut_short)


def said(request: Request, script: Speak) -> str:
    """Return the text that was scripted; a function makes it of the request."""
    text = script.text if isinstance(script.text, str) else called(script.text, request.scope[RECORDED])
    if not isinstance(text, str):
        told = f"The function that reply() was given returned {type(text).__name__}, where a string was expected."
        raise APIFailure(told, status=500, type="server_error", code="script_failed")
    return text


def choose_tool(tools: Sequence[Tool], tool_choice: Any, prompt: str) -> Tool | None:
    """Choose the tool to call, if any. `tool_choice` is a mode, or the name of the function to call."""
    if tool_choice == "none" or not tools:
        return None
    if isinstance(tool_choice, dict):
        name = tool_choice.get("name")
        for tool in tools:
            if tool.name == name:
                return tool
        raise wrong_value("tool_choice", "a function that 'tools' has")
    for tool in tools:
        if tool.name in prompt:
            return tool
    return tools[0] if tool_choice == "required" else None


def read_tool(found: Any, param: str) -> Tool:
    """Read a function's name and parameters."""
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        raise wrong_type(f"{param}.name", "a string")
    return Tool(found["name"], found.get("parameters") or {"type": "object", "properties": {}})


def read_output_schema(format: dict[str, Any], holder: dict[str, Any]) -> Any:
    """Return the schema that the output must fit, or None for free text. `holder` is what has the field `schema`."""
    if format.get("type") == "json_schema":
        return typed(holder, "schema", dict) or {}
    if format.get("type") == "json_object":
        return {"type": "object", "properties": {"reply": {"type": "string"}}}
    return None


def _fitting(schema: Any, prompt: str, param: str) -> Any:
    try:
        return example(schema, prompt)
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise APIFailure("This is not a JSON schema.", param=param, code="invalid_schema") from error


def argument_pieces(arguments: str) -> list[str]:
    """Cut a call's arguments into the pieces that a stream sends."""
    return [arguments[start : start + _PIECE] for start in range(0, len(arguments), _PIECE)]
