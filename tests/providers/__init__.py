"""Servers of other vendors, each against an imitation of it."""
