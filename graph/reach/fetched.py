"""The part of a record that one question has fetched, as arrays to walk on.

Places are given in order of first sight and begin at 1; steps are laid as of one commit, those
of a place in order of class and store number, so that what is found does not depend on the
order in which links came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from graph.numbered import FarStore, NearStore, Numbered, RawEdge
from graph.reach.aliases import Aliases
from graph.reach.chains import Chains, Lack
from graph.reach.crossing import Longs, Mask, Note
from graph.reach.derive import Kinds, Steps, contained, derive
from graph.reach.layout import ALIASED, WHOLE, Layer, Live, Parts, Places, containers
from graph.reach.literals import NO_LITERALS, LiteralCollector
from graph.reach.needs import ENTIRE, Needs
from graph.reach.rows import FOREVER, Collector, Ints, Rows, empty_rows
from graph.reach.view import Ended, Tables, View
from graph.transition import READS, WRITES, Transitions
from ontology.model import Direction
from ontology.viewer import rank_of

BATCH = 5_000
"""Resources whose links are asked for at once."""
FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD


class Fetched:
    """Grows by `fetch`; whatever is broken off is not counted as known."""

    def __init__(
        self,
        store: NearStore,
        needs: Needs,
        transitions: Transitions,
        at: int,
        stands: dict[int, int],
    ) -> None:
        self.transitions = transitions
        self._store, self._needs, self._at = store, needs, at
        self._stands = stands
        self._names: dict[int, list[int]] = {}
        for name, of in stands.items():
            self._names.setdefault(of, [of]).append(name)
        self._place: dict[int, int] = {0: 0}  # by store number; 0 is no resource
        self._number, self._type, self._level = [-1], [-1], [0]
        every = np.arange(len(transitions.types) + 1) - 1
        self._container: list[bool] = containers(every, transitions).tolist()
        self._have: Lack = np.zeros((len(needs.facets), 1024), bool)
        self._kinds = Kinds.of(transitions)
        self._rows, self._literals = empty_rows(), NO_LITERALS
        self._new: list[RawEdge] = []  # by place
        self._sources: dict[str, int] = {}
        self._ends: dict[tuple[str, Direction, int], set[int]] = {}
        self._tied = {*needs.lineage, READS, WRITES}
        self._loose: set[int] = set()  # store numbers whose dataset, if any, matters
        self._chains = Chains(store, needs, at) if isinstance(store, FarStore) else None

    # --- resources ---

    async def meet(self, numbers: Iterable[int]) -> None:
        """Have places for these and for all their names."""
        new = {n for n in numbers if n not in self._place}
        new |= {name for n in new for name in self._group(n)}
        for some in _pieces(sorted(new - self._place.keys())):
            self._give_places(await self._store.numbered_of(some))

    def _give_places(self, nodes: Iterable[Numbered]) -> None:
        for node in nodes:
            if node.number not in self._place:
                self._place[node.number] = len(self._number)
                self._number.append(node.number)
                self._type.append(self.transitions.type_number(node.type))
                self._level.append(rank_of(node.level))
        if (missing := len(self._number) - self._have.shape[1]) > 0:
            more = max(missing, self._have.shape[1])
            self._have = np.pad(self._have, ((0, 0), (0, more)))

    def _group(self, number: int) -> list[int]:
        """All names of what this is a name of, if it has others."""
        return self._names.get(self._stands.get(number, number), [])

    def places(self, numbers: Collection[int]) -> Ints:
        return np.array([self._place[n] for n in numbers], np.int32)

    def _is_container(self, number: int) -> bool:
        return self._container[self._type[self._place[number]] + 1]

    # --- what is there and what is not ---

    def lacking(self, notes: Iterable[Note]) -> Lack:
        """What of all that was looked for is not known."""
        have = self._have[:, : len(self._number)]
        wanted: Lack = np.zeros(have.shape, bool)
        for note in notes:
            wanted[np.ix_(self._needs.wanted(note.classes), np.unique(note.places))] = True
        return wanted & ~have

    async def with_ahead(self, lacking: Lack, notes: Sequence[Note]) -> Lack:
        """The same, and what is likely to be lacking along the chains that go on from there."""
        if self._chains is None:
            return lacking
        have, numbers = self._have[:, : len(self._number)], np.array(self._number)
        for chain in self._chains.open(notes, have, lacking, numbers):
            ahead = await self._chains.beyond(chain)
            self._give_places(
                ahead
            )  # before all other names, so that the nearest are fetched first
            names = [node.number for node in ahead]
            await self.meet(name for n in names for name in self._group(n))
            lacking = np.pad(lacking, ((0, 0), (0, len(self._number) - lacking.shape[1])))
            lacking[np.ix_(chain.facets, self.places(names))] = True
        return lacking & ~self._have[:, : len(self._number)]

    def without(self, view: View, lacking: Lack) -> View:
        """The view without steps of which not all is known."""
        live = view.live
        at = np.repeat(np.arange(len(live.begin) - 1), np.diff(live.begin))
        lacks: Mask = np.any(lacking, axis=0)
        doubtful = np.flatnonzero(lacks[at])
        needed = self._needs.of_class[live.step[doubtful]]
        gone = doubtful[(needed & lacking[:, at[doubtful]].T).any(axis=1)]
        keep = np.ones(len(at), bool)
        keep[gone] = False
        begin = np.concatenate([[0], np.cumsum(keep)])[live.begin].astype(np.int64)
        return view._replace(live=Live(begin, live.to[keep], live.step[keep], live.since[keep]))

    async def fetch(self, lacking: Lack) -> None:
        """Ask for what is lacking: places that lack the same together."""
        numbers = np.array(self._number)
        entire: dict[Direction, list[int]] = {FORWARD: [], BACKWARD: []}
        for pattern, places in _alike(lacking):
            facets = [self._needs.facets[f] for f in pattern]
            for some in _pieces(numbers[places].tolist()):
                for way in Direction:
                    await self._links(some, [t for t, w in facets if w is way and t], way)
                    if (ENTIRE, way) in facets:
                        entire[way] += some
                if len(some) == BATCH:  # all of these, before any of the next
                    await self._all_entire(entire)
        await self._all_entire(entire)

    async def _all_entire(self, entire: dict[Direction, list[int]]) -> None:
        for way, asking in entire.items():
            if asking:
                await self._entire(asking, way)
                asking.clear()

    async def _entire(self, numbers: Collection[int], way: Direction) -> None:
        """All that dataset edges from these in a direction depend on."""
        needs, work, other = self._needs, *((READS, WRITES) if way is BACKWARD else (WRITES, READS))
        inside = await self._inside(numbers)
        await self._links(inside, needs.lineage, way)
        await self._links(inside, (work,), BACKWARD)
        jobs = self._over((work,), BACKWARD, inside)
        await self._links(jobs, (other,), FORWARD)
        if way is BACKWARD:  # whether the job says what it writes from
            written = self._over((other,), FORWARD, jobs)
            await self._links(await self._inside(written), needs.lineage, FORWARD)
        loose = [n for n in self._loose if not self._is_container(n)]
        await self._links(loose, needs.containment, BACKWARD)
        self._loose.clear()
        self._have[needs.number(ENTIRE, way), self.places(numbers)] = True

    async def _inside(self, numbers: Collection[int]) -> set[int]:
        """These, their datasets, and all fields of these datasets."""
        types = self._needs.containment
        parts = [n for n in numbers if not self._is_container(n)]
        await self._links(parts, types, BACKWARD)
        data = {*numbers, *self._over(types, BACKWARD, parts)}
        await self._links([n for n in data if self._is_container(n)], types, FORWARD)
        return data | self._over(types, FORWARD, data)

    def _over(self, types: Iterable[str], way: Direction, numbers: Iterable[int]) -> set[int]:
        """The other ends of what has been fetched (containment, reads and writes only)."""
        none: set[int] = set()
        return none.union(*(self._ends.get((t, way, n), none) for t in types for n in numbers))

    async def _links(self, numbers: Collection[int], types: Iterable[str], way: Direction) -> None:
        """Have the links of these types from (BACKWARD: to) these. Those to fields are had
        whenever they were: a field belongs to the first dataset that named it."""
        ever = set(self._needs.containment)
        for kinds, at in (
            (sorted(set(types) - ever), self._at),
            (sorted(set(types) & ever), None),
        ):
            if not kinds or not numbers:
                continue
            facets = np.array([self._needs.number(type, way) for type in kinds])
            known = self._have[np.ix_(facets, self.places(numbers))].all(axis=0).tolist()
            for some in _pieces(sorted({n for n, k in zip(numbers, known, strict=True) if not k})):
                found = await self._store.edges_of(some, kinds, way, at=at)
                await self.meet({n for e in found for n in (e.origin, e.target, e.job)})
                self._take_in(found)
                self._have[np.ix_(facets, self.places(some))] = True

    def _take_in(self, found: Iterable[RawEdge]) -> None:
        place, ends = self._place, self._ends
        lasting = {*self._needs.containment, READS, WRITES}
        for edge in found:
            origin, type, target, key, derivation, job = edge[:6]
            if type in self._tied:
                self._loose.update((origin, target))
            if type in lasting:
                ends.setdefault((type, FORWARD, origin), set()).add(target)
                ends.setdefault((type, BACKWARD, target), set()).add(origin)
            at = place[origin], type, place[target], key, derivation, place[job]
            self._new.append(RawEdge(*at, *edge[6:]))

    # --- as arrays ---

    def view(self, tables: Tables, named: Collection[str]) -> View:
        """All that is there, as of the commit."""
        self._collect()
        size = len(self._number)
        whole = np.zeros(size, np.int32)
        fields, datasets = contained(self._rows, self._kinds)
        whole[fields] = datasets
        steps = Steps.together(
            [
                derive(self._rows, whole, self._kinds, self.transitions),
                self._literals.steps(named, self.transitions),
            ]
        )
        steps = steps.take((steps.since <= self._at) & (self._at < steps.until))
        number, types = np.array(self._number, np.int32), np.array(self._type, np.int16)
        flags = np.zeros(size, np.uint8)
        flags[containers(types, self.transitions)] |= WHOLE
        every = np.arange(size, dtype=np.int32)
        names = self._aliases().at(0, every)
        flags[names.place] |= ALIASED
        order = np.lexsort((number[steps.to], steps.step, steps.at))
        begin = np.concatenate([[0], np.cumsum(np.bincount(steps.at, minlength=size))])
        live = Live(begin.astype(np.int64), steps.to[order], steps.step[order], steps.since[order])
        places = Places(number, types, np.array(self._level, np.uint8), flags, every[:0])
        ended = Ended(np.zeros(0, np.int64), every[:0])
        return View(places, _NO_PARTS, live, _NO_LAYER, _NO_LAYER, ended, names, tables)

    def _collect(self) -> None:
        """Take the new links into the rows, each once: one may have come from either end."""
        if not self._new:
            return
        types = np.array(self._type, np.int16)
        whole = containers(types, self.transitions)
        collector, naming = (
            Collector(self.transitions, whole, self._sources),
            LiteralCollector(self.transitions),
        )
        for edge in self._new:
            naming.add(edge, collector.add(edge))
        self._new, self._sources = [], collector.sources
        rows = Rows.together([self._rows, collector.rows()]).sorted()
        same = np.ones(len(rows), bool)
        for column in (rows.start, rows.end, rows.sort, rows.mark, rows.since):
            same[1:] &= np.diff(column) == 0
        same[:1] = False
        self._rows = rows.take(~same)
        self._literals = self._literals.with_(naming.literals())

    def _aliases(self) -> Aliases:
        place = self._place
        return Aliases(
            {
                (place[name], place[self._stands[name]], 0): FOREVER
                for name in self._stands.keys() & place.keys()
            }
        )


def _pieces(numbers: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(numbers), BATCH):
        yield numbers[begin : begin + BATCH]


def _alike(lacking: Lack) -> Iterator[tuple[Longs, Longs]]:
    """Facets that are lacking, and the places that lack just these."""
    places = np.flatnonzero(lacking.any(axis=0))
    if not len(places):
        return
    packed = np.ascontiguousarray(np.packbits(lacking[:, places], axis=0).T)
    words = packed.view(f"S{packed.shape[1]}")[:, 0]  # sorted as text: columns are far slower
    _, first, which = np.unique(words, return_index=True, return_inverse=True)
    for i, place in enumerate(places[first]):
        yield np.flatnonzero(lacking[:, place]), places[which == i]


_NONE = np.zeros(0, np.int32)
_BYTES = np.zeros(0, np.uint8)
_NO_PARTS = Parts(np.zeros(1, np.int32), _NONE, _BYTES, _BYTES, _NONE)
_NO_LAYER = Layer(_NONE, np.zeros(1, np.int64), _NONE, _BYTES, _NONE, _NONE)
