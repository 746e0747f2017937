"""Build wheel and sdist, check their files, install each into an empty environment, and call a server with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_DIST = _ROOT / "dist"
_SMOKE = Path(__file__).with_name("smoke.py")
# Files that the wheel must have, and files that the sdist must have.
_IN_WHEEL = ("sdk/py.typed", "sdk/api/chat/__init__.py", "sdk/models/chat_completion.py", "sdk/models/__init__.pyi",
             "sdk/api/_description.json", "sdk/testing/pytest_plugin.py")  # fmt: skip
_IN_SDIST = ("Makefile", "README.md", "NOTICE", "generator/commands/__init__.py", "spec/openapi.yaml",
             "tests/sse/test_decoder.py", ".ci/run")  # fmt: skip


def main() -> int:
    """Run all steps; exit at the first that fails."""
    shutil.rmtree(_DIST, ignore_errors=True)
    _log("building")
    _run(sys.executable, "-m", "build", "--outdir", str(_DIST), str(_ROOT))
    (wheel,), (sdist,) = _DIST.glob("*.whl"), _DIST.glob("*.tar.gz")
    _check_wheel(wheel)
    _check_sdist(sdist)
    with tempfile.TemporaryDirectory(prefix="sdk-package-") as folder:
        _install_and_use(wheel, "", Path(folder, "wheel"))
        _install_and_use(sdist, "[testing]", Path(folder, "sdist"))
    _log(f"passed: {wheel.name} ({wheel.stat().st_size:,} bytes), {sdist.name} ({sdist.stat().st_size:,} bytes)")
    return 0


def _check_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    information = f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"
    licences = {f"{information}/licenses/{name}" for name in ("LICENSE", "NOTICE")}
    _require_none({*_IN_WHEEL, *licences} - names, f"{wheel.name} does not have")
    others = {name for name in names if not name.startswith(("sdk/", f"{information}/"))}
    _require_none(others, f"{wheel.name} must not have")


def _check_sdist(sdist: Path) -> None:
    root = sdist.name.removesuffix(".tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.removeprefix(f"{root}/") for name in archive.getnames()}
    _require_none(set(_IN_SDIST) - names, f"{sdist.name} does not have")


def _install_and_use(package: Path, extras: str, venv: Path) -> None:
    """Install a package into an empty environment, and use it outside this checkout."""
    _log(f"installing {package.name}{extras} into an empty environment")
    _run(sys.executable, "-m", "venv", str(venv))
    python = str(venv / "bin/python")
    _run(python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", f"{package}{extras}")
    _run(python, "-I", "-W", "error", str(_SMOKE), cwd=venv)


def _run(*command: str, cwd: Path = _ROOT) -> None:
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}\nerror: exit code {done.returncode} of {' '.join(command)}")


def _require_none(wrong: set[str], what: str) -> None:
    if wrong:
        sys.exit(f"error: {what}: {', '.join(sorted(wrong)[:10])}")


def _log(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
