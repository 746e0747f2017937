"""Serve the page: `python -m examples.web_chat`, with OPENAI_API_BASE and OPENAI_API_KEY set."""

import argparse
import sys

import uvicorn

from .app import app


def main() -> int:
    """Serve until Ctrl-C; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.web_chat",
        description="Serve a chat page. OPENAI_API_BASE and OPENAI_API_KEY select the server, OPENAI_MODEL the model.",
    )
    parser.add_argument("--port", type=int, default=8080, help="where to listen, on this machine alone (%(default)s)")
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
