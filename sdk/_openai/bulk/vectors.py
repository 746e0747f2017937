"""Files of vectors: NumPy's `.npy`, JSON Lines, Parquet. They grow in order, and can continue after any end."""

from __future__ import annotations

import json
import os
import sys
from array import array
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import orjson

from .errors import BulkError, TargetError
from .lock import LockedFile

#: The header of a `.npy` file has this size, whatever its shape (NumPy's format, version 1.0).
_HEADER = 128
_FLOAT = 4
#: Rows of one group of a Parquet file.
_GROUP = 4096


class VectorFile:
    """A file that rows are appended to. Beside it, `<target>.json` has how many rows it has, and of which texts.

    Rows are written before that count, so that a killed process leaves some rows too many, which are cut off.
    Use it in a `with` block. Raises: TargetError, as a `Journal` does.
    """

    #: Bytes before the first row.
    start = 0

    def __init__(self, target: Path, facts: dict[str, Any]) -> None:
        self.target, self._facts = target, facts
        self._path, self._state = self.path_of(target), target.with_name(f"{target.name}.json")
        self.rows, self.dimensions, self._size = 0, 0, self.start
        self._digest, self._wanted = blake2b(digest_size=16), ""
        self._locked = LockedFile(self._path)
        self._file = self._locked.descriptor
        try:
            self._recover()
        except BaseException:
            self._locked.close()
            raise

    @staticmethod
    def path_of(target: Path) -> Path:
        """Return the path of the file that grows."""
        return target

    def skip(self, text: str) -> None:
        """Record a text whose row is already there. Raises: TargetError if the row was made from another text."""
        self._note(text)

    def check(self, skipped: int) -> None:
        """Compare the texts that were skipped with those that the rows were made of. Raises: TargetError."""
        if skipped < self.rows or (self.rows and self._digest.hexdigest() != self._wanted):
            raise TargetError(
                f"{self.target} has {self.rows} rows of other texts than these; choose another target, or remove it"
            )

    def append(self, texts: Sequence[str], vectors: Sequence[bytes]) -> None:
        """Write the vectors of some texts: 32-bit floats, little-endian. Raises: TargetError."""
        size = len(vectors[0]) // _FLOAT
        self.dimensions = self.dimensions or size
        if any(len(vector) != self.dimensions * _FLOAT for vector in vectors):
            raise BulkError(f"the server sends vectors of {size} numbers, and {self.target} has {self.dimensions}")
        data = self.encoded(vectors)
        try:
            os.lseek(self._file, self._size, os.SEEK_SET)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._file, rest) :]
            self._size += len(data)
            self.rows += len(vectors)
            for text in texts:
                self._note(text)
            self.counted()
            self._save(complete=False)
        except OSError as error:
            raise TargetError(
                f"{self.target} cannot be written: {error.strerror}. Make room, and start the same again"
            ) from error

    def encoded(self, vectors: Sequence[bytes]) -> bytes:
        """Return the bytes of some rows."""
        raise NotImplementedError

    def counted(self) -> None:
        """Write the number of rows into the file, where its form has it."""

    def finish(self) -> None:
        """Complete the file. Raises: TargetError."""
        self.counted()
        os.fsync(self._file)
        self._save(complete=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is not None and not self.rows:
            self._locked.withdraw()
        else:
            self._locked.close()

    def _note(self, text: str) -> None:
        content = text.encode("utf-8", "surrogatepass")
        self._digest.update(b"%d:%b" % (len(content), content))

    def _save(self, *, complete: bool) -> None:
        state = {
            **self._facts, "rows": self.rows, "dimensions": self.dimensions, "size": self._size,
            "texts": self._digest.hexdigest(), "complete": complete,
        }  # fmt: skip
        fresh = self._state.with_name(f"{self._state.name}.new")
        fresh.write_bytes(orjson.dumps(state))
        fresh.replace(self._state)

    def _recover(self) -> None:
        there = os.fstat(self._file).st_size
        if not self._state.exists():
            if there > self.start:
                raise TargetError(f"{self.target} is there, and {self._state} is not: is it another file?")
            return
        try:
            state = json.loads(self._state.read_bytes())
            facts = {name: state[name] for name in self._facts}
            self.rows, self.dimensions, self._size = state["rows"], state["dimensions"], state["size"]
            self._wanted = state["texts"]
        except (ValueError, KeyError, TypeError):
            raise TargetError(f"{self._state} is not the state of {self.target}: is it another file?") from None
        if facts != self._facts:
            raise TargetError(f"{self.target} was made with {facts}, and this is {self._facts}; choose another target")
        self.found(there, state)
        os.ftruncate(self._file, self._size)

    def found(self, there: int, state: dict[str, Any]) -> None:
        """Check a file before it is continued. Raises: TargetError if rows are missing."""
        if there < self._size:
            raise TargetError(f"{self.target} is shorter than {self._state} says; remove both to begin again")


class Npy(VectorFile):
    """NumPy's format: a header, then the rows; `numpy.load(target, mmap_mode="r")` reads it."""

    start = _HEADER

    def encoded(self, vectors: Sequence[bytes]) -> bytes:
        """Return the rows as they are."""
        return b"".join(vectors)

    def counted(self) -> None:
        """Write the shape into the header."""
        text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({self.rows}, {self.dimensions}), }}"
        header = b"\x93NUMPY\x01\x00" + (_HEADER - 10).to_bytes(2, "little") + text.ljust(_HEADER - 11).encode() + b"\n"
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, header)


