"""The GraphQL schema of an ontology: made at start-up, not a line of it written by hand."""
