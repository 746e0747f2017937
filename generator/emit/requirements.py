"""What a package depends on: public packages alone, those that the modules it carries import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

#: Import name → requirement. `tests/generator/runtime/test_requirements.py` compares them with the SDK's own.
_REQUIREMENTS = {
    "attrs": "attrs>=23.2",
    "dateutil": "python-dateutil>=2.9",
    "httpx": "httpx>=0.28,<0.29",
    "idna": "idna>=3.7",
    "msgspec": "msgspec>=0.19",
    "orjson": "orjson>=3.10",
}
#: Extra → what it brings: the command line, the local server, connections of aiohttp.
EXTRAS: Mapping[str, tuple[str, ...]] = {
    "aiohttp": ("httpx-aiohttp>=0.1.8",),
    "cli": ("click>=8.2", "jmespath>=1.0", "PyYAML>=6.0.2", "rich>=13.9"),
    "testing": ("python-multipart>=0.0.18", "starlette>=0.45", "uvicorn>=0.34"),
}


def requirements(texts: Iterable[str]) -> list[str]:
    """Return the requirements of modules, by what they import, sorted."""
    imported = frozenset[str]().union(*map(_imported, texts))
    return sorted(requirement for name, requirement in _REQUIREMENTS.items() if name in imported)


@cache
def _imported(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"^\s*(?:import|from) (\w+)", text, re.MULTILINE))
