"""Faces of the SDK for programs written for other packages. Nothing else of the SDK imports them."""
