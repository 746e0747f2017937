"""openapi-python-client on the same document, in a process of its own: what it makes, and what that costs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from . import checkers
from .run import run

_CONFIG = "post_hooks: []\n"


def other(document: Path, work: Path, limit: float) -> dict[str, Any]:
    """Return what openapi-python-client makes of a document: operations, seconds, memory, size, import, mypy errors."""
    out = work / "other"
    shutil.rmtree(out, ignore_errors=True)
    config = work / "other.yaml"
    config.write_text(_CONFIG)
    command = [
        sys.executable, "-m", "openapi_python_client", "generate", "--path", str(document), "--output-path", str(out),
        "--meta", "none", "--overwrite", "--config", str(config),
    ]  # fmt: skip
    done = run(command, limit=limit)
    found: dict[str, Any] = {"seconds": done.seconds, "megabytes": done.megabytes, "late": done.code is None}
    endpoints = [p for p in (out / "api").rglob("*.py") if p.name != "__init__.py"] if out.is_dir() else []
    found |= {"operations": len(endpoints), "size": checkers.size(out) if endpoints else 0}
    if endpoints:
        module = ".".join(endpoints[0].relative_to(work).with_suffix("").parts)
        imported = run([sys.executable, "-c", f"import other.client, {module}"], limit=60, cwd=work)
        bare = run([sys.executable, "-c", "pass"], limit=60, cwd=work)
        found["import"] = imported.seconds - bare.seconds if imported.code == 0 else None
        errors = checkers.mypy(work, "other", work / ".mypy_cache", limit)
        found["mypy"] = None if errors is None else len(errors)
    return found
