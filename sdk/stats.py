"""Statistics of a client."""

from __future__ import annotations

from ._core.stats import ClientStats as ClientStats
