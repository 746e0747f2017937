"""Record what a server says once, and play it back."""
