"""Check the English of pages, docstrings, comments, messages and news: `make lint`.

A rule is a pattern and what to write in its place. Code is not prose: blocks, and what stands between backticks or
quotes, are left out.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).parents[1]
#: Written pages; the tables of CONTRIBUTING.md quote sentences that are to be avoided.
_PAGES = ("README.md", "CHANGELOG.md", "ARCHITECTURE.md", "docs/*.md", "changelog.d/*.md", "examples/*/README.md")
_CODE = ("sdk/*.py", "sdk/[!_]*/**/*.py", "sdk/_*/**/*.py", "generator/**/*.py", "examples/**/*.py", "demo/**/*.py")
#: The texts of generated docstrings: what people read when they point at an argument.
_TEXTS = "spec/descriptions.yaml"
#: Generated from those.
_GENERATED = re.compile(r"sdk/(?:api|models|params)/")
_RULES = (
    (r"\b(?:tells?|told|telling)\b(?! a story)", "say, report, show, return, distinguish"),
    (r"\bsuch as are\b|\bas are\b", "name the things"),
    (r"\bwish(?:es|ed)?\b", "ask for, want"),
    (r"\bdeliver(?:s|ed|ing)?\b", "return, send, yield"),
    (r"\b(?:hence|thus|whilst|thereby|herein|heed(?:s|ed)?|lest)\b", "so, while, by"),
    (r"\bin order to\b", "to"),
    (r"\b(?:utili[sz]e[sd]?|leverage[sd]?)\b", "use"),
    (r"\b(?:simply|obviously|of course|please note|easily)\b", "leave it out"),
    (r"\b([a-z]+) \1\b(?<!had had)(?<!that that)", "the word stands twice"),
    (r"\b(?:can not)\b", "cannot"),
    (r"\bdoubtful\b|\bskims?\b", "the field's own term"),
    (r"\b(?:what|which|that|it) (?:is|are) no\b(?! longer| more| one)", "is not a, are not"),
    (r"\banew\b|\blikewise\b|\bfor want of\b|\bin no case\b", "again, also, because, never"),
    (r"\b(?:some|no)body\b", "name who: the caller, the user, the server"),
    (r"\bstands? (?:in(?! for)|beside|there|alone|before)\b", "is in, is beside"),
    (r"\bso many\b(?! that)", "this many, at most this many"),
    (r"\bgo(?:es)? on\b(?! to\b)|\bwait on\b", "continue"),
    (r"\bas (?:they|it) comes?\b|\bwhat (?:has )?came?\b|\bha(?:s|ve) come\b", "arrive, receive"),
    (r"\btake note\b|\blets? the disk\b|\bwithout a word\b|\bmeans nothing\b", "record, flush, at once, is unknown"),
    (r"\bof one's own\b|\bit alone\b|\bnear ones\b|\bas to\b(?! (?:be|have|make))", "name the thing"),
)
_RULE = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in _RULES]
_LONGEST = 60
#: A str of the code that is prose: four words one after another.
_SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z']*,? ){3}[a-z]+")


class Prose(NamedTuple):
    """A piece of prose, and where it begins."""

    path: str
    line: int
    text: str


def main() -> int:
    """Print each mistake with its place, and return 1 if there is one."""
    found = [problem for piece in (*_pages(), *_code(), *_texts()) for problem in _problems(piece)]
    print("\n".join(found) or "the prose has no mistake that is known")
    return 1 if found else 0


def _problems(piece: Prose) -> Iterator[str]:
    text = re.sub(r"^[ ]*[├└│].*$|`[^`]*`|\"[^\"]*\"|'[^'\s][^']*'", "_", piece.text, flags=re.MULTILINE)
    for pattern, instead in _RULE:
        for hit in pattern.finditer(text):
            line = piece.line + text.count("\n", 0, hit.start())
            yield f"{piece.path}:{line}: {hit[0]!r}: {instead}"
    for sentence in re.split(r"(?<=[.!?:;])\s|\n\n|\n\s*[-|#=]", text):
        if len(words := sentence.split()) > _LONGEST:
            yield f"{piece.path}:{piece.line}: a sentence of {len(words)} words: {' '.join(words[:6])} ..."


def _pages() -> Iterator[Prose]:
    for path in sorted(path for pattern in _PAGES for path in _ROOT.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        blank = re.sub(
            r"^[ ]*```.*?^[ ]*```$", lambda block: "\n" * block[0].count("\n"), text, flags=re.DOTALL | re.MULTILINE
        )
        yield Prose(path.relative_to(_ROOT).as_posix(), 1, blank)


def _texts() -> Iterator[Prose]:
    for number, line in enumerate((_ROOT / _TEXTS).read_text(encoding="utf-8").splitlines(), 1):
        if (text := re.fullmatch(r'\s*[^"]*(?:"[^"]*")?: "(.*)"', line)) is not None:
            yield Prose(_TEXTS, number, text[1])


def _code() -> Iterator[Prose]:
    for path in sorted({path for pattern in _CODE for path in _ROOT.glob(pattern)}):
        name = path.relative_to(_ROOT).as_posix()
        if _GENERATED.match(name):
            continue
        source = path.read_text(encoding="utf-8")
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield Prose(name, token.start[0], token.string.lstrip("#: "))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SENTENCE.search(node.value):
                yield Prose(name, node.lineno, node.value)  # a message, a hint, the help of an option; docstrings too


if __name__ == "__main__":
    sys.exit(main())
