"""Generated files in place: written as whole folders, compared, and known to be current."""
