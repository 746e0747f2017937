"""What calls used: tokens, images and seconds; what they cost; and a budget."""

from __future__ import annotations

from ._core.budget import Budget as Budget
from ._core.budget import Prices as Prices
from ._core.usage import Usage as Usage
