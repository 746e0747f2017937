"""The default user agent: product, httpx, Python."""

from __future__ import annotations

import sys
from typing import Any

from ..lazy import fully_imported


def default_user_agent(product: str) -> str:
    """Return the User-Agent of a client: its product and version, the versions of httpx and of Python."""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{product} (httpx/{_httpx_version()}) Python/{python}".lstrip()


def _httpx_version() -> str:
    """Read the version of httpx without importing httpx, which takes longer than all other imports together."""
    from importlib.machinery import PathFinder

    known = fully_imported("httpx")
    if known is not None:
        return str(known.__version__)
    spec: Any = PathFinder.find_spec("httpx")
    try:
        text = spec.loader.get_data(spec.origin.replace("__init__", "__version__")).decode()
        return str(text.split('__version__ = "', 1)[1].partition('"')[0])
    except (AttributeError, OSError, IndexError):  # httpx is packaged differently
        import httpx

        return str(httpx.__version__)
