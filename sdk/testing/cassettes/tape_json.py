"""JSON bodies on a tape: as data, which people can read and edit, with the style that gives their bytes back."""

from __future__ import annotations

import itertools
import json
from typing import Any

import yaml

#: How servers write JSON: as short as can be, as Python does by default, indented.
_LAYOUTS: tuple[dict[str, Any], ...] = ({"separators": (",", ":")}, {}, {"indent": 2}, {"indent": 4})
_NAMES = ("compact", "spaced", "indent 2", "indent 4")


def as_data(body: bytes) -> dict[str, Any] | None:
    """Return the data and style of a JSON body; None where they would not give back the same bytes."""
    try:
        text = body.decode()
        data = json.loads(text)
        written = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        held = yaml.load(written, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (ValueError, RecursionError, yaml.YAMLError):
        return None
    for name, ascii_, end in itertools.product(_NAMES, (False, True), ("", "\n")):
        style = {"layout": name, "ascii": ascii_, "end": end}
        if as_bytes(held, style) == body:
            return {"json": data, **({} if style == _USUAL else {"json_style": {k: v for k, v in style.items() if v}})}
    return None


def as_bytes(data: Any, style: dict[str, Any] | None) -> bytes:
    """Write data as JSON in a style of a tape."""
    style = {**_USUAL, **(style or {})}
    layout = _LAYOUTS[_NAMES.index(style["layout"])]
    text: str = json.dumps(data, ensure_ascii=style["ascii"], **layout) + style["end"]
    return text.encode("utf-8", "surrogatepass")


_USUAL: dict[str, Any] = {"layout": "compact", "ascii": False, "end": ""}
