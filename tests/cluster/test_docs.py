"""The blocks of docs/clusters.md run as they stand, but for that of Spark, which needs Java."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sdk.testing import LocalServer

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs/clusters.md").read_text(encoding="utf-8")
_BLOCKS = re.findall(r"^```python\n(.*?)^```$", _PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("block", _BLOCKS, ids=lambda block: block.splitlines()[0])
def test_block_runs(block: str, server: LocalServer, tmp_path: Path) -> None:
    """A block runs with the environment set to a server, and shows something."""
    (tmp_path / "block.py").write_text(block, encoding="utf-8")
    if "pyspark" in block:
        compile(block, "block.py", "exec")
        return
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
    done = subprocess.run(
        [sys.executable, "block.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert server.requests
