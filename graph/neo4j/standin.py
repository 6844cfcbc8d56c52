"""Aliases: what sources claim of names, and the flattened relationships that readers use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graph.neo4j.connection import Tx, rows
from graph.neo4j.cypher import FOREVER, until_of
from graph.neo4j.scene import Scene
from ontology.alias import HeldAlias, by_commit, settle, stand_ins
from ontology.digest import alias_digest
from ontology.resource import Alias, Change, ChangeSet, Rank, ResourceId, Source

Words = Mapping[Alias, bool | None]


class Move(NamedTuple):
    """A name whose group changes: the numbers that readers saw and shall see for it."""

    name: int
    before: int
    after: int


ALL = f"""
MATCH (a)-[x:_ALIAS]->(b) WHERE x.until = {FOREVER}
RETURN a.name, b.name, x.source, x.rank, x.since, x.denied
"""
ON = f"""
UNWIND $names AS name
MATCH (:_Resource {{name: name}})-[x:_ALIAS]-() WHERE x.until = {FOREVER}
WITH DISTINCT x
RETURN startNode(x).name, endNode(x).name, x.source, x.rank, x.since, x.denied
"""


async def held_aliases(tx: Tx, names: Iterable[ResourceId] | None = None) -> list[HeldAlias]:
    """Alias claims held now: those that touch these names, or all."""
    found = await rows(tx, ALL) if names is None else await rows(tx, ON, names=list(names))
    return [
        HeldAlias(Alias(name, of), Source(source, Rank(rank)), since, None, denied)
        for name, of, source, rank, since, denied in found
    ]


EVER = """
MATCH (a)-[x:_ALIAS]->(b)
RETURN a.name, b.name, x.source, x.rank, x.since, x.until, x.denied
"""


async def said_ever(tx: Tx) -> list[HeldAlias]:
    """Every word on an alias, past ones too."""
    found = [
        HeldAlias(Alias(name, of), Source(source, Rank(rank)), since, until_of(until), denied)
        for name, of, source, rank, since, until, denied in await rows(tx, EVER)
    ]
    return sorted(found, key=by_commit)


async def settled(tx: Tx, changes: ChangeSet) -> Words:
    """On which aliases the source's word changes, and to what."""
    if not changes.called:
        return {}
    named = {a.name for a in changes.called}
    held = await held_aliases(tx, named)
    return settle(held, changes)


async def moves(scene: Scene, source: Source, words: Words, now: int) -> list[Move]:
    """The names that change their group by these words, with the groups loaded."""
    if not words:
        return []
    held: list[HeldAlias] = []
    reached: set[ResourceId] = set()
    further = {n for alias in words for n in (alias.name, alias.of)}
    while further > reached:  # follow chains until no further name appears
        reached = further
        held = _with(await held_aliases(scene.tx, reached), source, words, now)
        further = reached | {n for h in held for n in (h.alias.name, h.alias.of)}
    await scene.meet(reached)
    return await moved(scene, reached, stand_ins(held))


async def moved(
    scene: Scene, reached: Iterable[ResourceId], wanted: Mapping[ResourceId, ResourceId]
) -> list[Move]:
    """Where the stand-ins of these names differ from those wanted. The scene's groups are
    brought to what they shall be."""
    found = []
    for name in sorted(reached):
        number = scene.numbers[name]
        after = scene.numbers[wanted.get(name, name)]
        if scene.stand[number] != after:
            found.append(Move(number, scene.stand[number], after))
    await scene.load({of for move in found for of in (move.before, scene.stand[move.after])})
    for move in found:
        scene.groups[move.before].remove(move.name)
    for move in found:
        scene.stand[move.name] = move.after
    for move in found:
        names = [*scene.groups.get(move.after, ()), move.name]
        scene.groups[move.after] = _in_order(names, move.after)
    for of in [of for of, names in scene.groups.items() if not names]:
        del scene.groups[of]
    return found


def _in_order(names: Iterable[int], of: int) -> list[int]:
    """By number, but the name that readers see first."""
    return sorted(names, key=lambda number: (number != of, number))


def _with(held: Iterable[HeldAlias], source: Source, words: Words, now: int) -> list[HeldAlias]:
    """What is held once the source's words are taken."""
    left = [h for h in held if not (h.source.name == source.name and h.alias in words)]
    said = [
        HeldAlias(alias, source, now, None, denied=not word)
        for alias, word in words.items()
        if word is not None
    ]
    return left + said


CLOSE_ALIAS = f"""
UNWIND $rows AS row
MATCH (:_Resource {{number: row[0]}})-[x:_ALIAS]->(:_Resource {{number: row[1]}})
WHERE x.until = {FOREVER} AND x.source = $source
SET x.until = $now
"""
OPEN_ALIAS = f"""
UNWIND $rows AS row
MATCH (a:_Resource {{number: row[0]}}), (b:_Resource {{number: row[1]}})
CREATE (a)-[:_ALIAS {{source: $source, rank: $rank, denied: row[2], since: $now,
                     until: {FOREVER}}}]->(b)
"""


async def write_words(scene: Scene, source: Source, words: Words, now: int) -> list[Change]:
    """Store the source's new words; the lines of the log."""
    if not words:
        return []
    pairs = {alias: [scene.numbers[alias.name], scene.numbers[alias.of]] for alias in words}
    said = [[*pairs[alias], not word] for alias, word in words.items() if word is not None]
    await rows(scene.tx, CLOSE_ALIAS, rows=list(pairs.values()), source=source.name, now=now)
    await rows(scene.tx, OPEN_ALIAS, rows=said, source=source.name, rank=int(source.rank), now=now)
    return [
        Change(
            now,
            alias.name,
            "alias" if word else "unalias",
            source.name,
            alias_digest(alias, source).hex(),
        )
        for alias, word in words.items()
    ]


CLOSE_STAND = f"""
UNWIND $names AS number
MATCH (:_Resource {{number: number}})-[s:_STANDS_FOR]->() WHERE s.until = {FOREVER}
SET s.until = $now
"""
OPEN_STAND = f"""
UNWIND $rows AS row
MATCH (a:_Resource {{number: row[0]}}), (b:_Resource {{number: row[1]}})
CREATE (a)-[:_STANDS_FOR {{since: $now, until: {FOREVER}}}]->(b)
"""


async def write_moves(tx: Tx, found: list[Move], now: int) -> None:
    """Close and open stand-ins so that the moves are made."""
    if found:
        await rows(tx, CLOSE_STAND, names=[move.name for move in found], now=now)
        opened = [[move.name, move.after] for move in found if move.after != move.name]
        await rows(tx, OPEN_STAND, rows=opened, now=now)
