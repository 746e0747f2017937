"""Fuzzers: random bytes, values and servers. `make test` runs a few cases of each, `make soak` many."""

#: The variable that says how many times as many cases a fuzzer runs as in `make test`.
VARIABLE = "FUZZ_SCALE"
#: Up to so many times the cases are the same in every run.
MEDIUM = 3
