"""What changed in the ledger between two moments: 两个时点之间账本的变化.

The commit log names what was touched; what readers saw of it before and after is compared. A
touched resource costs one bit until its turn comes, so memory does not grow with the changes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from graph.hidden import hidden, silent, untold
from graph.links import Links, links_whole
from graph.store import GraphStore
from ontology.lookup import class_named
from ontology.model import Ontology
from ontology.resource import At, Change, Edge, Resource, ResourceId, Value
from ontology.title import known_as
from ontology.viewer import LOCAL, Viewer

BATCH = 500

Shown = Callable[[Resource], Resource]
"""A resource without the attributes that the viewer may not see."""

Bits = npt.NDArray[np.bool_]


class What(StrEnum):
    """What became of a resource. An alias: its name stands for another from then on."""

    CREATED = "created"
    CHANGED = "changed"
    RETIRED = "retired"
    REVIVED = "revived"
    ALIASED = "aliased"
    UNALIASED = "unaliased"


@dataclass(frozen=True, slots=True)
class DiffQuestion:
    """Between the moments `start` and `end` (None: now), which classes (with subclasses; empty:
    all), and which page: `first` results after the resource of number `after`."""

    start: At
    end: At = None
    types: frozenset[str] = frozenset()
    first: int | None = None
    after: int = 0


@dataclass(frozen=True, slots=True)
class Altered:
    """An attribute with its value before and after; None: it had none."""

    name: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One resource that is not as it was. `of` is the other name of an alias; `cut` tells that
    it has more links than were compared. `number` is that of the store."""

    id: ResourceId
    type: str
    title: str
    what: What
    number: int
    attributes: tuple[Altered, ...] = ()
    added: tuple[Edge, ...] = ()
    removed: tuple[Edge, ...] = ()
    of: ResourceId | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class DiffAnswer:
    """`start` and `end` are commit numbers; `touched` is how many resources the log names
    between them, whether or not readers see a difference. `next` is the `after` to go on."""

    start: int
    end: int
    touched: int
    differences: tuple[Difference, ...]
    next: int | None

    @property
    def counts(self) -> Mapping[str, int]:
        """Those of this answer, by what became of them."""
        whats = [d.what for d in self.differences]
        return {str(what): whats.count(what) for what in What}

    @property
    def cut(self) -> tuple[ResourceId, ...]:
        """Resources of which not all links were compared."""
        return tuple(d.id for d in self.differences if d.cut)

    @property
    def complete(self) -> bool:
        return self.next is None and not self.cut


async def diff(
    store: GraphStore,
    ontology: Ontology,
    question: DiffQuestion,
    viewer: Viewer = LOCAL,
    shown: Shown = lambda resource: resource,
) -> DiffAnswer:
    """One page of what changed, in order of number. Raises InvalidInput for an unknown class."""
    found: list[Difference] = []
    after: int | None = None
    lines = diff_lines(store, ontology, question, viewer, shown)
    head = await anext(lines)
    assert isinstance(head, DiffAnswer)  # it always comes first
    async for one in lines:
        assert isinstance(one, Difference)
        if question.first is not None and len(found) == question.first:
            after = found[-1].number if found else question.after
            break
        found.append(one)
    return DiffAnswer(head.start, head.end, head.touched, tuple(found), after)


async def diff_lines(
    store: GraphStore,
    ontology: Ontology,
    question: DiffQuestion,
    viewer: Viewer = LOCAL,
    shown: Shown = lambda resource: resource,
) -> AsyncIterator[DiffAnswer | Difference]:
    """The answer without its differences, then every difference after `after`, without regard
    to `first`."""
    one, other = await store.commit_at(question.start), await store.commit_at(question.end)
    start, end = sorted((one, other))
    kinds = frozenset(sub for name in question.types for sub in _classes(ontology, name))
    touched = await _touched(store, start, end)
    yield DiffAnswer(start, end, int(touched.sum()), (), None)
    comparing = _Comparing(store, ontology, start, end, kinds, viewer, shown)
    numbers = np.flatnonzero(touched)
    numbers = numbers[numbers > question.after]
    for begin in range(0, len(numbers), BATCH):
        async for difference in comparing.compared(numbers[begin : begin + BATCH].tolist()):
            yield difference


def _classes(ontology: Ontology, name: str) -> Iterable[str]:
    return ontology.descendants(class_named(ontology, name).name)


async def _touched(store: GraphStore, start: int, end: int) -> Bits:
    """By store number: whether a line of the log between the two names it, or a name that
    stood or stands for it."""
    touched = np.zeros(1, bool)
    batch: list[Change] = []
    async for change in store.changes(start, end):
        batch.append(change)
        if len(batch) == BATCH:
            touched = _marked(touched, await _named(store, batch, start, end))
            batch = []
    return _marked(touched, await _named(store, batch, start, end))


async def _named(store: GraphStore, changes: Sequence[Change], start: int, end: int) -> list[int]:
    names = list(dict.fromkeys(change.resource for change in changes))
    before, after = await store.resolve(names, at=start), await store.resolve(names, at=end)
    every = dict.fromkeys((*names, *before.values(), *after.values()))
    return list((await store.numbers(every)).values())


