"""From the systems people already run into the ledger."""
