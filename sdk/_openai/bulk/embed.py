"""`embed` and `aembed`: the vectors of many texts, in as few requests as the limits allow, into one file."""

from __future__ import annotations

import sys
import time
from array import array
from binascii import a2b_base64
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from attrs import frozen

from ..._core.errors import APIResponseError, APIStatusError, RequestError
from ..._core.public import expose
from ..._core.validators import number_problem
from ..usage import Usage
from .blocking import run_blocking
from .errors import BulkError
from .mapping import amap
from .meter import Meter
from .packing import MOST_INPUTS, MOST_TOKENS, packs
from .progress import Progress
from .row import wire_usage
from .vectors import VectorFile, vector_file

if TYPE_CHECKING:
    from os import PathLike
    from typing import Unpack

    from ..._core.options.typed import AnyClient

#: Refusals of a request that may be too large: halves of it may be accepted.
_TOO_LARGE = (400, 413, 422)


class EmbedOptions(TypedDict, total=False):
    """The options of `embed` and `aembed`."""

    model: str
    dimensions: int | None
    client: AnyClient | None
    concurrency: int
    inputs: int
    tokens: int
    progress: bool | Callable[[str], object]


@frozen(kw_only=True)
class Embedded:
    """The end of `embed`: the file, its rows and their length, and what the calls used."""

    target: Path
    rows: int
    #: Rows that were there before.
    before: int
    dimensions: int
    usage: Usage
    elapsed: float

    def __str__(self) -> str:
        return (
            f"{self.rows} vectors of {self.dimensions} numbers in {self.target}, {self.before} of them from before, "
            f"{self.usage.input_tokens:,} tokens, {self.elapsed:.1f} s"
        )


def embed(texts: Iterable[str], target: str | PathLike[str], **options: Unpack[EmbedOptions]) -> Embedded:
    """Write the vector of each text into a file, in the order of the texts.

    The suffix of `target` is its form: `.npy`, which `numpy.load(target, mmap_mode="r")` maps into memory; `.jsonl`;
    `.parquet`, with the extra `parquet`. A second run with the same texts continues after the last row; with
    more texts at the end, it appends their vectors. `<target>.json` has the state.

    Args:
        texts: any iterable of str, which is read as requests are sent.
        model: "text-embedding-3-small" by default. dimensions: the length of the vectors, if the model has a choice.
        client, concurrency: see `map`; 8 requests at once by default.
        inputs, tokens: the limits of one request, by default 2,048 and 300,000. Tokens are estimated by bytes; a
            request that the server refuses is halved, until it is one text.
        progress: True shows the progress on stderr; a function is called with lines of text.
    Raises: SourceError for anything that is not text; TargetError for a target that cannot be written or has other
        vectors; BulkError for a text that the server refuses; APIError as every call does. What was written stays.
    """
    return run_blocking(aembed(texts, target, **options))


async def aembed(texts: Iterable[str], target: str | PathLike[str], **options: Unpack[EmbedOptions]) -> Embedded:
    """Do the same from a coroutine, on asyncio; see `embed`."""
    unknown = options.keys() - EmbedOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"embed() takes no argument {', '.join(sorted(unknown))}")
    if isinstance(texts, str):
        raise TypeError("texts must be an iterable of str, and not one str")
    model, dimensions = options.get("model", "text-embedding-3-small"), options.get("dimensions")
    inputs, tokens = options.get("inputs", MOST_INPUTS), options.get("tokens", MOST_TOKENS)
    for name, value in (("inputs", inputs), ("tokens", tokens)):
        if (problem := number_problem(value, whole=True, least=1)) is not None:
            raise RequestError(f"{name} {problem}")
    arguments = {"model": model} if dimensions is None else {"model": model, "dimensions": dimensions}
    began = time.monotonic()
    with vector_file(Path(target), arguments) as file, Progress(options.get("progress", False)) as progress:
        before, meter = file.rows, Meter(0, file.rows, 0, None)
        rest = _rest(iter(texts), file)
        requests = (
            {"first": first, "texts": pack} for first, pack in _numbered(packs(rest, inputs, tokens, before), before)
        )
        caller = _Embedder(arguments, meter)
        results = amap(
            caller, requests, client=options.get("client"), concurrency=options.get("concurrency", 8), ordered=True,
            errors="raise",
        )  # fmt: skip
        async with aclosing(results):  # type: ignore[type-var]  # it is a generator
            async for result in results:
                assert result.reply is not None
                file.append(result.input["texts"], result.reply)
                meter.done = meter.lines = file.rows - before
                progress.show(meter, time.monotonic() - began)
        file.finish()
        progress.show(meter, time.monotonic() - began, end=True)
    return Embedded(
        target=file.target, rows=file.rows, before=before, dimensions=file.dimensions, usage=meter.usage(),
        elapsed=time.monotonic() - began,
    )  # fmt: skip


def _rest(texts: Iterator[Any], file: VectorFile) -> Iterator[Any]:
    """Yield the texts whose rows are missing. Raises: TargetError if the rows are those of other texts."""
    skipped = 0
    while skipped < file.rows:
        text = next(texts, None)
        if not isinstance(text, str):
            break
        file.skip(text)
        skipped += 1
    file.check(skipped)
    yield from texts


def _numbered(groups: Iterator[list[str]], first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield lists of texts with the place of their first one."""
    for pack in groups:
        yield first, pack
        first += len(pack)


class _Embedder:
    """Asks for the vectors of some texts, and halves a request that is refused."""

    def __init__(self, arguments: dict[str, Any], meter: Meter) -> None:
        self._arguments, self._meter = arguments, meter

    async def __call__(self, first: int, texts: list[str], client: Any) -> list[bytes]:
        try:
            reply = await client.embeddings.create.asyncio(input=texts, **self._arguments)
        except APIStatusError as error:
            if error.status_code not in _TOO_LARGE:
                raise
            if len(texts) == 1:
                raise BulkError(f"text {first} (from 0) is refused: {error}") from error
            half = len(texts) // 2
            return [
                *await self(first, texts[:half], client),
                *await self(first + half, texts[half:], client),
            ]
        self._meter.succeeded(self._arguments["model"], wire_usage(reply))
        entries = sorted(reply.data, key=lambda entry: entry.index)
        if [entry.index for entry in entries] != list(range(len(texts))):
            raise APIResponseError(f"the reply has {len(entries)} vectors for {len(texts)} texts", request_sent=True)
        return [_packed(entry) for entry in entries]


def _packed(entry: Any) -> bytes:
    """Return a vector as little-endian 32-bit floats, as servers send it where they can."""
    sent = entry._wire.get("embedding")
    if isinstance(sent, str):
        return a2b_base64(sent)
    found = array("f", entry.embedding)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


expose(globals(), "bulk", "embed", "aembed", "Embedded")
