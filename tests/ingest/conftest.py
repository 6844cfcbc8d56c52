"""Fixtures of the ingest tests: the real ontology, a real store, a run in one call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from graph.open import open_store
from graph.store import GraphStore
from ingest.pipeline import ingest
from ingest.registry import open_source
from ingest.report import Report
from ingest.source import Options
from ontology.load import load_ontology
from ontology.model import Ontology

Run = Callable[..., Awaitable[Report]]


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    """The ontology that ships."""
    return load_ontology()


@pytest.fixture
async def store(tmp_path: Path, ontology: Ontology) -> AsyncIterator[GraphStore]:
    """An empty ledger on SQLite."""
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    await store.ensure(ontology)
    yield store
    await store.close()


@pytest.fixture
def run(store: GraphStore, ontology: Ontology) -> Run:
    """`await run(kind, target, **options and flags)` imports a target into the ledger."""
    flags = {"dry_run", "strict", "confirm", "resume", "at", "key", "progress", "reason"}

    async def go(kind: str, target: Path, **given: Any) -> Report:
        options = Options(**{k: v for k, v in given.items() if k not in flags})
        source = open_source(kind, str(target), options, ontology)
        chosen = {k: v for k, v in given.items() if k in flags}
        return await ingest(store, ontology, source, actor="tester", **chosen)

    return go


@pytest.fixture
def forms(shared_data: Path) -> Path:
    """The folder of real import forms."""
    return shared_data / "government_catalog" / "templates"
