"""A chat page: FastAPI streams the model's answer to the browser."""
