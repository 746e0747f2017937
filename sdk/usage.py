"""What calls used: tokens, images and seconds; what they cost; and a budget."""

from __future__ import annotations

from ._openai.usage import Budget as Budget
from ._openai.usage import Prices as Prices
from ._openai.usage import Usage as Usage
