"""What one question sees of the links: all of them in memory, or those that it needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

from graph.reach.rows import Ints
from graph.reach.spread import Spreader
from graph.reach.view import View
from graph.transition import Transitions
from ontology.model import Ontology

T = TypeVar("T")


class Sight(Protocol):
    """One commit, as one question sees it. Places stay what they are; `view` may come to have
    more of them. `unread` are places behind which there was no time to look."""

    transitions: Transitions
    upto: int
    unread: Ints

    @property
    def view(self) -> View: ...

    @property
    def spreader(self) -> Spreader: ...

    def knows(self, number: int) -> bool:
        """Whether a store number is not too new."""
        ...

    async def placed(self, numbers: Sequence[int]) -> Ints:
        """The places that readers see for these store numbers. Raises Unavailable for one
        that came after `upto`."""
        ...

    async def look(self, work: Callable[[View], T], *, small: bool = False) -> T:
        """What `work` finds once all that it looks at is there: in a thread, unless it is `small`
        and all is there. It may be called more than once, and must not keep anything of its first
        tries."""
        ...


class Reach(Protocol):
    """Who answers questions along links: `ReachIndex` from memory, `NearReach` from the store."""

    ontology: Ontology
    transitions: Transitions

    async def sight(self, at: int | None = None, named: Collection[str] = ()) -> Sight:
        """What a question as of a commit (None: now) sees that asks about the codes that rules
        name so."""
        ...
