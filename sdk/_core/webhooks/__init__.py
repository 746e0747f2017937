"""The webhooks that an API sends: verify that a request comes from it, by the signature in a header."""
