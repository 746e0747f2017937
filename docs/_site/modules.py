"""A page for each public module, which mkdocstrings fills in."""

from __future__ import annotations

from pathlib import Path

import sdk

_FOLDER = Path(sdk.__file__).parent
#: Folders of generated code, which have pages of their own.
_GENERATED = frozenset({"api", "models", "params"})


def pages() -> dict[str, str]:
    """Return the pages by path."""
    return {f"reference/modules/{name}.md": f"# {name}\n\n::: {name}\n" for name in _public()}


def _public() -> list[str]:
    found = ["sdk"]
    for path in sorted(_FOLDER.iterdir()):
        is_module = path.suffix == ".py" or (path / "__init__.py").exists()
        if is_module and not path.name.startswith("_") and path.stem not in _GENERATED:
            found.append(f"sdk.{path.stem}")
    return found
