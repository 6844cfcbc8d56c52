"""GraphQL over the ledger, derived from its ontology."""
