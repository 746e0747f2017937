"""The notebook docs/tour.ipynb, in a kernel."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

_TOUR = Path(__file__).parents[2] / "docs/tour.ipynb"


@pytest.mark.timeout(150)
@pytest.mark.filterwarnings("ignore")  # of Jupyter
def test_the_tour_runs_from_top_to_bottom(tmp_path: Path) -> None:
    """Each cell runs without an error, has at most 25 lines, and the file has no output of anybody's run."""
    nbformat = pytest.importorskip("nbformat", reason="needs nbclient: make recipes")
    nbclient = pytest.importorskip("nbclient", reason="needs nbclient: make recipes")
    tour = nbformat.read(_TOUR, as_version=4)
    cells = [cell for cell in tour.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    assert max(cell.source.count("\n") + 1 for cell in cells) <= 25
    kernel = nbclient.NotebookClient(tour, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    asyncio.run(kernel.async_execute())  # execute() leaves its event loop open
    texts = [
        output.get("text", "") + output.get("data", {}).get("text/plain", "")
        for cell in cells
        for output in cell.outputs
    ]
    assert "City(name=" in "".join(texts)
    assert "(2, 1536)" in texts
    assert "The test asked for this" in "".join(texts)
    assert "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]" in texts
