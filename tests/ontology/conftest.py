from __future__ import annotations

from pathlib import Path

import pytest

from ontology.load import load_ontology
from ontology.model import Ontology


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="session")
def extended() -> Ontology:
    """With 城市部件, which a city added by a file of its own."""
    return load_ontology([Path(__file__).parent / "extra.ttl"])
