"""How many cases a fuzzer runs, and how many it ran."""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import HealthCheck, Phase, settings

from . import MEDIUM, VARIABLE

SCALE = int(os.environ.get(VARIABLE, "1"))

#: What the cases of a test came to, by name: "cases", "differences".
Tally = Counter[str]


def cases(count: int) -> settings:
    """Return the settings of a fuzzer that runs so many cases in `make test`.

    There, and with --medium, they are the same in every run, so that a change is not blamed for an old fault. A long
    run has others each time.
    """
    return settings(
        max_examples=count * SCALE,
        derandomize=SCALE <= MEDIUM,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
