"""Compare models on questions with known answers, and plot their scores: `python -m examples.evaluation plot.png`."""

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import sdk
from sdk import Client
from sdk.errors import SDKError

QUESTIONS = Path(__file__).with_name("questions.jsonl")


class Score(NamedTuple):
    """How many answers of a model are right, by kind of question, and the calls that failed."""

    right: dict[str, int]
    asked: dict[str, int]
    failed: int

    def share(self, kind: str) -> float:
        """Return the share of right answers."""
        return self.right.get(kind, 0) / self.asked[kind] if self.asked.get(kind) else 0.0

    def error(self, kind: str) -> float:
        """Return the standard error of that share."""
        share, count = self.share(kind), self.asked.get(kind, 0)
        return math.sqrt(share * (1 - share) / count) if count else 0.0


def questions() -> list[dict[str, str]]:
    """Return the questions: `kind`, `question`, `answer`."""
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def evaluate(client: Client, models: list[str]) -> dict[str, Score]:
    """Ask each model each question, all at once, and score the answers as they arrive."""
    rows = [(model, row) for model in models for row in questions()]

    def inputs() -> Iterator[dict[str, Any]]:
        for model, row in rows:
            prompt = f"{row['question']} Answer with the result alone."
            yield {"model": model, "messages": [{"role": "user", "content": prompt}], "temperature": 0}

    scores = {model: Score({}, {}, 0) for model in models}
    for result in sdk.bulk.map(client.chat.create, inputs(), concurrency=32):
        model, row = rows[result.index]
        score, kind = scores[model], row["kind"]
        if result.reply is None:
            scores[model] = score._replace(failed=score.failed + 1)
            continue
        text = (result.reply.choices[0].message.content or "").strip().rstrip(".").lower()
        score.asked[kind] = score.asked.get(kind, 0) + 1
        score.right[kind] = score.right.get(kind, 0) + (text == row["answer"].lower())
    return scores


def plot(scores: dict[str, Score], path: Path) -> None:
    """Draw the scores as bars, a group for each kind of question, with their standard errors."""
    from matplotlib.figure import Figure

    kinds = sorted({kind for score in scores.values() for kind in score.asked})
    figure = Figure(figsize=(1.8 + 1.6 * len(kinds), 3.6), layout="constrained")
    axes: Any = figure.add_subplot()
    width = 0.8 / len(scores)
    for place, (model, score) in enumerate(scores.items()):
        at = [number + width * (place - (len(scores) - 1) / 2) for number in range(len(kinds))]
        shares, errors = [score.share(kind) for kind in kinds], [score.error(kind) for kind in kinds]
        bars = axes.bar(at, shares, width * 0.92, yerr=errors, capsize=3, label=model)
        axes.bar_label(bars, [f"{share:.0%}" for share in shares], label_type="center", color="white", fontsize=8)
    axes.set_xticks(range(len(kinds)), kinds)
    axes.set_ylim(0, 1.15)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_ylabel("right answers")
    axes.grid(axis="y", alpha=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, ncols=len(scores), loc="upper center")
    figure.savefig(path, dpi=150)


def main() -> int:
    """Evaluate models; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m examples.evaluation", description="Compare models.")
    parser.add_argument("plot", type=Path, help="the picture that is written; needs matplotlib")
    parser.add_argument("--models", nargs="+", default=["gpt-4o-mini", "gpt-4o"])
    given = parser.parse_args()
    try:
        with Client(max_in_flight=32) as client:
            scores = evaluate(client, given.models)
    except SDKError as error:
        print(error, file=sys.stderr)
        return 2
    for model, score in scores.items():
        right, asked = sum(score.right.values()), sum(score.asked.values())
        print(f"{model}: {right} of {asked} right, {score.failed} failed")
    plot(scores, given.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
