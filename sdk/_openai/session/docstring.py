"""Read docstrings in the styles of Sphinx, Google, NumPy and Epytext."""

from __future__ import annotations

import re
from typing import NamedTuple

_PARAMETERS = r"(?:Keyword |Other )?(?:Args|Arguments|Parameters|Params)"
_FIELDS = "param|parameter|arg|argument|key|keyword"
#: The first line of a section. Notes and warnings are not sections: they belong to the description.
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
#: A line that is not joined to others: an item of a list, or an indented line, such as code.
_OWN_LINE = re.compile(r"[ \t]|[-*+•] |\d+[.)] ")


class Docstring(NamedTuple):
    """The description of a function, and the descriptions of its parameters by name."""

    description: str
    parameters: dict[str, str]


def read_docstring(text: str) -> Docstring:
    """Read a docstring without indentation. All paragraphs before the first section are the description."""
    section = _SECTION.search(text)
    description = text[: section.start()] if section else text
    paragraphs = (_unwrapped(paragraph) for paragraph in re.split(r"\n[ \t]*\n", description.strip()))
    texts = dict(_FIELD.findall(text))
    for google in _GOOGLE.finditer(text):
        pad = re.match(r"[ \t]*", google[1].lstrip("\n"))[0]  # type: ignore[index]  # it always matches
        texts |= re.findall(rf"^{pad}(\w+)(?: *\([^)]*\))?: *(.*(?:\n{pad}[ \t]+.*)*)", google[1], re.MULTILINE)
    for numpy in _NUMPY.finditer(text):
        texts |= re.findall(r"^(\w+)(?: *:.*)?\n((?:[ \t]+.*\n?)+)", numpy[1], re.MULTILINE)
    return Docstring("\n\n".join(paragraphs), {name: " ".join(text.split()) for name, text in texts.items()})


def _unwrapped(paragraph: str) -> str:
    """Return a paragraph as one line, unless it is a list or code."""
    lines = paragraph.rstrip().split("\n")
    return "\n".join(lines) if any(map(_OWN_LINE.match, lines)) else " ".join(paragraph.split())
