"""Embed a corpus, and search it: `python -m examples.semantic_search "open on Sunday" FILE...`; needs numpy."""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy

import sdk
from sdk import Client
from sdk.errors import SDKError

MODEL = "text-embedding-3-small"


def paragraphs(files: list[Path]) -> list[str]:
    """Return the paragraphs of some text files."""
    texts = [file.read_text(encoding="utf-8").split("\n\n") for file in files]
    return [" ".join(part.split()) for parts in texts for part in parts if part.strip()]


class Index:
    """The vectors of a corpus, mapped into memory from the file that has them."""

    def __init__(self, client: Client, texts: list[str], path: Path, dimensions: int = 256) -> None:
        self._client, self._texts, self._dimensions = client, texts, dimensions
        print(sdk.bulk.embed(texts, path, model=MODEL, dimensions=dimensions, client=client))
        self._vectors: Any = numpy.load(path, mmap_mode="r")

    def search(self, question: str, most: int = 3) -> list[tuple[float, str]]:
        """Return the paragraphs that are nearest to a question, with their similarity: the vectors have length 1."""
        reply = self._client.embeddings.create.sync(model=MODEL, input=question, dimensions=self._dimensions)
        scores = self._vectors @ numpy.array(reply.data[0].embedding, dtype="f4")
        return [(float(scores[at]), self._texts[at]) for at in numpy.argsort(-scores)[:most]]


def main() -> int:
    """Answer one question; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m examples.semantic_search", description="Search text files.")
    parser.add_argument("question")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--index", type=Path, default=Path("corpus.npy"), help="the file of the vectors")
    given = parser.parse_args()
    try:
        with Client(max_in_flight=8) as client:
            for score, text in Index(client, paragraphs(given.files), given.index).search(given.question):
                print(f"{score:.2f}  {text[:100]}")
    except SDKError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
