"""The API description, as the generated package holds it: operations, schemas, examples."""
