"""Talk to the desk: `python -m examples.support_desk`, with OPENAI_API_BASE and OPENAI_API_KEY set."""

from sdk import Client

from .desk import Desk


def main() -> None:
    """Ask until there is nothing more to ask."""
    with Client() as client:
        desk = Desk(client)
        while question := input("\n> ").strip():
            if not desk.answer(question, lambda text: print(text, end="", flush=True)):
                print("(no answer)")


if __name__ == "__main__":
    main()
