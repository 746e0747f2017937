"""Add to wheel and sdist what packages are made of: the rooms of the SDK that know no API, and the licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: As in runtime_source.py, which a build cannot import: its package has dependencies.
_ROOMS = ("_core", "_cli", "testing")
_RUNTIME = "_runtime"


class RuntimeHook(BuildHookInterface[Any]):
    """Take the runtime from the checkout around this folder; an sdist has it already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Map files of the checkout to files of the distribution."""
        root = Path(self.root)
        if version == "editable" or (root / _RUNTIME).is_dir():
            return
        inside = f"generator/{_RUNTIME}" if self.target_name == "wheel" else _RUNTIME
        checkout = root.parent
        for room in _ROOMS:
            for path in sorted((checkout / "sdk" / room).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    name = path.relative_to(checkout / "sdk").as_posix()
                    build_data["force_include"][str(path)] = f"{inside}/{name}"
        build_data["force_include"][str(checkout / "LICENSE")] = f"{inside}/LICENSE"
