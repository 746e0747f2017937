"""Classify the rows of a CSV: `python -m examples.classify examples/classify/reviews.csv labels.csv`."""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Literal, TypedDict

import sdk
from sdk.errors import SDKError

PROMPT = "Which sentiment has this review of a customer?\n\n{review}"


class Label(TypedDict):
    """What the model says of a review."""

    sentiment: Literal["good", "bad", "neutral"]
    reason: str


def classify(table: Path, labels: Path, model: str) -> int:
    """Write a table of labels for a table of reviews; return how many rows have none.

    The replies lie beside the labels: started again, only the missing rows are sent.
    """
    replies = labels.with_suffix(".jsonl")
    with table.open(encoding="utf-8", newline="") as file:
        rows = [{"custom_id": row["id"], "review": row["review"]} for row in csv.DictReader(file)]
    done = sdk.bulk.run(
        rows, replies, template=PROMPT, arguments={"model": model}, parse=Label, repairs=1, progress=True,
        retry_errors=True,
    )  # fmt: skip
    print(done)
    found = {}
    for line in replies.read_text(encoding="utf-8").splitlines():
        result = json.loads(line)
        answer = result["response"]["body"]["choices"][0]["message"]["content"]
        found[result["custom_id"]] = json.loads(answer)
    with labels.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "sentiment", "reason"])
        for row in rows:
            if row["custom_id"] in found:
                label = found[row["custom_id"]]
                writer.writerow([row["custom_id"], label["sentiment"], label["reason"]])
    return len(rows) - len(found)


def main() -> int:
    """Classify a table; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m examples.classify", description="Classify the reviews of a CSV.")
    parser.add_argument("table", type=Path, help="a CSV with the columns id and review")
    parser.add_argument("labels", type=Path, help="the CSV that is written")
    parser.add_argument("--model", default="gpt-4o-mini")
    given = parser.parse_args()
    try:
        return int(classify(given.table, given.labels, given.model) > 0)
    except SDKError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
