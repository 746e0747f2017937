"""The parts of `python -m benchmarks.documents`: documents of others, the packages made of them, and their judges."""
