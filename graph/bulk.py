"""What a store may offer beside the protocol: a way in for millions of claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from graph.store import Run
from ontology.model import Ontology
from ontology.resource import ChangeSet, Commit, ResourceId


@dataclass(frozen=True, slots=True)
class Prepared:
    """A change set (its claims left out) with what a store made of its claims; picklable."""

    changes: ChangeSet
    ready: Any


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a prepared change set: its commit (None: nothing new), how many claims
    are on names that the source had none on, and the names of all that are new or changed."""

    commit: Commit | None
    new: int
    names: Sequence[ResourceId]


@runtime_checkable
class BulkStore(Protocol):
    """What a store may offer beside: a way in for millions of claims."""

    @property
    def preparing(self) -> Callable[[ChangeSet, Ontology], Prepared]:
        """A plain function, to be called in any process: checks a change set of claims alone
        and makes them ready. Raises InvalidInput as `commit` does."""
        ...

    async def load(
        self, prepared: Sequence[Prepared], run: Run, seen: Sequence[ResourceId]
    ) -> Sequence[Loaded]:
        """Commit all of them, one after the other, save the run and note what it saw: in one
        transaction, so that a load that is killed goes on behind `run.cursor`."""
        ...
