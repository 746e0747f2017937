"""What the tests of the official package import from their own folder, for the face. `suite.py` copies it beside them."""
