"""Cassettes: recorded responses of a server, which play back without it."""
