"""The model and its pure rules: what the ledger may hold and how claims become resources."""
