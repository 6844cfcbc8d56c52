"""The gate: whether a change may go ahead, judged by what it reaches in the ledger."""
