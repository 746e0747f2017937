"""Compare two versions of an API: their surfaces, the differences, and reports of these."""
