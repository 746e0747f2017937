"""JSON bodies on a tape: as data that people can edit, with the style that reproduces their bytes."""

from __future__ import annotations

import itertools
import json
from typing import Any

import yaml

#: Layouts in which servers write JSON: compact, Python's default, indented.
_LAYOUTS: tuple[dict[str, Any], ...] = ({"separators": (",", ":")}, {}, {"indent": 2}, {"indent": 4})
_NAMES = ("compact", "spaced", "indent 2", "indent 4")


def as_data(body: bytes) -> dict[str, Any] | None:
    """Return the data and the style of a JSON body; None if they would not reproduce its bytes."""
    try:
        text = body.decode()
        data = json.loads(text)
        dumped = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        loaded = yaml.load(dumped, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (ValueError, RecursionError, yaml.YAMLError):
        return None
    for name, ascii_, end in itertools.product(_NAMES, (False, True), ("", "\n")):
        style = {"layout": name, "ascii": ascii_, "end": end}
        if as_bytes(loaded, style) == body:
            if style == _DEFAULT_STYLE:
                return {"json": data}
            return {"json": data, "json_style": {key: value for key, value in style.items() if value}}
    return None


def as_bytes(data: Any, style: dict[str, Any] | None) -> bytes:
    """Encode data as JSON in a style."""
    style = {**_DEFAULT_STYLE, **(style or {})}
    layout = _LAYOUTS[_NAMES.index(style["layout"])]
    text: str = json.dumps(data, ensure_ascii=style["ascii"], **layout) + style["end"]
    return text.encode("utf-8", "surrogatepass")


_DEFAULT_STYLE: dict[str, Any] = {"layout": "compact", "ascii": False, "end": ""}
