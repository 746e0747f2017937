"""Docstrings in the styles of Sphinx, Google, NumPy and Epytext: what a function does, and what its parameters are."""

from __future__ import annotations

import re
from typing import NamedTuple

_PARAMETERS = r"(?:Keyword |Other )?(?:Args|Arguments|Parameters|Params)"
_FIELDS = "param|parameter|arg|argument|key|keyword"
#: The line that begins the first section. What notes and warnings say is for the model, unless it comes later.
_SECTION = re.compile(
    "^(?:"
    rf"(?i:{_PARAMETERS}|Returns?|Yields?|Receives?|Raises|Throws)[ \t]*:.*"
    r"|(?:Exceptions|Attributes|Methods|Examples?|Usage|Doctests?|See Also|References|Todo):[ \t]*$"
    rf"|(?:{_PARAMETERS}|Returns|Yields|Receives|Raises|Warns|See Also|References|Examples|Attributes|Methods)\n-{{3,}}"
    rf"|[:@](?:{_FIELDS}|type|raises?|except(?:ion)?|returns?|[ry]type|yields?|[ic]?var|vartype|meta)\b[^:\n]*:.*"
    r"|>>> .*"
    ")",
    re.MULTILINE,
)
_FIELD = re.compile(rf"^[:@](?:{_FIELDS}) (?:[\w\[\], |.]+ )?(\w+):\s*(.+(?:\n[ \t]+.+)*)", re.MULTILINE)
_GOOGLE = re.compile(rf"^(?i:{_PARAMETERS})[ \t]*:[ \t]*\n((?:[ \t]+.*\n?|\n)+)", re.MULTILINE)
_NUMPY = re.compile(r"^(?:Other )?Parameters\n-{3,}\n((?:.*\n?)+?)(?=^\S.*\n-{3,}$|\Z)", re.MULTILINE)
#: A line that must stay one: an item of a list, or one that is indented, such as code.
_OWN_LINE = re.compile(r"[ \t]|[-*+•] |\d+[.)] ")


class Docstring(NamedTuple):
    """A description, and what is said of each parameter."""

    description: str
    parameters: dict[str, str]


def read_docstring(text: str) -> Docstring:
    """Read a docstring without its indentation. The description is all that is before the first section."""
    section = _SECTION.search(text)
    description = text[: section.start()] if section else text
    paragraphs = (_unwrapped(paragraph) for paragraph in re.split(r"\n[ \t]*\n", description.strip()))
    about = dict(_FIELD.findall(text))
    for google in _GOOGLE.finditer(text):
        pad = re.match(r"[ \t]*", google[1].lstrip("\n"))[0]  # type: ignore[index]  # it always matches
        about |= re.findall(rf"^{pad}(\w+)(?: *\([^)]*\))?: *(.*(?:\n{pad}[ \t]+.*)*)", google[1], re.MULTILINE)
    for numpy in _NUMPY.finditer(text):
        about |= re.findall(r"^(\w+)(?: *:.*)?\n((?:[ \t]+.*\n?)+)", numpy[1], re.MULTILINE)
    return Docstring("\n\n".join(paragraphs), {name: " ".join(said.split()) for name, said in about.items()})


def _unwrapped(paragraph: str) -> str:
    """Return a paragraph as one line, unless its lines have a meaning."""
    lines = paragraph.rstrip().split("\n")
    return "\n".join(lines) if any(map(_OWN_LINE.match, lines)) else " ".join(paragraph.split())
