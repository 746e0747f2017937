"""Print how readable the README and the pages are: `python .ci/readability.py`, or with REVISION:PATH of git.

It counts words and sentences of prose, without code, tables and headings: the mean words of a sentence, the share of
words with three syllables or more, Flesch's reading ease (higher is easier), and Gunning's fog index (years of school).
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).parents[1]


class Figures(NamedTuple):
    """The figures of one text."""

    words: int
    per_sentence: float
    hard: float
    ease: float
    fog: float


def figures(text: str) -> Figures:
    """Count a text in Markdown."""
    text = re.sub(r"^ *```.*?^ *```$|^ *[|#=!][^\n]*$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`]*`", "code", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text))
    parts = re.split(r"(?<=[.!?:;])\s|\n\s*\n|\n\s*[-*] ", text)
    sentences = [found for part in parts if (found := re.findall(r"[A-Za-z][A-Za-z'-]*", part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Figures(0, 0, 0, 0, 0)
    syllables = [max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words]
    mean, hard = len(words) / len(sentences), sum(count > 2 for count in syllables) / len(words)
    ease = 206.835 - 1.015 * mean - 84.6 * sum(syllables) / len(words)
    return Figures(len(words), mean, hard, ease, 0.4 * (mean + 100 * hard))


def main(arguments: list[str]) -> int:
    """Print a line for each text."""
    names = arguments or ["README.md", *sorted(f"docs/{page.name}" for page in (_ROOT / "docs").glob("*.md"))]
    print(f"{'text':32} words  words/sentence  hard words  reading ease  fog")
    for name in names:
        found = figures(_read(name))
        print(
            f"{name[-32:]:32} {found.words:5}  {found.per_sentence:14.1f}  {found.hard:10.0%}  "
            f"{found.ease:12.0f}  {found.fog:4.1f}"
        )
    return 0


def _read(name: str) -> str:
    if ":" not in name:
        return (_ROOT / name).read_text(encoding="utf-8")
    return subprocess.run(["git", "show", name], cwd=_ROOT, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
