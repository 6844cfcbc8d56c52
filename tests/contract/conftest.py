"""The store under test: the contract runs over every one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.open import open_store
from graph.store import GraphStore
from ontology.load import load_ontology
from ontology.model import Ontology
from tests.contract.words import Ledger
from tests.servers.emptied import emptied

STORES = ("memory", "sqlite", "neo4j")


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(params=STORES)
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, ontology: Ontology
) -> AsyncIterator[GraphStore]:
    """An empty store that has taken on the ontology."""
    urls = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path}/ledger.db"}
    if request.param == "neo4j":
        urls["neo4j"] = await emptied(request.getfixturevalue("neo4j_database"))
    opened = open_store(urls[request.param])
    await opened.ensure(ontology)
    yield opened
    await opened.close()


@pytest.fixture
def ledger(store: GraphStore) -> Ledger:
    return Ledger(store)
