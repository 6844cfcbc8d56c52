"""Neo4j beside SQLite: the same random history, every reading compared.

MULU_HISTORIES says how many histories (10).
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from graph.open import open_store
from graph.store import GraphStore
from tests.graph.test_sqlite_oracle import Histories
from tests.servers.emptied import emptied


@pytest.mark.timeout(900)
def test_histories_on_neo4j_and_sqlite(neo4j_database: str) -> None:
    class Beside(Histories):
        def opened(self) -> list[GraphStore]:
            self.run(emptied(neo4j_database))
            sqlite = open_store(f"sqlite:///{self.folder}/ledger.db")
            return [sqlite, open_store(neo4j_database)]

    run_state_machine_as_test(
        Beside,
        settings=settings(
            max_examples=int(os.environ.get("MULU_HISTORIES", "10")),
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
