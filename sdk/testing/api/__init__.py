"""The resources of the API, a module each; `turn` decides what the model says."""
