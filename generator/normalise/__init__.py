"""Many forms become one: canonical schemas, and the unions that a document implies."""
