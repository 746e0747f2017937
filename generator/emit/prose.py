"""Docstrings: escaped, wrapped, and made of facts where the overlay has no words."""

from __future__ import annotations

import textwrap

from openapi_python_client.strings import safe_for_docstring

WIDTH = 100


def docstring(text: str | None, otherwise: str, indent: int = 4) -> str:
    """Return the inside of a docstring: `text`, or else `otherwise`, safe and wrapped; later lines are indented."""
    safe = safe_for_docstring((text or otherwise).strip())
    paragraphs = [p.strip() for p in safe.split("\n\n") if p.strip()]
    wrapped = ["\n".join(textwrap.wrap(" ".join(p.split()), WIDTH, break_long_words=False)) for p in paragraphs]
    out = textwrap.indent("\n\n".join(wrapped), " " * indent).lstrip()
    if len(wrapped) > 1 or "\n" in out:
        out += "\n" + " " * indent
    return out[:-1] + '\\"' if out.endswith('"') else out


def arguments(rows: list[tuple[str, str]], indent: int = 4) -> str:
    """Return the `Args:` part of a docstring, already safe and indented."""
    if not rows:
        return ""
    pad = " " * indent
    lines = [f"{pad}Args:"]
    for name, text in rows:
        safe = " ".join(safe_for_docstring(text).split())
        lines += textwrap.wrap(
            f"{name}: {safe}",
            WIDTH,
            initial_indent=f"{pad}    ",
            subsequent_indent=f"{pad}        ",
            break_long_words=False,
        )
    return "\n".join(lines)
