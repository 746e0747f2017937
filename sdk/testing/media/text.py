"""Text: split it into tokens, count them, write sentences with them."""

import hashlib
import re
from typing import Any

_PIECE = re.compile(r"\s*\S+|\s+")
_QUOTED_WORDS = 12


def pieces(text: str) -> list[str]:
    """Split a string into words, each with the whitespace before it. Joined, they are the string again.

    A piece is a token of this server: streams, the usage and log probabilities count in pieces.
    """
    return _PIECE.findall(text)


def count_tokens(*texts: str) -> int:
    """Count the tokens of strings."""
    return sum(len(pieces(text)) for text in texts)


def quote_words(prompt: str) -> str:
    """Return a sentence with the number of words of a prompt, and its first words."""
    words = prompt.split()
    if not words:
        return "You wrote nothing."
    count = f"{len(words)} words" if len(words) > 1 else "1 word"
    quoted = " ".join(words[:_QUOTED_WORDS]) + (" ..." if len(words) > _QUOTED_WORDS else "")
    return f"You wrote {count}: {quoted}"


def cut(text: str, max_tokens: int | None, stop: list[str]) -> tuple[str, bool]:
    """Cut a string before the first stop sequence, then after `max_tokens`; return it, and whether the limit cut it."""
    for sequence in stop:
        if sequence:
            text = text.partition(sequence)[0]
    parts = pieces(text)
    if max_tokens is None or len(parts) <= max_tokens:
        return text, False
    return "".join(parts[:max_tokens]), True


def content_text(content: Any) -> str:
    """Return the text of a message's content, which is a string or a list of parts; other parts have no text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = [part.get("text") for part in content if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))


def logprob(token: str) -> float:
    """Return a log probability in (-2, 0) that depends on the token alone."""
    return -(1 + int.from_bytes(hashlib.sha256(token.encode(errors="surrogatepass")).digest()[:2])) / 32769


def token_logprob(token: str, top: int) -> dict[str, Any]:
    """Return the log probability of a token in the API's format, with `top` alternatives; the token is the first."""
    names = [token, *(f"{token}~{rank}" for rank in range(1, top))][:top]
    alternatives = [_logprob(name, logprob(token) - rank) for rank, name in enumerate(names)]
    return {**_logprob(token, logprob(token)), "top_logprobs": alternatives}


def _logprob(token: str, value: float) -> dict[str, Any]:
    return {"token": token, "logprob": value, "bytes": list(token.encode(errors="surrogatepass"))}
