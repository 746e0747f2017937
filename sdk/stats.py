"""Statistics of a client."""

from __future__ import annotations

from ._openai.usage import ClientStats as ClientStats
