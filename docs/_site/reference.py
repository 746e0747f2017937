"""The reference of operations, models and parameters."""

from __future__ import annotations

from .classes import shapes
from .links import Places
from .operations import endpoints
from .pages import class_page, operation_pages


def pages() -> dict[str, str]:
    """Return the pages by path, the index first."""
    found = endpoints()
    places = Places(shapes("models"), shapes("params"), found)
    classes = {f"{page}.md": class_page(page, members, places) for page, members in places.pages().items()}
    index = _index(len(found), len(places.shapes))
    return {"reference/index.md": index, **operation_pages(found, places), **classes}


def _index(operations: int, classes: int) -> str:
    return f"""# API reference

- **Modules**: the public modules of `sdk`, read from their docstrings.
- **Operations**: all {operations} operations by resource, with arguments, replies and examples.
- **Models** and **Parameters**: the {classes} types of replies and of arguments.

The same text is in <a href="../llms.txt">llms.txt</a> and
<a href="../llms-full.txt">llms-full.txt</a>, for language models.
"""
