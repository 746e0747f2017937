"""The record of an API in its generated package: its URL, and how calls are authenticated. Data, not code."""

from __future__ import annotations

from ._core.service import Scheme as Scheme
from ._core.service import Service as Service
