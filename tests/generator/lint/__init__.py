"""What the linter finds, and what it writes."""
