"""Impact the slow and obvious way: every state of every resource, one at a time.

The oracle of graph/reach. It reads the ontology's spreads as they are written, knows no
bits, no arrays, no order of work: a plain breadth-first search over
(resource, kind, duty, certainty, came through a dataset edge, is of one code).
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from graph.numbered import AliasInterval, Numbered, RawEdge
from ontology.model import Certainty, Direction, Kind, Ontology, Spread, Way
from ontology.resource import Commit

SURENESS = tuple(Certainty)
STAND_IN = "datasetDerivedFrom"
QUIET = (Kind.STALE, Kind.NOTIFY)


@dataclass(frozen=True)
class Record:
    """Intervals as a store tells them to the reach index, as of one commit: what a
    `GraphStore` is to `ReachIndex`."""

    upto: int
    nodes: tuple[Numbered, ...]
    edges: tuple[RawEdge, ...]
    names: tuple[AliasInterval, ...] = ()

    def until(self, commit: int) -> Record:
        """The record as it stood at an earlier commit."""

        def open_again(until: int | None) -> int | None:
            return None if until is None or until > commit else until

        return Record(
            commit,
            self.nodes,
            tuple(e._replace(until=open_again(e.until)) for e in self.edges if e.since <= commit),
            tuple(replace(a, until=open_again(a.until)) for a in self.names if a.since <= commit),
        )

    async def head(self) -> Commit | None:
        return Commit(self.upto, None, "", "", "", 0, "", "", "") if self.upto else None  # type: ignore[arg-type]

    async def numbered(self, *, after: int = 0) -> AsyncIterator[Numbered]:
        for node in self.nodes:
            yield node

    async def raw_edges(self, *, after: int = 0) -> AsyncIterator[RawEdge]:
        for edge in self.edges:
            if max(edge.since, edge.until or 0) > after:
                yield edge

    async def numbered_of(self, numbers: Collection[int]) -> list[Numbered]:
        return [node for node in self.nodes if node.number in numbers]

    async def edges_of(
        self, numbers: Collection[int], types: Collection[str], way: Direction, *, at: int | None
    ) -> list[RawEdge]:
        near = [edge for edge in self.edges if edge.near(way) in numbers]
        return [edge for edge in near if edge.type in types and edge.holds(at)]

    async def alias_intervals(self, *, after: int = 0) -> tuple[AliasInterval, ...]:
        return tuple(a for a in self.names if max(a.since, a.until or 0) > after)


class State(NamedTuple):
    node: int
    kind: Kind
    adapt: bool
    certainty: int
    entire: bool  # came through a dataset edge: its fields are coarsely affected too
    code: bool = False  # values, by one code of a set: here, or in what this is a copy of


class Result(NamedTuple):
    """What the answer says of one resource. `effect` is "" for the touched."""

    affected: bool
    certainty: Certainty
    depth: int
    breaks: bool
    kinds: frozenset[Kind]


class SlowImpact:
    """The ledger at one commit, and what a change reaches in it; `literals` are those by
    which rules name the codes that change."""

    def __init__(
        self,
        ontology: Ontology,
        record: Record,
        at: int | None = None,
        literals: Collection[str] = (),
    ) -> None:
        self.ontology = ontology
        self.literals = frozenset(literals)
        at = record.upto if at is None else at
        self.type = {node.number: node.type for node in record.nodes}
        self.of = {a.name: a.of for a in record.names if a.since <= at < (a.until or 10**9)}
        self.ever = record.edges
        live = [e for e in record.edges if e.since <= at < (e.until or 10**9)]
        self.edges = [e for e in live if not self.is_hidden(e, live)]
        self.edges += self.stand_ins(live)

    # --- what there is ---

    def seen_as(self, node: int) -> int:
        while node in self.of:
            node = self.of[node]
        return node

    def contains_fields(self, type: str) -> bool:
        link = self.ontology.links[type]
        return link.part_of and any(s.coarse_only for s in link.spreads)

    def is_dataset(self, node: int) -> bool:
        links = [x for x in self.ontology.links.values() if self.contains_fields(x.name)]
        type = self.type[node]
        return any(self.ontology.is_a(type, end) for x in links for end in x.domain)

    def dataset_of(self, node: int) -> int:
        """The dataset that a field belongs to (ever, the first), or the node itself."""
        rows = [e for e in self.ever if e.target == node and self.contains_fields(e.type)]
        return min(rows, key=lambda e: e.since).origin if rows else node

    def is_entire(self, edge: RawEdge) -> bool:
        """A dataset edge: so is what stands in for a job, be its ends known as fields only."""
        return edge.type == STAND_IN or (
            self.ontology.links[edge.type].lineage and self.is_dataset(edge.target)
        )

    def derivation(self, edge: RawEdge) -> str:
        named = {d for s in self.ontology.links[edge.type].spreads for d in s.derivations}
        return edge.derivation if edge.derivation in named else ""

    def speaks_of_wholes(self, edge: RawEdge, direction: Direction) -> bool:
        return (self.is_entire(edge) and direction is Direction.BACKWARD) or any(
            (s.direction, s.way, s.certainty) == (direction, Way.FLOW, Certainty.COARSE)
            and (not s.derivations or self.derivation(edge) in s.derivations)
            for s in self.ontology.links[edge.type].spreads
        )

    def ends(self, edge: RawEdge) -> tuple[int, int]:
        return self.dataset_of(edge.origin), self.dataset_of(edge.target)

    def is_hidden(self, edge: RawEdge, live: list[RawEdge]) -> bool:
        if not self.is_entire(edge):
            return False
        use, origin = self.ends(edge)
        return use == origin or any(
            self.ontology.links[e.type].lineage
            and not self.is_entire(e)
            and e.complete
            and (e.job, e.source) == (edge.job, edge.source)
            and self.ends(e) == (use, origin)
            for e in live
        )

    def stand_ins(self, live: list[RawEdge]) -> Iterator[RawEdge]:
        """A job's reads × writes where it states no derivation."""
        stated = {
            (e.job, self.dataset_of(e.origin))
            for e in live
            if self.ontology.links[e.type].lineage and e.job
        }
        for job in {e.origin for e in live if e.type == "reads"}:
            read = {self.dataset_of(e.target) for e in live if (e.type, e.origin) == ("reads", job)}
            wrote = {
                self.dataset_of(e.target) for e in live if (e.type, e.origin) == ("writes", job)
            }
            for r in read:
                for w in wrote:
                    if r != w and (job, w) not in stated:
                        yield RawEdge(w, STAND_IN, r, "", "", job, "", False, 0, None)

    # --- what happens ---

    def beyond(self, state: State, *, first: bool) -> Iterator[State]:
        """All that follows from one state of one resource."""
        yield from self.across(state, state.node, first=first, entire_only=False)
        if state.kind in QUIET:
            return
        for edge in self.edges:
            if self.contains_fields(edge.type) and self.seen_as(edge.target) == state.node:
                dataset = self.seen_as(edge.origin)
                whole = state._replace(entire=False)
                yield from self.across(whole, dataset, first=False, entire_only=True)

    def across(self, state: State, node: int, *, first: bool, entire_only: bool) -> Iterator[State]:
        for edge in self.edges:
            for direction, near, far in (
                (Direction.FORWARD, edge.origin, edge.target),
                (Direction.BACKWARD, edge.target, edge.origin),
            ):
                if self.seen_as(near) != node or self.seen_as(far) == node:
                    continue
                entire = self.speaks_of_wholes(edge, direction)
                if entire_only and not entire:
                    continue
                for spread in self.ontology.links[edge.type].spreads:
                    if spread.direction is direction and (
                        after := self.after(spread, edge, state, far, first=first, entire=entire)
                    ):
                        yield after._replace(node=self.seen_as(far))
                        if self.names_the_code(edge, state, after):
                            sure = SURENESS.index(spread.certainty)
                            sure_of = after._replace(certainty=sure, code=False)
                            yield sure_of._replace(node=self.seen_as(far))

    def names_the_code(self, edge: RawEdge, state: State, after: State) -> bool:
        """Whether this derives a field by a rule that names the code that is asked about."""
        return (
            state.code
            and after.kind is Kind.VALUES
            and self.ontology.links[edge.type].lineage
            and not self.is_entire(edge)
            and not self.literals.isdisjoint(edge.literals)
        )

    def holds_codes(self, edge: RawEdge) -> bool:
        """From a set to its code: what changes the code changes values of the set."""
        link = self.ontology.links[edge.type]
        return link.part_of and any(
            s.way is Way.FLOW and Kind.VALUES in s.kinds.values() for s in link.spreads
        )

    def after(
        self, spread: Spread, edge: RawEdge, state: State, far: int, *, first: bool, entire: bool
    ) -> State | None:
        if spread.derivations and self.derivation(edge) not in spread.derivations:
            return None
        if (spread.start_only and not first) or (spread.coarse_only and not state.entire):
            return None
        if state.kind not in spread.kinds:
            return None
        kind = spread.kinds[state.kind]
        quiet = kind in QUIET
        lineage = self.ontology.links[edge.type].lineage
        blurred = state.code and lineage and kind is Kind.VALUES
        coarse = self.is_entire(edge) or spread.coarse_only or blurred
        copied = self.derivation(edge) == "identity" and not self.is_entire(edge)
        floor = 2 if coarse else SURENESS.index(spread.certainty)
        return State(
            0,
            kind,
            not quiet and (state.adapt or spread.adapt),
            max(state.certainty, floor),
            entire and not quiet and self.is_dataset(far),
            kind is Kind.VALUES
            and (self.holds_codes(edge) or (state.code and (copied or not lineage))),
        )

    def impact(self, changes: Mapping[int, Kind], depth: int = 10**6) -> dict[int, Result]:
        starts, reached = self.states(changes, depth)
        nodes = {state.node for state in reached} - {state.node for state in starts}
        return {node: self.result(node, reached) for node in nodes}

    def cut(self, changes: Mapping[int, Kind], depth: int) -> set[str]:
        """Among which there is more than the depth lets in."""
        _, reached = self.states(changes, depth)
        return {
            "touched" if following.kind in QUIET else str(SURENESS[following.certainty])
            for state in [s for s, d in reached.items() if d == depth]
            for following in self.beyond(state, first=depth == 0)
            if self.is_news(following, reached)
        }

    def is_news(self, state: State, reached: Mapping[State, int]) -> bool:
        """Whether no state that is as sure says the same of the resource."""
        surer = [state._replace(certainty=c) for c in range(state.certainty + 1)]
        if state.entire:
            return not any(s in reached for s in surer)
        return not any(s._replace(entire=e) in reached for s in surer for e in (False, True))

    def states(
        self, changes: Mapping[int, Kind], depth: int
    ) -> tuple[list[State], dict[State, int]]:
        starts = [State(self.seen_as(n), kind, False, 0, False) for n, kind in changes.items()]
        reached = dict.fromkeys(starts, 0)
        queue = deque(starts)
        while queue:
            state = queue.popleft()
            if reached[state] >= depth:
                continue
            for following in self.beyond(state, first=reached[state] == 0):
                if following not in reached:
                    reached[following] = reached[state] + 1
                    queue.append(following)
        return starts, reached

    def result(self, node: int, reached: Mapping[State, int]) -> Result:
        states = [s for s in reached if s.node == node]
        affected = any(s.kind not in QUIET for s in states)
        states = [s for s in states if (s.kind not in QUIET) == affected]
        best = min(s.certainty for s in states)
        surest = [s for s in states if s.certainty == best]
        return Result(
            affected,
            SURENESS[best],
            min(reached[s] for s in surest),
            affected and any(not s.adapt for s in surest),
            frozenset(s.kind for s in states),
        )
