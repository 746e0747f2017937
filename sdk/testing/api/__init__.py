"""The resources of the API, one in each module, and `turn`, which decides what the model says."""
