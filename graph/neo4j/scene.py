"""The part of the ledger that a transaction touches, in memory: read first, changed here,
written at the end. So the rules stay pure functions, and a commit is few round trips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.neo4j.claim import Kept, kept
from graph.neo4j.connection import Tx, gathered
from graph.neo4j.cypher import STANDS_FOR
from ontology.resource import Held, ResourceId


class Stored(NamedTuple):
    """What the node of a name says of its group."""

    type: str
    state: int
    weak: bool
    changed: int  # the last commit that touched it


@dataclass(slots=True)
class Name:
    """A name with the claims on it: `before` as they are stored, `after` as they shall be.
    `stored` is None for a name that has no node yet."""

    id: ResourceId
    number: int
    stored: Stored | None = None
    before: tuple[Kept, ...] = ()
    after: tuple[Kept, ...] = ()

    def said_by(self, source: str) -> Kept | None:
        """The stored claim of a source."""
        return next((k for k in self.before if k.source.name == source), None)


MET = f"""
UNWIND $names AS name
MATCH (r:_Resource {{name: name}})
OPTIONAL MATCH (r)-[s:{STANDS_FOR}]->(of)
RETURN collect([name, r.number, of.number])
"""

GROUPS = f"""
UNWIND $canonical AS of
MATCH (r:_Resource {{number: of}})
OPTIONAL MATCH (m:_Resource)-[s:{STANDS_FOR}]->(r)
WITH of, r, m ORDER BY m.number
WITH of, r, collect(m) AS others
UNWIND [r] + others AS n
WITH of, n, COLLECT {{ MATCH (n)-[:_SAID]->(c:_Claim) WHERE c.until IS NULL
                        RETURN [elementId(c), properties(c)] }} AS claims
RETURN collect([of, n.name, n.number, [n.type, n.state, n.weak, n.changed], claims])
"""


@dataclass(slots=True)
class Scene:
    """`stand` is number → number that readers see, of the names that were met; `groups`
    are those that were loaded, the name that readers see first."""

    tx: Tx
    last: int  # the highest number given
    numbers: dict[ResourceId, int] = field(default_factory=dict)
    stand: dict[int, int] = field(default_factory=dict)
    names: dict[int, Name] = field(default_factory=dict)
    groups: dict[int, list[int]] = field(default_factory=dict)
    born: list[Name] = field(default_factory=list)

    async def meet(self, names: Iterable[ResourceId]) -> None:
        """Look up names not met yet."""
        wanted = [name for name in dict.fromkeys(names) if name not in self.numbers]
        if wanted:
            for name, number, of in await gathered(self.tx, MET, names=wanted):
                self.numbers[name] = number
                self.stand[number] = number if of is None else of

    async def load(self, canonical: Iterable[int]) -> None:
        """Read groups with all that is claimed on them, by the numbers that readers see."""
        wanted = sorted(set(canonical) - self.groups.keys())
        if not wanted:
            return
        for of, id, number, stored, claims in await gathered(self.tx, GROUPS, canonical=wanted):
            held = tuple(kept(id, said, element) for element, said in claims)
            self.names[number] = Name(id, number, Stored(*stored), held, held)
            self.groups.setdefault(of, []).append(number)
            self.numbers[id] = number
            self.stand[number] = of

    def bear(self, id: ResourceId) -> None:
        """Give a number to a name that was never seen before."""
        if id not in self.numbers:
            self.last += 1
            number = self.numbers[id] = self.last
            self.names[number] = Name(id, number)
            self.stand[number] = number
            self.groups[number] = [number]
            self.born.append(self.names[number])

    def name(self, id: ResourceId) -> Name:
        return self.names[self.numbers[id]]

    def group(self, id: ResourceId) -> list[Held]:
        """The claims stored on all names of the group of a name."""
        if id not in self.numbers:
            return []
        names = self.groups[self.stand[self.numbers[id]]]
        return [k.held for n in names for k in self.names[n].before]

    def same(self, one: ResourceId, other: ResourceId) -> bool:
        """Whether two names that were met mean one thing."""
        return one == other or (
            one in self.numbers
            and other in self.numbers
            and self.stand[self.numbers[one]] == self.stand[self.numbers[other]]
        )
