"""A ledger moved from one store to another: every commit as it was, then the runs, then a
comparison of both.

What is copied is a prefix of the source at any moment, so a copy that was killed goes on
where it was, and one beside a running server is brought up to date by running it again.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from graph.entry import Entry
from graph.history import Sighting, entries, known_by, sightings
from graph.store import GraphStore
from ontology.errors import InvalidInput
from ontology.model import Direction
from ontology.resource import ResourceId

LINES = 1_000
"""Lines of the log in one transaction of the target."""
SAMPLE = 500
"""Resources that are compared unless all are to be."""
PIECE = 500
LINKS = 1_000
"""Links of one resource and way that are compared."""

Told = Callable[[int, int], None]
"""Told how many commits are copied, of how many."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did. `differences` is empty where both ledgers are equal, as far as they
    were compared."""

    head: int
    hash: str
    commits: int  # copied by this run
    compared: int  # resources
    differences: tuple[str, ...]


async def copy(
    source: GraphStore, target: GraphStore, *, deep: bool = False, told: Told | None = None
) -> Copied:
    """Bring the target up to the source, then compare: heads and hashes, counts, and a
    sample of the resources with all that was ever said of them; `deep`: every resource, and
    the target verifies itself. Raises InvalidInput where the target has another history."""
    before = await target.head()
    await _continues(source, target)
    start = before.number if before else 0
    last = await source.head()
    await replay(entries(source, start), target, told, last.number if last else 0)
    await note(sightings(source), target)
    head = await target.head()
    number = head.number if head else 0
    found: list[str] = [d async for d in _differences(source, target, number)]
    compared, unlike = await _compare(source, target, number, deep)
    found += unlike
    if deep:
        found += [f"{f.part}: {f.what} {f.where}" async for f in target.verify()]
    return Copied(number, head.hash if head else "", number - start, compared, tuple(found))


async def replay(
    said: AsyncIterator[Entry], target: GraphStore, told: Told | None, total: int
) -> None:
    """Repeat the commits in the target, some in each transaction."""
    batch: list[Entry] = []
    size = 0
    async for entry in said:
        batch.append(entry)
        size += entry.commit.changes
        if size >= LINES:
            await target.replay(batch)
            if told:
                told(entry.commit.number, max(total, entry.commit.number))
            batch, size = [], 0
    if batch:
        await target.replay(batch)
        if told:
            told(batch[-1].commit.number, max(total, batch[-1].commit.number))


async def note(sightings: AsyncIterator[Sighting], target: GraphStore) -> None:
    """Runs and sightings, so that the next run withdraws what it should."""
    async for one in sightings:
        await target.save_run(one.run)
        for run, names in ((one.run, one.seen), (one.run.calling, one.called)):
            for start in range(0, len(names), PIECE):
                await target.saw(run, names[start : start + PIECE])


async def _continues(source: GraphStore, target: GraphStore) -> None:
    """Raises InvalidInput unless the target's commits are the source's first ones."""
    head = await target.head()
    if head is None:
        return
    same = [c async for c in source.commits(head.number - 1, head.number)]
    if [c.hash for c in same] != [head.hash]:
        raise InvalidInput(
            f"目标账本已有自己的历史（提交 {head.number}） / the target has a history of its own: "
            "copy to an empty one"
        )


async def _differences(source: GraphStore, target: GraphStore, number: int) -> AsyncIterator[str]:
    """What differs between the ledgers as wholes."""
    last = [c async for c in source.commits(number - 1, number)] if number else []
    if last != [c async for c in target.commits(number - 1, number)]:
        yield f"commit {number} differs"
    head = await source.head()
    if (head.number if head else 0) != number:
        yield f"the source has gone on to commit {head.number if head else 0}: copy again"
        return
    ours, theirs = await _counted(source), await _counted(target)
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            yield f"{name}: {ours.get(name, 0)} here, {theirs.get(name, 0)} there"
    if await source.alias_claims() != await target.alias_claims():
        yield "aliases differ"
    if await source.alias_intervals() != await target.alias_intervals():
        yield "what aliases stood for differs"


async def _counted(store: GraphStore) -> dict[str, int]:
    return {name: count for name, count in (await store.counts()).items() if count}


async def _compare(
    source: GraphStore, target: GraphStore, number: int, deep: bool
) -> tuple[int, list[str]]:
    """Names in pieces by number: all, or a sample that is another each time; `deep` also
    what every commit said."""
    compared, differences = 0, list[str]()
    total = await known_by(source, number)
    numbers = list(range(1, total + 1))
    if not deep and total > SAMPLE:
        numbers = sorted(random.sample(numbers, SAMPLE))
    for start in range(0, len(numbers), PIECE):
        piece = numbers[start : start + PIECE]
        names = await source.named(piece)
        if names != await target.named(piece):
            differences.append(f"numbers {piece[0]} to {piece[-1]} differ")
        here, there = [await _facts(s, list(names.values()), number) for s in (source, target)]
        differences += [f"{id} differs" for id in here if here[id] != there[id]]
        compared += len(here)
    if deep:
        theirs = entries(target)
        async for entry in entries(source):
            if entry.commit.number > number:
                break
            if entry != await anext(theirs, None):
                differences.append(f"what commit {entry.commit.number} said differs")
    return compared, differences


async def _facts(
    store: GraphStore, ids: Sequence[ResourceId], number: int
) -> Mapping[ResourceId, object]:
    """What a store says of each resource at a commit, in a form that compares."""
    seen = await store.get_many(ids, at=number)
    held = await store.held(ids, at=number)
    ways = [await store.links_many(ids, None, way, at=number, limit=LINKS) for way in Direction]
    return {
        id: (
            seen.get(id),
            sorted(held.get(id, ()), key=lambda h: (h.since, h.claim.resource, h.source.name)),
            # without the commits of their intervals: the history has those
            [
                (e.origin, e.type, e.target, e.key, e.properties, e.source)
                for way in ways
                for e in way.get(id, ())
            ],
        )
        for id in ids
    }
