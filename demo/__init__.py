"""What `make demo` runs: both jobs of this repository, shown in a minute."""
