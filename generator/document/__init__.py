"""A document: read, checked, corrected by its overlay, and reduced to its facts."""
