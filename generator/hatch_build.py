"""Add to wheel and sdist what packages are made of: the rooms of the SDK that know no API, and the licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: As in runtime/source.py, which a build cannot import; of the modules beside them, those that re-export the core.
_ROOMS = ("_core", "_cli", "testing/description", "testing/server")
_DATA = "runtime/_sdk"


class RuntimeHook(BuildHookInterface[Any]):  # type: ignore[misc]  # hatchling comes with a build alone
    """Take the runtime from the checkout around this folder; an sdist has it already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Map files of the checkout to files of the distribution."""
        root = Path(self.root)
        if version == "editable" or (root / _DATA).is_dir():
            return
        sdk = root.parent / "sdk"
        found = [path for room in _ROOMS for path in (sdk / room).rglob("*")]
        found += [path for path in sdk.glob("[!_]*.py") if "._core" in path.read_text(encoding="utf-8")]
        for path in sorted(found):
            if path.is_file() and "__pycache__" not in path.parts:
                build_data["force_include"][str(path)] = f"{_DATA}/{path.relative_to(sdk).as_posix()}"
        build_data["force_include"][str(root.parent / "LICENSE")] = f"{_DATA}/LICENSE"
