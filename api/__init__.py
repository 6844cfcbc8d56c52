"""How people and programs reach the ledger: GraphQL, HTTP, command line."""
