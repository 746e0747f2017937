"""What a generated package tells of its API: where it is, and how calls prove who they are. Data, not code."""

from __future__ import annotations

from ._core.service import Scheme as Scheme
from ._core.service import Service as Service
