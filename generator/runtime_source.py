"""Find the runtime that generated packages carry along: in a checkout, or among the data of the installed package."""

from __future__ import annotations

from pathlib import Path

#: The rooms that packages are made of; of `testing` they take what knows no API.
ROOMS = ("_core", "_cli", "testing")
_HOME = Path(__file__).parent


def runtime_folder() -> Path:
    """Return the folder that has the rooms of the runtime: `_core`, `_cli`, `testing`."""
    installed = _HOME / "runtime/_sdk"
    return installed if installed.is_dir() else _HOME.parent / "sdk"


def licence_file() -> Path:
    """Return the licence of the runtime, which goes where the runtime goes."""
    folder = runtime_folder()
    return next(home / "LICENSE" for home in (folder, folder.parent) if (home / "LICENSE").is_file())
