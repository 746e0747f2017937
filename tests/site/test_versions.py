"""The folder of all versions of the site."""

from __future__ import annotations

import json
from pathlib import Path

from docs._site.versions import publish


def test_versions_stand_side_by_side_and_the_start_leads_to_the_newest(tmp_path: Path) -> None:
    """A new version keeps the addresses of the others, and one that is built again takes its own place."""
    site, target = tmp_path / "site", tmp_path / "pages"
    site.mkdir()
    for version in ("0.9", "0.10", "0.9"):
        (site / "index.html").write_text(version)
        found = publish(site, version, target)
    assert found == ["0.10", "0.9"]
    assert [(target / name / "index.html").read_text() for name in found] == found
    assert [(entry["version"], entry["aliases"]) for entry in json.loads((target / "versions.json").read_text())] == [
        ("0.10", ["latest"]), ("0.9", []),
    ]  # fmt: skip
    assert "url=0.10/" in (target / "index.html").read_text()
