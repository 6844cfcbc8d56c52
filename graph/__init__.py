"""The record (the only truth) and the reach index (lineage and impact over it)."""
