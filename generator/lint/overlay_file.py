"""Write the actions of findings into an overlay: a new one, or at the end of one that is there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..document.dump import dump
from ..document.read import read
from ..errors import GeneratorError
from ..publish.folders import write_atomically
from .finding import Finding

_HEAD = "overlay: 1.0.0\ninfo: {{title: {title}, version: 1.0.0}}\nactions:\n"


def write(path: Path, findings: Sequence[Finding], title: str) -> int:
    """Write the actions of findings; return their number. What the file has already stays as it is.

    Raises: GeneratorError for a file that is not an overlay, or whose actions are not a list in block style at its end.
    """
    actions = [action.as_data(f"{one.rule}: {one.problem}") for one in findings for action in one.actions]
    if not actions:
        return 0
    if path.exists():
        text, indent = _existing(path)
    else:
        text, indent = _HEAD.format(title=dump(f"Corrections of {title}").strip()), "  "
    write_atomically(path, (text + _written(actions, indent)).encode())
    return len(actions)


def _written(actions: list[dict[str, Any]], indent: str) -> str:
    return re.sub(r"(?m)^(?=.)", indent, dump(actions))


def _existing(path: Path) -> tuple[str, str]:
    """Return the text of an overlay, ready for more actions, and their indentation."""
    overlay = read(path)
    data = overlay.data
    hint = "write to another file, and name both files' actions in one"
    if not isinstance(data, dict) or "overlay" not in data or not isinstance(data.get("actions"), list):
        raise GeneratorError("this is no overlay that could be extended", file=path, hint=hint)
    text = overlay.content.decode("utf-8-sig").rstrip() + "\n"
    if list(data)[-1] != "actions":
        raise GeneratorError("the actions are not the last key of this overlay", file=path, hint="move them to its end")
    if not data["actions"]:
        return re.sub(r"actions:\s*\[\s*\]\s*$", "actions:\n", text), "  "
    last = re.findall(r"(?m)^( *)- ", text.partition("\nactions:")[2])
    if not last:
        raise GeneratorError("the actions are not in block style", file=path, hint="write each with `- ` on its line")
    return text, min(last, key=len)
