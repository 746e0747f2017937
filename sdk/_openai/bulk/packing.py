"""Pack texts into requests of embeddings: as many as a request may have, in order. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .errors import SourceError

#: The limits of one request: inputs, and tokens.
MOST_INPUTS, MOST_TOKENS = 2048, 300_000
#: Bytes of UTF-8 that make a token, at least nearly always. A request that is refused all the same is halved.
_BYTES = 3


def packs(texts: Iterable[Any], inputs: int, tokens: int, first: int = 0) -> Iterator[list[str]]:
    """Yield lists of texts that fit into one request; `first` is the number of the first text.

    Raises: SourceError for anything that is not text, or is empty.
    """
    pack: list[str] = []
    size = 0
    for number, text in enumerate(texts, first):
        if not isinstance(text, str) or not text:
            what = "empty" if isinstance(text, str) else f"a {type(text).__name__}, and not a str"
            raise SourceError(f"text {number} (from 0) is {what}")
        cost = len(text.encode("utf-8", "surrogatepass")) // _BYTES + 1
        if pack and (len(pack) >= inputs or size + cost > tokens):
            yield pack
            pack, size = [], 0
        pack.append(text)
        size += cost
    if pack:
        yield pack
