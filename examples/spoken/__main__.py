"""Run it: `python -m examples.spoken question.wav answer.wav`, with OPENAI_API_BASE and OPENAI_API_KEY set."""

import argparse
import sys
from pathlib import Path

from .conversation import answer


def main() -> int:
    """Print both turns, and write the answer; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.spoken",
        description="Say a question, a WAV file of 16 bits, and write the spoken answer to another WAV file.",
    )
    parser.add_argument("question", type=Path)
    parser.add_argument("answer", type=Path)
    given = parser.parse_args()
    for turn in answer(given.question, given.answer):
        print(f"{turn.role}: {turn.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
