"""python -m benchmarks: measure this SDK, the official package, the floor and the limit in one go."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path

from .measure import generation, measure
from .parts import PARTS, SLACK
from .picture import svg
from .report import page, problems
from .scenarios import SCENARIOS

HERE = Path(__file__).parent


def main() -> int:
    """Run the program; exit code 1 where a budget is broken."""
    names = [s.name for s in SCENARIOS]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="CPU time and memory of this SDK, as ratios to bare httpx with orjson and to a plain socket, "
        "beside the official package and aiohttp.",
    )
    shown = "; ".join(f"{name}: {part.shows}" for name, part in PARTS.items())
    parser.add_argument("what", nargs="?", choices=[*PARTS], help=f"what to measure instead of the rest. {shown}")
    parser.add_argument("--beside", metavar="COMMAND", help="with cli: another command line, such as 'llm --help'")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of each scenario (default: 9)")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"some scenarios: {', '.join(names)}")
    parser.add_argument(
        "--smoke", action="store_true", help="small and short, without the official package; fails at twice a budget"
    )
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md and results.svg")
    given = parser.parse_args()
    if given.what is not None:
        part = PARTS[given.what]
        text, broken = part.measure(given)
        print(text)
        if given.write:
            (HERE / part.file).write_text(text, encoding="utf-8")
        print("\n".join(broken), file=sys.stderr, end="\n" if broken else "")
        return 1 if broken else 0
    contenders = ["limit", "floor", "sdk"]
    if not given.smoke:
        if importlib.util.find_spec("openai") is None:
            print("the official package is not installed: run `make bench`, or give --smoke", file=sys.stderr)
            return 2
        contenders += ["aiohttp", "openai"]
    rounds = 3 if given.smoke else given.rounds
    wanted = [s for s in SCENARIOS if (s.name in given.only if given.only else s.smoke or not given.smoke)]
    found = measure(wanted, contenders, rounds, lambda title: print(f"  {title} ...", file=sys.stderr))
    seconds = None if given.only or given.smoke else generation()
    text = page(found, seconds, rounds, "make bench" if not given.smoke else "python -m benchmarks --smoke")
    print(text)
    if given.write:
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
        (HERE / "results.svg").write_text(svg(found), encoding="utf-8")
    broken = problems(found, seconds, SLACK if given.smoke else 1.0)
    for problem in broken:
        print(problem, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
