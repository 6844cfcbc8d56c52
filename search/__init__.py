"""Full-text search over the ledger: words in, ranked resources out."""
