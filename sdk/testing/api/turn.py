"""The model's turn: it says something or calls tools. Chat completions and responses share it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from ..media.text import cut
from ..server.errors import APIFailure, wrong_type, wrong_value
from .prompt_example import PromptExample
from .reading import typed
from .script import FunctionCall, Speak, call_user_function
from .state import RECORDED, scripted_speech, state_of

_ARGUMENTS_PIECE = 8


@dataclass(frozen=True)
class Tool:
    """A function that the model can call: its name, and the JSON schema of its arguments."""

    name: str
    parameters: Any


@dataclass(frozen=True)
class Turn:
    """What the model does: it calls functions, or says `text` (`cut_short`: a token limit ended it)."""

    text: str = ""
    cut_short: bool = False
    calls: tuple[FunctionCall, ...] = ()

    @property
    def arguments(self) -> str:
        """The arguments of all calls, which count as text in the usage."""
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
    """Return the model's turn: the first of these that applies.

    What the script has for this request; a sentence that repeats a tool's result; a call of the first tool that the
    prompt names; JSON that is valid by `output_schema` (None: free text); `state.reply`. `variant` is the number of
    the choice, which makes the text of each choice different.
    """
    state, script = state_of(request), scripted_speech(request)
    if script is not None:
        return Turn(speech_text(request, script), calls=script.calls)
    tool = None if tool_result is not None else choose_tool(tools, tool_choice, prompt)
    if tool is not None:
        return Turn(calls=(example_call(tool, prompt),))
    if output_schema is not None:
        text = json.dumps(_example(output_schema, prompt, "schema"), ensure_ascii=False)
    elif tool_result is not None:
        text = f"The tool answered: {tool_result}"
    else:
        text = state.reply(prompt)
        if variant:
            text += f" (choice {variant + 1})"
    text, cut_short = cut(text, max_tokens, stop)
    return Turn(text, cut_short)


def speech_text(request: Request, script: Speak) -> str:
    """Return the text of the script's action; if it is a function, call it with the request."""
    text = script.text if isinstance(script.text, str) else call_user_function(script.text, request.scope[RECORDED])
    if not isinstance(text, str):
        message = f"The function passed to reply() returned {type(text).__name__}; it must return a str."
        raise APIFailure(message, status=500, type="server_error", code="script_failed")
    return text


def choose_tool(tools: Sequence[Tool], tool_choice: Any, prompt: str) -> Tool | None:
    """Return the tool to call, if any. `tool_choice` is a mode, or an object with the name of a function."""
    if tool_choice == "none" or not tools:
        return None
    if isinstance(tool_choice, dict):
        name = tool_choice.get("name")
        for tool in tools:
            if tool.name == name:
                return tool
        raise wrong_value("tool_choice", "a function in 'tools'")
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
    """Return the schema of the output, or None for free text. `holder` is the object with the field `schema`."""
    if format.get("type") == "json_schema":
        return typed(holder, "schema", dict) or {}
    if format.get("type") == "json_object":
        return {"type": "object", "properties": {"reply": {"type": "string"}}}
    return None


def _example(schema: Any, prompt: str, param: str) -> Any:
    try:
        return PromptExample(schema, prompt).made()
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise APIFailure(f"'{param}' is not a JSON schema.", param=param, code="invalid_schema") from error


def example_call(tool: Tool, prompt: str) -> FunctionCall:
    """Return a call of a tool, with arguments that its schema allows."""
    arguments = _example(tool.parameters, prompt.replace(tool.name, " "), f"parameters of {tool.name}")
    return FunctionCall(tool.name, json.dumps(arguments, ensure_ascii=False))


def argument_pieces(arguments: str) -> list[str]:
    """Split a call's arguments into the pieces that a stream sends."""
    starts = range(0, len(arguments), _ARGUMENTS_PIECE)
    return [arguments[start : start + _ARGUMENTS_PIECE] for start in starts]
