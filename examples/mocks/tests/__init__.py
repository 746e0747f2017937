"""One file for each library."""
