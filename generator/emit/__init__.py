"""The last step before publishing: the intermediate representation becomes Python text."""
