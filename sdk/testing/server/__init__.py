"""What all paths share: state, script, middleware, checks, and how requests are read and replies built."""
