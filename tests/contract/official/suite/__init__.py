"""What the tests of the official package import from their own folder, for the face. It is copied beside them."""
