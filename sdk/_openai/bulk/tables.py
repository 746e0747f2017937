"""Batches of rows in the forms that clusters pass: lists of rows, dicts of columns, frames of pandas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Rows = list[dict[str, Any]]
#: What a worker adds to each row.
ADDED = ("custom_id", "output_text", "response", "error")


def rows_of(batch: Any) -> tuple[Rows, Callable[[Rows], Any]]:
    """Return the rows of a batch, and the function that makes a batch of the same form with what is added to them."""
    if isinstance(batch, list):
        return batch, lambda found: [{**row, **added} for row, added in zip(batch, found, strict=True)]
    if isinstance(batch, Mapping):
        columns = {name: _values(values) for name, values in batch.items()}
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return rows, lambda found: {**batch, **_columns(found)}
    if hasattr(batch, "to_dict") and hasattr(batch, "assign"):
        return batch.to_dict("records"), lambda found: batch.assign(**_columns(found))
    raise TypeError(f"a batch is a list of rows, a dict of columns, or a frame of pandas; not {type(batch).__name__}")


def _values(values: Any) -> list[Any]:
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _columns(found: Rows) -> dict[str, list[Any]]:
    return {name: [row[name] for row in found] for name in ADDED}
