"""Claims as nodes: what a source said of a name, links and all, in one node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from graph.form import pack_denial, unpack, unpack_denial
from graph.neo4j.connection import Tx, rows
from ontology.digest import canonical
from ontology.merge import asserts, key_of
from ontology.resource import EMPTY, Claim, Held, Link, LinkKey, Rank, ResourceId, Source


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored claim. `said` is since when its source claims each link unchanged; `element`
    names the node, "" for one that is only about to be stored; purged, its values are gone."""

    held: Held
    said: Mapping[LinkKey, int]
    digest: str
    element: str = ""
    purged: bool = False

    @property
    def source(self) -> Source:
        return self.held.source


def kept(name: ResourceId, stored: Mapping[str, Any], element: str = "") -> Kept:
    """A claim from the properties of its node."""
    links, said = [], {}
    for kind, target, key, properties, since in orjson.loads(stored.get("links") or "[]"):
        link = Link(kind, target, properties or EMPTY, key)
        links.append(link)
        said[key_of(link)] = since
    claim = Claim(
        resource=name,
        type=stored["type"] or None,
        attributes=unpack(stored.get("body")),
        links=tuple(links),
        denies=unpack_denial(stored.get("denies")),
    )
    source = Source(stored["source"], Rank(stored["rank"]))
    held = Held(claim, source, stored["since"], stored.get("until"))
    return Kept(held, said, stored["digest"], element, purged=stored.get("body") is None)


def properties(kept: Kept, id: int, body: str) -> dict[str, Any]:
    """The properties of the node of a new claim; `body` are its attributes, packed."""
    claim = kept.held.claim
    return {
        "id": id,
        "source": kept.source.name,
        "rank": int(kept.source.rank),
        "since": kept.held.since,
        "type": claim.type or "",
        "digest": kept.digest,
        "body": body,
        "denies": pack_denial(claim.denies),
        "links": pack_links(claim.links, kept.said),
    }


def pack_links(links: Sequence[Link], said: Mapping[LinkKey, int]) -> str | None:
    if not links:
        return None
    form = [[x.type, x.target, x.key, x.properties or None, said[key_of(x)]] for x in links]
    return canonical(form).decode()


def said_since(claim: Claim, source: Source, before: Kept | None, now: int) -> dict[LinkKey, int]:
    """Since when each link of a new claim is said: a link restated unchanged lives on."""
    old: dict[LinkKey, Link] = {}
    if before is not None and before.source == source:
        old = {key_of(link): link for link in before.held.claim.links}
    return {
        key: before.said[key] if before is not None and old.get(key) == link else now
        for link in claim.links
        for key in (key_of(link),)
    }


HELD = """
UNWIND $numbers AS number
MATCH (r:_Resource {number: number})-[:_SAID]->(c:_Claim)
WHERE c.since <= $at AND (c.until IS NULL OR c.until > $at)
RETURN number, r.name, properties(c)
"""


async def held_on(tx: Tx, numbers: Iterable[int], at: int) -> dict[int, list[Held]]:
    """Claims held on each of these very names."""
    found: dict[int, list[Held]] = {}
    for number, name, stored in await rows(tx, HELD, numbers=list(numbers), at=at):
        found.setdefault(number, []).append(kept(name, stored).held)
    return found


async def held_by_group(
    tx: Tx, groups: Mapping[int, Sequence[int]], at: int
) -> dict[int, list[Held]]:
    """Claims held on each group."""
    held = await held_on(tx, (n for names in groups.values() for n in names), at)
    return {of: [h for n in names for h in held.get(n, ())] for of, names in groups.items()}


ENDS = """
UNWIND $numbers AS number
MATCH (:_Resource {number: number})-[:_SAID]->(c:_Claim)
WHERE c.until <= $at
RETURN DISTINCT c.until AS end ORDER BY end DESC
"""


async def gone_from(tx: Tx, numbers: Sequence[int], at: int) -> list[Held]:
    """The claims that the group held just before its last asserting claim ended."""
    for (end,) in await rows(tx, ENDS, numbers=list(numbers), at=at):
        held = [h for some in (await held_on(tx, numbers, end - 1)).values() for h in some]
        if any(asserts(h.claim) and h.until == end for h in held):
            return held
    return []


EVER = """
UNWIND $numbers AS number
MATCH (r:_Resource {number: number})-[:_SAID]->(c:_Claim)
WHERE c.since > $after
RETURN r.name, properties(c) ORDER BY c.id LIMIT $limit
"""


async def held_ever(tx: Tx, numbers: Sequence[int], after: int, limit: int) -> list[Held]:
    """Claims on these names, past and present, in order of commit; the last commit whole."""
    found = await rows(tx, EVER, numbers=list(numbers), after=after, limit=limit)
    held = [kept(name, stored).held for name, stored in found]
    if len(held) < limit:
        return held
    last = held[-1].since  # one claim a name at most
    found = await rows(tx, EVER, numbers=list(numbers), after=last - 1, limit=len(numbers))
    rest = [kept(name, stored).held for name, stored in found]
    return [h for h in held if h.since < last] + [h for h in rest if h.since == last]


VERSIONS = """
UNWIND $groups AS g
CALL (g) {
  UNWIND g[1] AS number
  MATCH (r:_Resource {number: number})
  CALL (r) {
    MATCH (r)-[:_SAID]->(c:_Claim) UNWIND [c.since, c.until] AS commit RETURN commit
    UNION ALL
    MATCH (r)-[s:_STANDS_FOR]-() UNWIND [s.since, s.until] AS commit RETURN commit
  }
  WITH commit WHERE commit <= $at
  RETURN coalesce(max(commit), 0) AS last
}
RETURN g[0], last
"""


async def versions(tx: Tx, groups: Mapping[int, Sequence[int]], at: int) -> dict[int, int]:
    """The last commit up to `at` that touched each group: a claim or an alias of a name."""
    found = await rows(tx, VERSIONS, groups=[[of, list(g)] for of, g in groups.items()], at=at)
    return {columns[0]: columns[1] for columns in found}
