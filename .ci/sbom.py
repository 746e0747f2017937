"""Write the bill of materials of the wheel in dist/: what `pip install` adds to an empty environment, as CycloneDX.

`make package` builds the wheel first. The tool is installed into an environment of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

_DIST = Path(__file__).resolve().parent.parent / "dist"
_TOOL = "cyclonedx-bom==7.5.0"


def main() -> int:
    """Write dist/sbom.cdx.json, and print its components."""
    (wheel,) = _DIST.glob("*.whl")
    target = _DIST / "sbom.cdx.json"
    with tempfile.TemporaryDirectory(prefix="sdk-sbom-") as folder:
        product, tool = _environment(Path(folder, "product")), _environment(Path(folder, "tool"))
        _run(product, "-m", "pip", "install", "-qq", "--disable-pip-version-check", str(wheel))
        _run(product, "-m", "pip", "uninstall", "-qq", "--yes", "setuptools", "pip")  # what venv adds
        _run(tool, "-m", "pip", "install", "-qq", "--disable-pip-version-check", _TOOL)
        options = ("--output-reproducible", "--spec-version", "1.6", "--output-file", str(target))
        _run(tool, "-m", "cyclonedx_py", "environment", *options, str(product))
    components = json.loads(target.read_text(encoding="utf-8"))["components"]
    names = sorted(f"{one['name']} {one['version']}" for one in components)
    if not any(name.startswith("openai-compatible-sdk ") for name in names):
        sys.exit(f"error: {target.name} does not list the SDK itself")
    print(f"{target.name}: {len(names)} components: {', '.join(names)}")
    return 0


def _environment(folder: Path) -> Path:
    """Make an empty environment, and return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder / "bin/python"


def _run(*command: str | Path) -> None:
    done = subprocess.run([*command], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\nerror: exit code {done.returncode} of {' '.join(map(str, command[1:]))}")


if __name__ == "__main__":
    sys.exit(main())
