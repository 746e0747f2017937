"""Examples of the pages that need packages which `make test` does not have: `make recipes` installs them."""
