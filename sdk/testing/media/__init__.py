"""Generated text, sound and images; the same input always gives the same output."""
