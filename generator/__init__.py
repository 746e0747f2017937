"""The generator: an OpenAPI document in, the SDK out. It never imports sdk."""
