"""Sources of bulk work: JSON Lines, CSV, Parquet, and anything that yields mappings. They are read twice."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import orjson

from .errors import BulkError, SourceError


class Source(Protocol):
    """What has lines: `name` for messages, and whether the lines are the columns of a table."""

    name: str
    columns: bool

    def lines(self) -> Iterator[tuple[int, Any]]:
        """Yield the number of each line for people, and the line. Raises: SourceError."""

    def close(self) -> None:
        """Remove what was made to read the source."""


#: How files begin that are not JSON Lines, and what they are.
_OTHERS = {
    b"\x1f\x8b": "compressed by gzip; unpack it",
    b"(\xb5/\xfd": "compressed by zstd; unpack it",
    b"PK\3\4": "a zip archive, or a workbook; unpack it, or save it as CSV",
    b"\xff\xfe": "UTF-16; save it as UTF-8",
    b"\xfe\xff": "UTF-16; save it as UTF-8",
    b"PAR1": "a Parquet file; its name must end in .parquet",
    b"[": "a JSON array; JSON Lines has one object a line, without brackets and commas around them",
}
_MARK = b"\xef\xbb\xbf"
#: The longest cell of a CSV in characters; Python's own limit is 131,072.
_MOST_FIELD = 100_000_000


class JSONLines:
    """A file of JSON Lines; empty lines and a byte order mark do not count."""

    columns = False

    def __init__(self, path: Path) -> None:
        self.name, self._path = str(path), path

    def lines(self) -> Iterator[tuple[int, Any]]:
        """Yield the objects of the file."""
        with _opened(self._path) as file:
            for number, line in enumerate(file, 1):
                try:
                    yield number, orjson.loads(line)
                except orjson.JSONDecodeError as error:
                    if not line.isspace():
                        other = next((what for start, what in _OTHERS.items() if line.startswith(start)), "")
                        reason = f"{error.msg}{f'. The file is {other}' if other and number == 1 else ''}"
                        raise SourceError(f"{self.name}, line {number}: not JSON: {reason}") from None

    def close(self) -> None:
        """Nothing was made."""


class CSV:
    """A table with a header; its separator is a comma, or a tab in a file that ends in .tsv."""

    columns = True

    def __init__(self, path: Path) -> None:
        self.name, self._path = str(path), path
        self._separator = "\t" if path.suffix.lower() == ".tsv" else ","

    def lines(self) -> Iterator[tuple[int, Any]]:
        """Yield the rows by column."""
        import csv

        csv.field_size_limit(max(_MOST_FIELD, csv.field_size_limit()))  # a cell may be a document
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file, delimiter=self._separator, strict=True)
                for row in reader:
                    if None in row or None in row.values():
                        raise SourceError(f"{self.name}, line {reader.line_num}: not as many values as the header")
                    yield reader.line_num, row
        except OSError as error:
            raise SourceError(f"{self.name} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise SourceError(f"{self.name} is not UTF-8: {error.reason}") from None
        except csv.Error as error:
            raise SourceError(f"{self.name}, line {reader.line_num}: no CSV: {error}") from None

    def close(self) -> None:
        """Nothing was made."""


class Parquet:
    """A Parquet file, which pyarrow reads in batches."""

    columns = True

    def __init__(self, path: Path) -> None:
        self.name, self._path = str(path), path

    def lines(self) -> Iterator[tuple[int, Any]]:
        """Yield the rows by column."""
        try:
            import pyarrow.parquet as parquet
        except ModuleNotFoundError:
            raise BulkError("a Parquet file needs pyarrow: pip install 'openai-compatible-sdk[parquet]'") from None
        numbers = count(1)
        try:
            with parquet.ParquetFile(self._path) as file:
                for batch in file.iter_batches(batch_size=1024):
                    yield from zip(numbers, batch.to_pylist(), strict=False)
        except OSError as error:
            raise SourceError(f"{self.name} cannot be read: {error}") from error
        except ValueError as error:  # those of pyarrow are
            raise SourceError(f"{self.name} is no Parquet file: {error}") from None

    def close(self) -> None:
        """Nothing was made."""


class Spooled(JSONLines):
    """Mappings, or bytes of JSON Lines, of an iterable that may be read only once: a temporary file has them."""

    def __init__(self, rows: Iterable[Mapping[str, Any] | bytes], name: str) -> None:
        descriptor, path = tempfile.mkstemp(suffix=".jsonl", prefix="sdk-bulk-")
        super().__init__(Path(path))
        self.name = name
        try:
            with os.fdopen(descriptor, "wb") as file:
                for number, row in enumerate(rows, 1):
                    file.write(row if isinstance(row, bytes) else self._line(number, row))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)

    def _line(self, number: int, row: Any) -> bytes:
        if not isinstance(row, Mapping):
            raise SourceError(f"{self.name}, row {number}: a row must be a mapping, not {type(row).__name__}")
        try:
            return orjson.dumps(dict(row), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)
        except TypeError as error:
            raise SourceError(f"{self.name}, row {number}: no JSON: {error}") from None


def open_source(source: Any) -> Source:
    """Return the source that a path, or an iterable of mappings, stands for. Raises: SourceError."""
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.exists() and not path.is_dir() and not path.is_file():  # a pipe can be read only once
            with _opened(path) as file:
                return Spooled(file, str(path))
        if not path.is_file():
            raise SourceError(f"{path} is {'a folder' if path.exists() else 'not there'}")
        suffix = path.suffix.lower()
        return CSV(path) if suffix in (".csv", ".tsv") else Parquet(path) if suffix == ".parquet" else JSONLines(path)
    if isinstance(source, Iterable) and not isinstance(source, bytes | Mapping):
        return Spooled(source, "the source")
    raise SourceError(f"a source is a path, or an iterable of mappings; not {type(source).__name__}")


def _opened(path: Path) -> Any:
    """Open a file, after its byte order mark."""
    try:
        file = path.open("rb")
        if file.peek(len(_MARK)).startswith(_MARK):
            file.read(len(_MARK))
        return file
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
