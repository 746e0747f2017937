"""Tokens of OAuth 2.0 (RFC 6749): from the credentials of a client, or from a refresh token."""