def _marked(touched: Bits, numbers: Sequence[int]) -> Bits:
    most = max(numbers, default=0)
    if most >= len(touched):
        touched = np.concatenate([touched, np.zeros(most + 1, bool)])
    touched[list(numbers)] = True
    return touched


@dataclass(frozen=True, slots=True)
class _Side:
    """What readers saw at one moment, under the ids asked for."""

    stands: Mapping[ResourceId, ResourceId]
    resources: Mapping[ResourceId, Resource]
    links: Links


@dataclass(frozen=True, slots=True)
class _Comparing:
    store: GraphStore
    ontology: Ontology
    start: int
    end: int
    kinds: frozenset[str]
    viewer: Viewer
    shown: Shown

    async def compared(self, numbers: Sequence[int]) -> AsyncIterator[Difference]:
        """What differs among the resources of these numbers."""
        named = await self.store.named(numbers)
        ids = {id: number for number in numbers if (id := named[number])}
        known = await self.store.get_many(ids, at=self.end)
        ids = {id: number for id, number in ids.items() if id in known and self._asked(known[id])}
        if not ids:
            return
        before = await self._side(ids, self.start, await self.store.get_many(ids, at=self.start))
        after = await self._side(ids, self.end, known)
        ends = {e.target for side in (before, after) for e in side.links.all()}
        now = await self.store.resolve(ends, at=self.end)
        hidden = await self._hidden({*ids, *ends})
        for id, number in ids.items():
            if id not in hidden:
                found = self._difference(number, id, before, after, now, hidden)
                if found is not None:
                    yield found

    def _asked(self, resource: Resource) -> bool:
        return not self.kinds or resource.type in self.kinds

    async def _side(
        self, ids: Iterable[ResourceId], at: int, resources: Mapping[ResourceId, Resource]
    ) -> _Side:
        ids = list(ids)
        stands = await self.store.resolve(ids, at=at)
        links = await links_whole(self.store, ids, None, at=at)
        closed = await untold(self.store, self.ontology, ids, self.viewer, at)
        told = {
            id: tuple(silent(e) for e in edges) if id in closed else edges
            for id, edges in links.edges.items()
        }
        return _Side(stands, resources, Links(told, links.cut))

    async def _hidden(self, ids: Iterable[ResourceId]) -> set[ResourceId]:
        """Those that the viewer may not see, then, later, or now."""
        ids = list(ids)
        unseen: set[ResourceId] = set()
        for at in (self.start, self.end):
            found = await self.store.get_many(ids, at=at)
            unseen |= await hidden(self.store, self.ontology, found, self.viewer, at)
        return unseen

    def _difference(
        self,
        number: int,
        id: ResourceId,
        before: _Side,
        after: _Side,
        now: Mapping[ResourceId, ResourceId],
        hidden: set[ResourceId],
    ) -> Difference | None:
        was, stands = before.stands.get(id, id), after.stands.get(id, id)
        old, new = before.resources.get(id), after.resources.get(id)
        if was != id and stands != id:
            return None  # told of what it stood for
        if new is None:
            return None
        title = known_as(new, self.ontology.types.get(new.type))
        if stands != id or was != id:
            what, of = (What.ALIASED, stands) if stands != id else (What.UNALIASED, was)
            return Difference(id, new.type, title, what, number, of=of)
        became = _what(old, new)
        if became is None:
            return None
        attributes = tuple(_altered(old, new, self.shown))
        links = [_keyed(side.links, id, now, hidden) for side in (before, after)]
        gone = tuple(edge for key, edge in links[0].items() if key not in links[1])
        come = tuple(edge for key, edge in links[1].items() if key not in links[0])
        if became is What.CHANGED and not (attributes or gone or come):
            return None  # said by others, or said again: readers see the same
        cut = id in before.links.cut or id in after.links.cut
        return Difference(id, new.type, title, became, number, attributes, come, gone, cut=cut)


def _what(old: Resource | None, new: Resource) -> What | None:
    """None: what came and went between the two, or is only named still."""
    if old is None or old.placeholder:
        return None if new.retired or new.placeholder else What.CREATED
    if new.retired != old.retired:
        return What.RETIRED if new.retired else What.REVIVED
    return What.CHANGED


def _altered(old: Resource | None, new: Resource, shown: Shown) -> Iterable[Altered]:
    """The class too, where a source knows it more closely."""
    said = [dict(shown(r).attributes) if r is not None else {} for r in (old, new)]
    if old is not None and not old.placeholder and old.type != new.type:
        yield Altered("type", old.type, new.type)
    for name in dict.fromkeys((*said[0], *said[1])):
        if said[0].get(name) != said[1].get(name):
            yield Altered(name, said[0].get(name), said[1].get(name))


def _keyed(
    links: Links,
    id: ResourceId,
    now: Mapping[ResourceId, ResourceId],
    hidden: set[ResourceId],
) -> dict[tuple[str, ResourceId, str, str], Edge]:
    """By what a reader tells a link by: its type, its end under the later name, its rule."""
    return {
        (e.type, now.get(e.target, e.target), e.key, str(sorted(e.properties.items()))): e
        for e in links.edges.get(id, ())
        if e.target not in hidden
    }
