"""What a client tells of itself while it works."""

from __future__ import annotations

from ._core.stats import ClientStats as ClientStats
