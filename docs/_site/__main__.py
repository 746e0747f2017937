"""`make docs`: build the site and check it in a browser.

ARGS=serve shows the site while pages are written. ARGS=build only builds it. ARGS="publish FOLDER" builds it, and
copies it into a folder that has other versions.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sdk

from .versions import publish

_ROOT = Path(__file__).parents[2]
SITE = _ROOT / "build" / "site"
#: What a build may take: seconds, bytes of the site, bytes of the index that search loads.
_SECONDS, _BYTES, _INDEX = 240, 80_000_000, 4_000_000


def version() -> str:
    """Return the version that is part of each address: a patch changes no page's address."""
    return ".".join(sdk.__version__.split(".")[:2])


def build() -> Path:
    """Build the site, which must have no warning, and return the folder of this version."""
    started, target = time.monotonic(), SITE / version()
    shutil.rmtree(SITE, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        _mkdocs("build", "--quiet", "--site-dir", folder)
        publish(Path(folder), version(), SITE)
    seconds = time.monotonic() - started
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    index = (target / "search" / "search_index.json").stat().st_size
    pages = sum(1 for _ in target.rglob("*.html"))
    print(f"{pages} pages in {seconds:.0f} s: {size / 1e6:.1f} MB, search index {index / 1e6:.2f} MB, in {target}")
    over = [
        name
        for name, value, most in (("time", seconds, _SECONDS), ("size", size, _BYTES), ("index", index, _INDEX))
        if value > most
    ]
    if over:
        sys.exit(f"make docs: over its limit: {', '.join(over)}")
    return target


def _mkdocs(*arguments: str) -> None:
    # The notice of mkdocs-material about mkdocs 2 is no warning of a page.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    if url := os.environ.get("DOCS_URL"):  # the address of all versions
        environment["DOCS_URL"] = f"{url.rstrip('/')}/{version()}/"
    done = subprocess.run([sys.executable, "-m", "mkdocs", *arguments], cwd=_ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main(arguments: list[str]) -> int:
    """Run a command; without one, build and check."""
    if arguments == ["serve"]:
        _mkdocs("serve")
        return 0
    built = build()
    if arguments == ["build"]:
        return 0
    if arguments[:1] == ["publish"]:
        print("versions:", *publish(built, version(), Path(arguments[1])))
        return 0
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-ra", "tests/site", *arguments], cwd=_ROOT, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
