"""The API description, as the generated package holds it: its operations, its schemas, examples of them."""
