"""Tests with the mocks that people have: respx, pytest-httpx and vcrpy."""
