"""The sites of several versions in one folder, which is what a web server publishes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path


def publish(site: Path, version: str, target: Path) -> list[str]:
    """Copy the site of a version into a folder that has those of others, and return all versions, the newest first.

    A site of the same version is replaced. `versions.json` is what the menu of the theme reads; the start of the folder
    leads to the newest version.
    """
    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target / version, ignore_errors=True)
    shutil.copytree(site, target / version)
    versions = sorted(
        (path.name for path in target.iterdir() if (path / "index.html").exists() and path.name[0].isdigit()),
        key=lambda name: [int(part) for part in name.split(".")],
        reverse=True,
    )
    entries = [
        {"version": name, "title": name, "aliases": ["latest"] if name == versions[0] else []} for name in versions
    ]
    (target / "versions.json").write_text(json.dumps(entries), encoding="utf-8")
    (target / "index.html").write_text(_redirect(versions[0]), encoding="utf-8")
    (target / ".nojekyll").touch()
    return versions


def _redirect(to: str) -> str:
    head = f'<meta charset="utf-8"><title>Documentation</title><meta http-equiv="refresh" content="0; url={to}/">'
    return f'<!doctype html><html lang="en">{head}<a href="{to}/">Documentation</a></html>\n'
