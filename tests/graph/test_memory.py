"""The reference store where it differs: it keeps nothing."""

from __future__ import annotations

import pytest

from graph.memory.store import MemoryStore
from graph.open import open_store
from ontology.errors import InvalidInput


async def test_nothing_is_kept(tmp_path: object) -> None:
    store = open_store("memory:")
    assert isinstance(store, MemoryStore)
    with pytest.raises(InvalidInput, match="sqlite:///"):
        await store.backup(str(tmp_path))
    await store.close()
