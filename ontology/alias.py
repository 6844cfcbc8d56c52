"""Aliases: which name readers see for a group of names. Pure; every store calls it.

An alias is a claim that one name stands for another. It comes from a source or a person
and can be withdrawn; a withdrawal also denies the alias where other sources of lower or
equal rank still claim it, so that the next scan does not bring it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ontology.resource import Alias, ChangeSet, ResourceId, Source


@dataclass(frozen=True, slots=True)
class HeldAlias:
    """An alias as the record keeps it. `denied`: the source says it is *not* so."""

    alias: Alias
    source: Source
    since: int
    until: int | None = None
    denied: bool = False


def by_commit(held: HeldAlias) -> tuple[int, ResourceId, ResourceId, str]:
    """The order in which words on aliases are listed."""
    return held.since, held.alias.name, held.alias.of, held.source.name


def effective(held: Iterable[HeldAlias]) -> dict[ResourceId, ResourceId]:
    """Name → the one name it directly stands for: claimed, denied by none of equal or
    higher rank; of several the highest rank, then the newest, then the first by name."""
    held = tuple(held)
    denied: dict[Alias, int] = {}
    for h in held:
        if h.denied:
            denied[h.alias] = max(denied.get(h.alias, -1), h.source.rank)
    claimed = [h for h in held if not h.denied and h.source.rank > denied.get(h.alias, -1)]
    claimed.sort(key=lambda h: (-h.source.rank, -h.since, h.alias.of))
    direct: dict[ResourceId, ResourceId] = {}
    for h in claimed:
        direct.setdefault(h.alias.name, h.alias.of)
    return direct


def stand_ins(held: Iterable[HeldAlias]) -> dict[ResourceId, ResourceId]:
    """Name → the name that readers see, chains followed to their end. Names that stand
    for themselves are left out. In a circle (two event streams that call each other's
    name the alias) the first by name is what readers see."""
    direct = effective(held)
    return {name: last for name in direct if (last := _follow(name, direct)) != name}


def _follow(name: ResourceId, direct: Mapping[ResourceId, ResourceId]) -> ResourceId:
    path = [name]
    while (following := direct.get(path[-1])) is not None:
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]


def settle(held: Iterable[HeldAlias], changes: ChangeSet) -> dict[Alias, bool | None]:
    """What the source's own word on each alias becomes: True it is so, False it is not,
    None nothing. Only aliases on which its word changes."""
    held, source = tuple(held), changes.source
    own = {h.alias: h for h in held if h.source.name == source.name}
    others = {
        h.alias
        for h in held
        if h.source.name != source.name and not h.denied and h.source.rank <= source.rank
    }
    wanted: dict[Alias, bool | None] = {}
    for alias in changes.unsaid:
        if _word(own.get(alias)):  # a denial stays
            wanted[alias] = None
    for alias in changes.unaliases:
        wanted[alias] = False if alias in others else None
        if alias in own and own[alias].denied:
            wanted[alias] = False  # a denial stays until the alias is claimed again
    for alias in changes.aliases:
        wanted[alias] = True
    return {alias: word for alias, word in wanted.items() if word != _word(own.get(alias))}


def _word(held: HeldAlias | None) -> bool | None:
    if held is None:
        return None
    return not held.denied
