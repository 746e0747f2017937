"""Build wheels and sdists of SDK and generator, check their files, and use each in an empty environment."""

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
_GENERATOR = _ROOT / "generator"
_GENERATOR_SMOKE = Path(__file__).with_name("generator_smoke.py")
# Files that the wheel must have, and files that the sdist must have.
_IN_WHEEL = ("sdk/py.typed", "sdk/api/chat/__init__.py", "sdk/models/chat_completion.py", "sdk/models/__init__.pyi",
             "sdk/api/_description.json", "sdk/testing/pytest_plugin.py")  # fmt: skip
_IN_SDIST = ("Makefile", "README.md", "NOTICE", "generator/commands/__init__.py", "spec/openapi.yaml",
             "tests/sse/test_decoder.py", ".ci/run")  # fmt: skip
# The generator carries what packages are made of, and nothing of the API of this repository.
_IN_GENERATOR = ("generator/__main__.py", "generator/emit/templates/api.py.jinja", "generator/runtime/_sdk/LICENSE",
                 "generator/runtime/_sdk/_core/lazy.py", "generator/runtime/_sdk/_cli/__init__.py",
                 "generator/runtime/_sdk/testing/server/script.py", "generator/runtime/_sdk/errors.py")  # fmt: skip
# The largest wheel of the SDK, in bytes.
_MOST = 3_000_000


def main() -> int:
    """Run all steps; exit at the first that fails."""
    shutil.rmtree(_DIST, ignore_errors=True)
    wheel, sdist = _build(_ROOT, _DIST)
    _check_wheel(wheel, {"sdk"}, _IN_WHEEL, ("LICENSE", "NOTICE"))
    if (size := wheel.stat().st_size) > _MOST:
        sys.exit(f"error: {wheel.name} has {size:,} bytes, and {_MOST:,} is the most")
    _check_sdist(sdist)
    # Apart from the SDK's, so that `pip install dist/*` and twine take one of them.
    maker, source = _build(_GENERATOR, _DIST / "generator")
    # `pip install ./generator` builds from the checkout, an index from the sdist: both wheels are the same.
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", str(_DIST / "checkout"), str(_GENERATOR))
    for one in (maker, *(_DIST / "checkout").glob("*.whl")):
        _check_wheel(one, {"generator"}, _IN_GENERATOR, ("LICENSE",))
    with tempfile.TemporaryDirectory(prefix="sdk-package-") as folder:
        _install_and_use(wheel, "", Path(folder, "wheel"), _SMOKE)
        _install_and_use(sdist, "[testing]", Path(folder, "sdist"), _SMOKE)
        _install_and_use(maker, "", Path(folder, "generator"), _GENERATOR_SMOKE)
        _install_and_use(source, "", Path(folder, "generator-sdist"), _GENERATOR_SMOKE)
    built = ", ".join(f"{path.name} ({path.stat().st_size:,} bytes)" for path in (wheel, sdist, maker, source))
    _log(f"passed: {built}")
    return 0


def _build(folder: Path, out: Path) -> tuple[Path, Path]:
    """Build the wheel and the sdist of a project."""
    _log(f"building {folder.name}")
    _run(sys.executable, "-m", "build", "--outdir", str(out), str(folder))
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, sdist


def _check_wheel(wheel: Path, packages: set[str], required: tuple[str, ...], licence: tuple[str, ...]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    information = f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"
    licences = {f"{information}/licenses/{name}" for name in licence}
    _require_none({*required, *licences} - names, f"{wheel.name} does not have")
    others = {name for name in names if name.partition("/")[0] not in {*packages, information}}
    others |= {name for name in names if name.startswith("generator/runtime/_sdk/") and "/api/" in name}
    _require_none(others, f"{wheel.name} must not have")


def _check_sdist(sdist: Path) -> None:
    root = sdist.name.removesuffix(".tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.removeprefix(f"{root}/") for name in archive.getnames()}
    _require_none(set(_IN_SDIST) - names, f"{sdist.name} does not have")


def _install_and_use(package: Path, extras: str, venv: Path, smoke: Path) -> None:
    """Install a package into an empty environment, and use it outside this checkout."""
    _log(f"installing {package.name}{extras} into an empty environment")
    _run(sys.executable, "-m", "venv", str(venv))
    python = str(venv / "bin/python")
    _run(python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", f"{package}{extras}")
    work = venv / "work"
    work.mkdir()
    _run(python, "-I", "-W", "error", str(smoke), cwd=work if smoke is _GENERATOR_SMOKE else venv)


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
