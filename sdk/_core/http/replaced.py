"""Whether a library has taken the place of httpx's own functions, as those do that mock or record requests in tests.

They see only what httpx sends. While one of them is at work, calls go through httpx; an installed one is not at work.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

#: The packages of httpx and of what it stands on, with the functions that send each request.
_PACKAGES = (("httpx", "httpcore"), ("httpx2", "httpcore2"))
_SENDERS = (
    (("HTTPTransport", "handle_request"), ("AsyncHTTPTransport", "handle_async_request")),
    (("ConnectionPool", "handle_request"), ("AsyncConnectionPool", "handle_async_request")),
)
#: Functions that were found to be the package's own.
_own: set[Any] = set()


def replaced() -> tuple[Any, str] | None:
    """Return httpx or httpx2 where a function of it is not its own, and the function that is there; else None."""
    for names in _PACKAGES:
        if names[0] not in sys.modules:  # what is not imported cannot be replaced
            continue
        for name, senders in zip(names, _SENDERS, strict=True):
            package = sys.modules.get(name)
            for kind, method in senders if package is not None else ():
                function = vars(getattr(package, kind, object)).get(method)
                if function not in _own and not _is_own(function, package):
                    return sys.modules[names[0]], f"{getattr(function, '__module__', None)}"
    return None


def _is_own(function: Any, package: Any) -> bool:
    """Return whether a function is defined in a file of a package. Its `__module__` says nothing: wrappers copy it."""
    code = getattr(function, "__code__", None)
    if code is None:
        return function is None  # another version of the package
    if not Path(code.co_filename).is_relative_to(Path(package.__file__).parent):
        return False
    _own.add(function)
    return True
