"""The reference store: in memory, obvious, slow. The oracle of the property tests."""
