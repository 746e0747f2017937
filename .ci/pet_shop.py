"""Build the package of the pet shop as its owner would: types, wheel and sdist checked, installed, used on its own."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_DOCUMENT = _ROOT / "tests/generator/commands/documents/pets.yaml"
#: The largest wheel, in bytes.
_MOST = 250_000


def main() -> int:
    """Run all steps; exit at the first that fails."""
    with tempfile.TemporaryDirectory(prefix="pet-shop-") as folder:
        project, dist, venv, empty = (Path(folder, name) for name in ("project", "dist", "venv", "empty"))
        empty.mkdir()
        _run(
            sys.executable, "-m", "generator", "generate", "--spec", str(_DOCUMENT), "--package", "pets", "--out",
            str(project),
        )  # fmt: skip
        _run(sys.executable, "-m", "build", "--outdir", str(dist), str(project))
        _run(sys.executable, "-m", "mypy", "--strict", "--config-file=", "pets", cwd=project)
        _run(sys.executable, "-m", "pyright", "--warnings", "--pythonpath", sys.executable, "pets", cwd=project)
        (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
        size = wheel.stat().st_size
        if size > _MOST:
            sys.exit(f"error: {wheel.name} has {size:,} bytes, and {_MOST:,} is the most")
        _run(sys.executable, "-m", "venv", str(venv))
        python = str(venv / "bin/python")
        pip = (python, "-m", "pip", "install", "-qq", "--disable-pip-version-check")
        _run(*pip, "twine")
        _run(python, "-m", "twine", "check", "--strict", str(wheel), str(sdist))
        for package, extras in ((sdist, ""), (wheel, "[cli,testing]")):
            _run(*pip, "--force-reinstall", f"{package}{extras}")
        readme = (project / "README.md").read_text(encoding="utf-8")
        example = empty / "example.py"
        example.write_text(re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[-1], encoding="utf-8")
        _run(python, "-I", "-W", "error", str(example), cwd=empty)
        _run(python, "-I", "-W", "error", "-m", "pets", "--help", cwd=empty)
        _run(python, "-I", "-W", "error", "-m", "pets.testing", "--help", cwd=empty)
        print(f"passed: {wheel.name} ({size:,} bytes), its README, its command line and its local server", flush=True)
    return 0


def _run(*command: str, cwd: Path = _ROOT) -> None:
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}\nerror: exit code {done.returncode} of {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main())
