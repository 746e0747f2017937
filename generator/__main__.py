"""Run the generator: sdkwright --help, or python -m generator --help."""

import sys


def main() -> int:
    """Run the command of this process, and return its exit code."""
    try:
        from generator.commands import main as run
        from generator.commands.output import fault
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "generator":
            raise
        print(
            f'error: the generator needs {missing.name}\n  to fix: in a checkout, pip install -e ".[generator]"',
            file=sys.stderr,
        )
        return 1
    try:
        return run()
    except Exception as error:  # nothing but a fault of the generator comes here
        return fault(error, machine="--json" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
