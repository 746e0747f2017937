"""Read a source once before anything is sent: how many lines it has, which are done, and whether each is right."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson

from .errors import SourceError
from .identity import Keys, key_of, name_of, repeated
from .lines import LineReader, Request
from .row import Row
from .source import Source

#: Bytes of JSON that make a token, about.
_BYTES = 4
_LIMITS = ("max_completion_tokens", "max_output_tokens", "max_tokens")


class Survey:
    """A source whose lines are known: which are to be done, in a byte each.

    Lines that are equal and have no `custom_id` count each: the second one's identity ends in "-2".
    Raises: SourceError for a line that is not a request, and for two lines with one `custom_id`.
    """

    def __init__(self, source: Source, reader: LineReader) -> None:
        self._source, self._reader = source, reader
        self._keys = array("Q")
        #: The numbers of repeated lines, by their place: 2 for the second one.
        self._repeats: dict[int, int] = {}
        for name, _, _ in self._named():
            self._keys.append(key_of(name))
        self._number_repeats()
        #: How many lines there are, and for each whether it is to be done.
        self.total = len(self._keys)
        self.wanted = bytearray(b"\1") * self.total

    def leave_out(self, *done: Keys) -> int:
        """Leave out the lines whose identities are in a set, and return how many they are."""
        before = self.remaining
        for keys in done:
            if len(keys):
                for index, key in enumerate(self._keys):
                    if self.wanted[index] and key in keys:
                        self.wanted[index] = 0
        return before - self.remaining

    def limit(self, most: int) -> None:
        """Leave out all lines but the first `most` that are to be done."""
        for index, wanted in enumerate(self.wanted):
            if wanted:
                most -= 1
                self.wanted[index] = most >= 0

    @property
    def remaining(self) -> int:
        """How many lines are to be done."""
        return self.wanted.count(1)

    def forget_keys(self) -> None:
        """Free what only the choice of lines needs."""
        self._keys = array("Q")

    def requests(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Yield place, identity and body of the lines that are to be done. Raises: SourceError if it has changed."""
        wanted, total = self.wanted, self.total
        for index, (number, line) in enumerate(self._source.lines()):
            if index >= total:
                return
            if wanted[index]:
                found = self._request(number, line)
                name = name_of(found.body) if found.custom_id is None else found.custom_id
                if index in self._repeats:
                    name = f"{name}-{self._repeats[index]}"
                yield index, name, found.body

    def rows(self) -> Iterator[Row]:
        """Yield the lines that are to be done, as arguments of the operation."""
        for index, name, body in self.requests():
            yield Row(index, name, self._reader.arguments(body))

    def tokens(self) -> tuple[int, int]:
        """Return the estimated tokens of all lines that are to be done: of the input, and the most of the output."""
        inputs = outputs = 0
        for _, _, body in self.requests():
            inputs += len(orjson.dumps(body)) // _BYTES
            outputs += max((value for name in _LIMITS if isinstance(value := body.get(name), int)), default=0)
        return inputs, outputs

    def _request(self, number: int, line: Any) -> Request:
        return self._reader.read(line, f"{self._source.name}, line {number}", columns=self._source.columns)

    def _named(self) -> Iterator[tuple[str, bool, int]]:
        """Yield the identity of each line, whether it is a `custom_id`, and the number of the line."""
        for number, line in self._source.lines():
            found = self._request(number, line)
            given = found.custom_id is not None
            yield (found.custom_id if found.custom_id is not None else name_of(found.body)), given, number

    def _number_repeats(self) -> None:
        again = repeated(self._keys)
        if not again:
            return
        seen, first = Counter[int](), dict[int, int]()
        for index, (name, given, number) in enumerate(self._named()):
            key = self._keys[index]
            if key not in again:
                continue
            seen[key] += 1
            if seen[key] == 1:
                first[key] = number
            elif given:
                where = f"{self._source.name}, lines {first[key]} and {number}"
                raise SourceError(f"{where}: they have the same custom_id, which must be unique")
            else:
                self._repeats[index] = seen[key]
                self._keys[index] = key_of(f"{name}-{seen[key]}")
