"""Visible links over all commits, made anew from the claims and the names they stood under.

What a commit writes step by step this says in one go: the measure for `verify`, the source
of a repair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from graph.neo4j.claim import Kept, said_since
from graph.neo4j.cypher import FOREVER
from graph.neo4j.merged import LinkId, shown
from ontology.alias import HeldAlias, stand_ins
from ontology.resource import Link, ResourceId


class Stood(NamedTuple):
    """`name` stood for `of` between two commits."""

    name: ResourceId
    of: ResourceId
    since: int
    until: int


class Interval(NamedTuple):
    id: LinkId
    since: int
    until: int


def intervals(claims: Sequence[Kept], stood: Sequence[Stood]) -> dict[Interval, Link]:
    """Every interval of every visible link of names that ever had to do with one another."""
    spans = [(k, k.held.since, k.held.until or FOREVER) for k in claims]
    commits = {c for _, *ends in spans for c in ends} | {c for s in stood for c in s[2:]}
    found: dict[Interval, Link] = {}
    held: dict[LinkId, tuple[int, Link]] = {}
    for commit in sorted(commits - {FOREVER}):
        stand = {s.name: s.of for s in stood if s.since <= commit < s.until}
        now = _shown_at([k for k, a, b in spans if a <= commit < b], stand)
        for id in held.keys() - now.keys():
            since, link = held.pop(id)
            found[Interval(id, since, commit)] = link
        for id in now.keys() - held.keys():
            held[id] = commit, now[id]
    return found | {Interval(id, since, FOREVER): link for id, (since, link) in held.items()}


def _shown_at(claims: Sequence[Kept], stand: Mapping[ResourceId, ResourceId]) -> dict[LinkId, Link]:
    groups: dict[ResourceId, list[Kept]] = defaultdict(list)
    for k in claims:
        name = k.held.claim.resource
        groups[stand.get(name, name)].append(k)
    return {id: link for group in groups.values() for id, link in shown(group).items()}


def stand_intervals(held: Sequence[HeldAlias]) -> set[Stood]:
    """Which name stood for which over which commits, given every word on an alias."""
    found: set[Stood] = set()
    now: dict[ResourceId, tuple[ResourceId, int]] = {}
    commits = {h.since for h in held} | {h.until for h in held if h.until is not None}
    for commit in sorted(commits):
        stand = stand_ins(
            h for h in held if h.since <= commit and (h.until is None or h.until > commit)
        )
        for name in [n for n, (of, _) in now.items() if stand.get(n) != of]:
            of, since = now.pop(name)
            found.add(Stood(name, of, since, commit))
        for name in stand.keys() - now.keys():
            now[name] = stand[name], commit
    return found | {Stood(name, of, since, FOREVER) for name, (of, since) in now.items()}


def misdated(claims: Sequence[Kept]) -> list[Kept]:
    """Claims that do not say rightly since when their links are claimed unchanged. Those
    that were purged cannot tell any more, nor can who follows them."""
    found = []
    last: dict[tuple[ResourceId, str], Kept] = {}
    for k in sorted(claims, key=lambda k: k.held.since):
        key = k.held.claim.resource, k.source.name
        before = last.get(key)
        if before is not None and before.held.until != k.held.since:
            before = None
        said = said_since(k.held.claim, k.source, before, k.held.since)
        purged = k.purged or (before is not None and before.purged)
        if not purged and k.said != said:
            found.append(k)
        last[key] = k
    return found
