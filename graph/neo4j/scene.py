"""The part of the ledger that a transaction touches, in memory: read first, changed here,
written at the end. So the rules stay pure functions, and a commit is few round trips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph.neo4j.claim import Kept, kept
from graph.neo4j.connection import Tx, gathered, row
from graph.neo4j.cypher import FOREVER, STANDS_FOR, type_text
from graph.neo4j.writes import Writes
from ontology.model import Ontology
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
    links: Sequence[Sequence[Any]] = ()
    """Its open links: what names each (merged.LinkId, without the origin), and its relationship."""

    def said_by(self, source: str) -> Kept | None:
        """The stored claim of a source."""
        return next((k for k in self.before if k.source.name == source), None)


MET = f"""
UNWIND $names AS name
MATCH (r:_Resource {{name: name}})
OPTIONAL MATCH (r)-[s:{STANDS_FOR}]->(of)
RETURN collect([name, r.number, of.number]) AS met
"""
NUMBERED = "UNWIND $groups AS of MATCH (r:_Resource {number: of})"
NAMED = f"""
UNWIND $loaded AS name
MATCH (a:_Resource {{name: name}})
OPTIONAL MATCH (a)-[s:{STANDS_FOR}]->(of)
WITH DISTINCT coalesce(of, a) AS r
"""


def group_text(ontology: Ontology) -> str:
    """Reads all names of a group `r`, each with its open claims and links."""
    return f"""
OPTIONAL MATCH (m:_Resource)-[s:{STANDS_FOR}]->(r)
WITH r, m ORDER BY m.number
WITH r, collect(m) AS others
UNWIND [r] + others AS n
WITH r.number AS of, n, COLLECT {{
  MATCH (n)-[:_SAID]->(c:_Claim) WHERE c.until IS NULL
  RETURN [elementId(c), properties(c)]
}} AS claims, COLLECT {{
  MATCH (n)-[l{type_text(ontology.links)}]->(t) WHERE l.until = {FOREVER}
  RETURN [type(l), t.name, l.key, l.source, l.rank, l.said, elementId(l)]
}} AS links
RETURN collect([of, n.name, n.number, [n.type, n.state, n.weak, n.changed], claims, links]) AS found
"""


@dataclass(slots=True)
class Scene:
    """`stand` is number → number that readers see, of the names that were met; `groups`
    are those that were loaded, the name that readers see first."""

    tx: Tx
    ontology: Ontology
    last: int  # the highest number given
    writes: Writes = field(default_factory=Writes)
    asked: set[ResourceId] = field(default_factory=set)
    numbers: dict[ResourceId, int] = field(default_factory=dict)
    stand: dict[int, int] = field(default_factory=dict)
    names: dict[int, Name] = field(default_factory=dict)
    groups: dict[int, list[int]] = field(default_factory=dict)
    born: list[Name] = field(default_factory=list)

    async def meet(self, names: Iterable[ResourceId]) -> None:
        """Look up names not met yet."""
        wanted = [name for name in dict.fromkeys(names) if name not in self.asked]
        if wanted:
            self._met(wanted, await gathered(self.tx, MET, names=wanted))

    async def begin(self, names: Iterable[ResourceId], loaded: Iterable[ResourceId]) -> None:
        """Look up names and read the groups of some of them, in one round trip."""
        met = list(names)
        text = f"""
CALL () {{ {MET} }}
CALL () {{ {NAMED} {group_text(self.ontology)} }}
RETURN met, found
"""
        columns = await row(self.tx, text, names=met, loaded=list(loaded))
        assert columns is not None
        self._met(met, columns[0])
        self._loaded(columns[1])

    def _met(self, names: Iterable[ResourceId], found: Iterable[Sequence[Any]]) -> None:
        self.asked.update(names)
        for name, number, of in found:
            self.numbers[name] = number
            self.stand[number] = number if of is None else of

    async def load(self, canonical: Iterable[int]) -> None:
        """Read groups with all that is claimed on them, by the numbers that readers see."""
        wanted = sorted(set(canonical) - self.groups.keys())
        if wanted:
            text = NUMBERED + group_text(self.ontology)
            self._loaded(await gathered(self.tx, text, groups=wanted))

    def _loaded(self, found: Iterable[Sequence[Any]]) -> None:
        for of, id, number, stored, claims, links in found:
            held = tuple(kept(id, said, element) for element, said in claims)
            self.names[number] = Name(id, number, Stored(*stored), held, held, links)
            self.asked.add(id)
            self.groups.setdefault(of, []).append(number)
            self.numbers[id] = number
            self.stand[number] = of

    def bear(self, id: ResourceId) -> None:
        """Give a number to a name that was never seen before."""
        if id not in self.numbers:
            self.asked.add(id)
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
