"""Commands for people, over the OpenAI API: `ask`, `chat`, `doctor`, ... Each loads when it is used."""

from __future__ import annotations

from typing import Any

TITLE = "OpenAI, or of a compatible server"

#: The console script, and the variable in which a shell asks it for completions.
SCRIPT, COMPLETE = "oasdk", "_OASDK_COMPLETE"
#: Where the command is made, and what it does, by name.
COMMANDS = {
    "ask": (f"{__name__}.ask:command", "Ask a model; standard input is the context."),
    "batch": (f"{__name__}.bulk:batch", "Do what bulk does by the Batch API."),
    "bulk": (f"{__name__}.bulk:command", "Call an operation with each line of a file."),
    "chat": (f"{__name__}.conversation:command", "Talk with a model, or call an operation of chat."),
    "completion": (f"{__name__}.completion:command", "Complete commands, options and models in a shell."),
    "doctor": (f"{__name__}.doctor:command", "Check what works with this key and this server."),
    "draw": (f"{__name__}.draw:command", "Draw pictures, into files."),
    "embed": (f"{__name__}.embed:command", "Write the vectors of texts."),
    "listen": (f"{__name__}.listen:command", "Write what is said in a recording."),
    "models": (f"{__name__}.models:command", "List the models, or call an operation of models."),
    "realtime": (f"{__name__}.realtime:command", "Talk over one connection, or call an operation of realtime."),
    "serve": (f"{__name__}.serve:command", "Serve the API on this machine, for tests; no model runs."),
    "speak": (f"{__name__}.speak:command", "Say a text, into a file or a pipe."),
    "usage": (f"{__name__}.usage:command", "Show what the organization used, and what it cost."),
}


def text_of(reply: Any) -> str | None:
    """Return the answer in a reply of a model; None if there is none, such as for a tool call."""
    wire = reply.to_dict() if hasattr(reply, "to_dict") else None
    if not isinstance(wire, dict):
        return None
    for choice in wire.get("choices") or ():
        text = (choice.get("message") or {}).get("content") or choice.get("text")
        return text if isinstance(text, str) else None
    parts = [
        part.get("text", "")
        for item in (wire.get("output") or () if wire.get("object") == "response" else ())
        for part in item.get("content") or ()
    ]
    return "".join(parts) or None


def complete(argument: str, program: Any, settings: Any) -> list[str]:
    """Return the values of an argument that the server knows."""
    if argument != "model":
        return []
    from .completion import model_names

    return model_names(program, settings)
