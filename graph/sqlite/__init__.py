"""The record in one SQLite file: WAL, synchronous=FULL, several processes at once."""
