"""Text, sound and pictures that are made up, and the same each time."""
