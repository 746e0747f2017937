"""Run the generator: python -m generator --help."""

import sys

try:
    from generator.commands import main
except ModuleNotFoundError as missing:
    if missing.name is None or missing.name.partition(".")[0] == "generator":
        raise
    sys.exit(f'error: the generator needs {missing.name}\n  to fix: in a checkout, pip install -e ".[generator]"')

sys.exit(main())
