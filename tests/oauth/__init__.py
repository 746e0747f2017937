"""Grants of OAuth 2.0."""
