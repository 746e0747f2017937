"""What to look at after a 404: a base URL that is too long. Loaded with the error."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..reply.validate import description


def base_url_hint(base: str, root: str) -> str | None:
    """Return the hint for a base URL that ends in the path of an operation; None for any other."""
    path = urlsplit(base).path.rstrip("/")
    if re.fullmatch(r"(.*/v\d+\w*)?", path):  # as usual: the description, a large file, is not read
        return None
    known = (operation["path"] for operation in description(root).operations.values())
    found = max((one for one in known if "{" not in one and path.endswith(one)), key=len, default=None)
    if found in (None, "/"):
        return None
    return f"{{api_base}} ends in {found}, which is the path of an operation: leave that out."
