"""Write docstrings: escaped, wrapped, and with facts of the document if the overlay has no description."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from openapi_python_client.strings import safe_for_docstring

from ..ir import Fact, Param

WIDTH = 100
#: More than the name of an argument and its indentation have.
LONGEST = 1000
#: An unescaped quote at the end: the number of backslashes before it is even.
_END_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)"\Z')

#: A number of its own: not the one in "ISO 639-1".
_NUMBER = re.compile(r"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w-]|\.\d)")


def docstring(text: str, indent: int = 4) -> str:
    """Return the content of a docstring, escaped and wrapped; further lines are indented."""
    safe = safe_for_docstring(text.strip())
    paragraphs = [p.strip() for p in safe.split("\n\n") if p.strip()]
    wrapped = [
        "\n".join(textwrap.wrap(" ".join(p.split()), WIDTH, break_long_words=False, break_on_hyphens=False))
        for p in paragraphs
    ]
    out = textwrap.indent("\n\n".join(wrapped), " " * indent).lstrip()
    if len(wrapped) > 1 or "\n" in out:
        out += "\n" + " " * indent
    return _END_QUOTE.sub(r'\1\\"', out)


def noted(description: str | None, facts: Sequence[Fact], deprecated: bool) -> str:
    """Return the description of a value, then those of its facts that it does not have as one sentence."""
    said = _said(description or "", facts)
    deprecated = deprecated and not (description or "").startswith("Deprecated")
    notes = "; ".join([*(["deprecated"] if deprecated else []), *(str(f) for f in facts if f.keyword not in said)])
    sentence = f"{notes[0].upper()}{notes[1:]}." if notes else ""
    text = (description or "").strip()
    if text and sentence and text[-1].isalnum():
        text += "."
    return " ".join(filter(None, [text, sentence]))


def first_sentence(text: str) -> str:
    """Return the first sentence of a description, on one line, and at most 200 characters of it."""
    line = " ".join(text.strip().partition("\n\n")[0].split())
    found = re.match(r".*?[.!?](?=\s|$)", line)
    return textwrap.shorten(found[0] if found else line, 200, placeholder=" ...")


def placed(p: Param) -> str:
    """Return where an argument goes, which is all that is known of one without a description."""
    return "The body." if p.key == p.attr == "body" else f"`{p.key}` of the {p.location}."


def _said(description: str, facts: Sequence[Fact]) -> set[str]:
    """Return the keywords of the facts that a description has: its numbers are the limits, or none of them is."""
    text = description.lower()
    said = {"default"} if "default" in text else set()
    if "unix time" in text or "seconds since" in text:
        said.add("format")
    numbers = {float(number) for number in _NUMBER.findall(text.replace(",", ""))}
    limits = {f.keyword: f.value for f in facts if isinstance(f.value, int | float) and f.keyword != "default"}
    return said | (limits.keys() if all(value in numbers for value in limits.values()) else set())


def arguments(rows: list[tuple[str, str]], indent: int = 4, width: int = WIDTH) -> str:
    """Return the `Args:` section of a docstring, escaped and indented; a `width` of 0 writes a line for each one."""
    if not rows:
        return ""
    pad = " " * indent
    lines = [f"{pad}Args:"]
    for name, text in rows:
        safe = " ".join(safe_for_docstring(text).split())
        lines += textwrap.wrap(
            f"{name}: {safe}",
            width or len(safe) + LONGEST,
            initial_indent=f"{pad}    ",
            subsequent_indent=f"{pad}        ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines)
