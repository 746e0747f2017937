"""Fuzzers: random bytes, values and servers. `make test` runs a few cases of each, `make soak` many."""
