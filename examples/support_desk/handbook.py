"""The handbook: a semantic search over articles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sdk import Client

_MODEL = "text-embedding-3-small"


@dataclass(frozen=True)
class Article:
    """One article of the handbook."""

    title: str
    text: str


ARTICLES = (
    Article(
        "Returns", "A bicycle can be returned within 30 days, if it was not ridden in the rain. Bring the receipt."
    ),
    Article("Repairs", "A repair takes three days. A flat tyre is mended while you wait, for 12 euros."),
    Article("Opening hours", "The shop is open from Tuesday to Saturday, 10 to 18. It is closed on Sunday and Monday."),
)


class Handbook:
    """Find articles by their meaning. The first question embeds all articles."""

    def __init__(self, client: Client, articles: Sequence[Article] = ARTICLES) -> None:
        self._client = client
        self._articles = articles
        self._vectors: list[Sequence[float]] = []

    def search(self, question: str) -> Article:
        """Return the article that is most similar to a question."""
        if not self._vectors:
            self._vectors = self._embed([f"{one.title}. {one.text}" for one in self._articles])
        (query,) = self._embed([question])
        similarity = [math.fsum(a * b for a, b in zip(query, one, strict=True)) for one in self._vectors]
        return self._articles[similarity.index(max(similarity))]

    def _embed(self, texts: list[str]) -> list[Sequence[float]]:
        reply = self._client.embeddings.create.sync(model=_MODEL, input=texts, dimensions=256)
        return [one.embedding for one in reply.data]