class JSONVectors(VectorFile):
    """JSON Lines: `{"index": 0, "embedding": [...]}`."""

    def encoded(self, vectors: Sequence[bytes]) -> bytes:
        """Return a line for each row."""
        return b"".join(
            orjson.dumps({"index": index, "embedding": numbers(vector).tolist()}, option=orjson.OPT_APPEND_NEWLINE)
            for index, vector in enumerate(vectors, self.rows)
        )


class ParquetVectors(Npy):
    """Parquet with the columns `index` and `embedding`: the rows grow beside it, and it is written at the end."""

    @staticmethod
    def path_of(target: Path) -> Path:
        """Return the path of the rows."""
        return target.with_name(f"{target.name}.part")

    def found(self, there: int, state: dict[str, Any]) -> None:
        """Accept a complete file, whose rows beside it are gone."""
        if not state["complete"]:
            super().found(there, state)

    def finish(self) -> None:
        """Write the Parquet file, and remove what grew beside it."""
        if self._path.stat().st_size < self._size:  # it was complete before
            self._path.unlink()
            return
        import pyarrow as arrow
        import pyarrow.parquet as parquet

        schema = arrow.schema([("index", arrow.int64()), ("embedding", arrow.list_(arrow.float32(), self.dimensions))])
        fresh = self.target.with_name(f"{self.target.name}.new")
        with parquet.ParquetWriter(fresh, schema) as writer, self._path.open("rb") as file:
            file.seek(_HEADER)
            for first in range(0, self.rows, _GROUP):
                count = min(_GROUP, self.rows - first)
                flat = arrow.array(numbers(file.read(count * self.dimensions * _FLOAT)), arrow.float32())
                rows = arrow.FixedSizeListArray.from_arrays(flat, self.dimensions)
                writer.write_table(arrow.table([arrow.array(range(first, first + count)), rows], schema=schema))
        fresh.replace(self.target)
        self._save(complete=True)
        self._path.unlink()


def numbers(vector: bytes) -> array[float]:
    """Return little-endian 32-bit floats as numbers."""
    found = array("f", vector)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def vector_file(target: Path, facts: dict[str, Any]) -> VectorFile:
    """Return the file of a target, by its suffix. Raises: TargetError for an unknown one."""
    kinds = {".npy": Npy, ".jsonl": JSONVectors, ".parquet": ParquetVectors}
    kind = kinds.get(target.suffix.lower())
    if kind is None:
        raise TargetError(f"{target}: vectors go into {', '.join(kinds)}, and not into {target.suffix or 'no suffix'}")
    if kind is ParquetVectors:
        try:
            import pyarrow  # noqa: F401  # before anything is paid for
        except ModuleNotFoundError:
            raise BulkError("a Parquet file needs pyarrow: pip install 'openai-compatible-sdk[parquet]'") from None
    return kind(target, facts)
