"""Talk to the desk: `python -m examples.support_desk`, with OPENAI_API_BASE and OPENAI_API_KEY set."""

import argparse
import sys

from sdk import Client
from sdk.errors import SDKError

from .desk import Desk


def main() -> int:
    """Answer questions until there are no more; return the exit code."""
    argparse.ArgumentParser(
        prog="python -m examples.support_desk",
        description="Talk to a support desk. Type a question; an empty line or Ctrl-D ends the conversation. "
        "OPENAI_API_BASE and OPENAI_API_KEY select the server.",
    ).parse_args()
    with Client() as client:
        desk = Desk(client)
        while question := _read_question():
            try:
                if not desk.answer(question, lambda text: print(text, end="", flush=True)):
                    print("(no answer)")
            except SDKError as error:
                print(error, file=sys.stderr)
                return 1
    return 0


def _read_question() -> str:
    try:
        return input("\n> ").strip()
    except EOFError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
