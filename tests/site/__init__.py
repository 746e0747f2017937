"""The documentation site, as `make docs` has built it."""
