"""One file a kind of source; each is found by its entry point."""
