"""Authentication: keys, tokens that are renewed, signatures."""
