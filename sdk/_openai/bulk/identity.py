"""The identity of a line: its `custom_id`, or else a hash of its input; and compact sets of identities."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from hashlib import blake2b
from typing import Any

import orjson


def name_of(body: dict[str, Any]) -> str:
    """Return the identity of a line without a `custom_id`: a hash of the arguments, whatever their order."""
    try:
        content = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # an integer that is longer than 64 bits
        content = json.dumps(body, sort_keys=True).encode()
    return f"in-{blake2b(content, digest_size=12).hexdigest()}"


def key_of(name: str) -> int:
    """Return an identity as a number of 64 bits: among a million, two are the same once in 37 million runs."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


class Keys:
    """A set of keys in 8 bytes each: millions of them fit where a set of objects would take a gigabyte."""

    def __init__(self) -> None:
        self._keys, self._sorted = array("Q"), True

    def add(self, key: int) -> None:
        """Add a key."""
        self._keys.append(key)
        self._sorted = False

    def __contains__(self, key: int) -> bool:
        if not self._sorted:
            self._keys, self._sorted = array("Q", sorted(self._keys)), True
        at = bisect_left(self._keys, key)
        return at < len(self._keys) and self._keys[at] == key

    def __len__(self) -> int:
        return len(self._keys)


def repeated(keys: array[int]) -> set[int]:
    """Return the keys that are there more than once."""
    found, last = set(), -1
    for key in sorted(keys):
        if key == last:
            found.add(key)
        last = key
    return found
