"""SQLite beside the reference store: the same random history, every reading compared.

MULU_HISTORIES says how many histories (25).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from graph.copy import copy
from graph.numbered import ColumnStore
from graph.open import open_store
from graph.store import GraphStore, Run
from ontology.load import load_ontology
from ontology.model import Direction
from ontology.resource import (
    Alias,
    ChangeSet,
    Claim,
    Commit,
    Denial,
    Edit,
    Link,
    LinkKey,
    Rank,
    ResourceId,
    Source,
)

ONTOLOGY = load_ontology()
NAMES = [ResourceId(f"dataset:pg://h/{n}") for n in ("a", "b", "c", "d", "e")]
FIELDS = [ResourceId(f"field:pg://h/a#{n}") for n in ("甲", "乙")]
SOURCES = [
    Source("form", Rank.AUTHORITATIVE),
    Source("scan", Rank.SCANNED),
    Source("scan", Rank.AUTHORITATIVE),  # the same source, trusted more
    Source("jobs", Rank.SCANNED),
    Source("person", Rank.CURATED),
]
JOB = ResourceId("job:etl/nightly")

names = st.sampled_from(NAMES)
sources = st.sampled_from(SOURCES)
attributes = st.dictionaries(
    st.sampled_from(["name", "comment", "securityLevel"]),
    st.sampled_from(["x", "y", "内部数据"]),
    max_size=3,
)
properties = st.sampled_from([{}, {"rule": "a+b"}, {"derivation": "identity", "job": str(JOB)}])
links = st.one_of(
    st.builds(Link, st.just("datasetDerivedFrom"), names, properties, st.sampled_from(["", "j"])),
    st.builds(Link, st.just("hasField"), st.sampled_from(FIELDS)),
)
keys = st.one_of(
    st.builds(LinkKey, st.just("datasetDerivedFrom"), names, st.sampled_from(["", "j"])),
    st.builds(LinkKey, st.just("hasField"), st.sampled_from(FIELDS)),
)
some_links = st.lists(links, max_size=3).map(tuple)
some_keys = st.frozensets(keys, max_size=2)
unset = st.frozensets(st.sampled_from(["name", "comment"]), max_size=2)
denials = st.builds(Denial, unset, some_keys, st.sampled_from([False, False, False, True]))
no_denials = st.just(Denial())
types = st.sampled_from([None, "Dataset", "Table", "View", "Table"])
claims = st.builds(
    Claim, names, types, attributes, some_links, st.one_of(no_denials, no_denials, denials)
)
edits = st.builds(
    Edit,
    names,
    st.one_of(st.none(), types),
    attributes,
    unset,
    some_links,
    some_keys,
    st.one_of(no_denials, denials),
    st.sampled_from([False, False, True]),
    st.booleans(),
)
aliases = st.builds(Alias, names, names).filter(lambda a: a.name != a.of)


def unique(found: list[Claim]) -> tuple[Claim, ...]:
    return tuple({c.resource: c for c in found}.values())


class Histories(RuleBasedStateMachine):
    """Random commits on both stores; after each, everything that can be read is equal."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mulu-oracle-"))
        self.loop = asyncio.new_event_loop()
        self.stores = self.opened()
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.erased = False
        self.both(lambda store: store.ensure(ONTOLOGY))

    def opened(self) -> list[GraphStore]:
        """Two empty stores: the measure, and the one under test."""
        return [open_store("memory:"), open_store(f"sqlite:///{self.folder}/ledger.db")]

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def both(self, ask: Any) -> Any:
        """Ask both stores; they must answer, or refuse, alike."""
        answers = []
        for store in self.stores:
            try:
                answers.append(self.run(ask(store)))
            except Exception as error:
                answers.append((type(error), str(error)))
        assert answers[1] == answers[0]
        return answers[0]

    def commit(self, changes: ChangeSet) -> None:
        self.now += timedelta(days=1)
        self.both(lambda store: committed(store, replace(changes, at=self.now)))

    @rule(source=sources, claims=st.lists(claims, min_size=1, max_size=4).map(unique))
    def claim(self, source: Source, claims: tuple[Claim, ...]) -> None:
        self.commit(ChangeSet("t", source, claims=claims))

    @rule(source=sources, gone=st.lists(names, min_size=1, max_size=3).map(tuple))
    def withdraw(self, source: Source, gone: tuple[ResourceId, ...]) -> None:
        self.commit(ChangeSet("t", source, withdrawals=gone))

    @rule(source=sources, edits=st.lists(edits, min_size=1, max_size=2).map(tuple))
    def edit(self, source: Source, edits: tuple[Edit, ...]) -> None:
        self.commit(ChangeSet("t", source, edits=edits))

    @rule(
        source=sources,
        made=st.lists(aliases, max_size=2).map(tuple),
        unmade=st.lists(aliases, max_size=2).map(tuple),
    )
    def alias(self, source: Source, made: tuple[Alias, ...], unmade: tuple[Alias, ...]) -> None:
        self.commit(ChangeSet("t", source, aliases=made, unaliases=unmade))

    @rule(
        source=sources,
        claims=st.lists(claims, max_size=2).map(unique),
        edits=st.lists(edits, max_size=1).map(tuple),
        made=st.lists(aliases, max_size=1).map(tuple),
        gone=st.lists(names, max_size=1).map(tuple),
        expected=st.dictionaries(names, st.integers(0, 3), max_size=1),
    )
    def everything(
        self,
        source: Source,
        claims: tuple[Claim, ...],
        edits: tuple[Edit, ...],
        made: tuple[Alias, ...],
        gone: tuple[ResourceId, ...],
        expected: Mapping[ResourceId, int],
    ) -> None:
        self.commit(
            ChangeSet(
                "t",
                source,
                claims=claims,
                edits=edits,
                aliases=made,
                withdrawals=gone,
                expected=expected,
            )
        )

    @rule(
        source=sources,
        scope=st.sampled_from(["x", "y"]),
        seen=st.lists(names),
        new=st.booleans(),
    )
    def sight(self, source: Source, scope: str, seen: list[ResourceId], new: bool) -> None:
        self.now += timedelta(hours=1)
        run = Run(f"{source.name}-{self.now if new else 0}", source.name, scope, self.now)

        async def ask(store: GraphStore) -> object:
            await store.save_run(run)
            await store.saw(run, seen)
            return [id async for id in store.unseen(run)], await store.runs(source.name)

        self.both(ask)

    @rule(gone=st.lists(names, min_size=1, max_size=2), chance=st.integers(0, 3))
    def purge(self, gone: list[ResourceId], chance: int) -> None:
        if chance == 0:
            self.erased = True
            self.both(lambda store: purged(store, gone))

    @invariant()
    def same_now(self) -> None:
        if hasattr(self, "stores"):
            self.both(picture)

    @rule(at=st.integers(0, 12), after=st.integers(0, 12), limit=st.integers(1, 3))
    def same_then(self, at: int, after: int, limit: int) -> None:
        self.both(lambda store: picture(store, at=at))
        self.both(lambda store: feeds(store, after))
        self.both(lambda store: paged(store, at, limit))
        self.both(whole)

    def copied_as_it_is(self) -> None:
        """Each store copied into another kind answers as it did, at every commit. A third of
        the histories will do: it takes longer than all the rest."""
        head = self.run(self.stores[0].head())
        if head is None or head.number % 3:
            return
        fresh = [open_store(f"sqlite:///{self.folder}/copy.db"), open_store("memory:")]
        for store, target in zip(self.stores, fresh, strict=True):
            self.run(target.ensure(ONTOLOGY))
            assert self.run(copy(store, target, deep=True)).differences == ()
            for at in range(head.number + 1):
                if not self.erased:  # of purged links that only their evidence told apart,
                    # the intervals are joined
                    assert self.run(picture(target, at)) == self.run(picture(store, at))
            if not self.erased:
                assert self.run(feeds(target, 0)) == self.run(feeds(store, 0))
            self.run(target.close())

    def teardown(self) -> None:
        if hasattr(self, "stores"):
            flaws = self.both(flaws_of)
            assert flaws == []
            self.both(lambda store: feeds(store, 0))
            self.both(whole)
            self.copied_as_it_is()
            self.both(lambda store: store.close())
            self.loop.close()
            shutil.rmtree(self.folder)


async def picture(store: GraphStore, at: int | None = None) -> list[object]:
    """What readers see at one commit."""
    ids = [*NAMES, *FIELDS, JOB, ResourceId("dataset:nowhere")]
    found: list[object] = [
        await store.resolve(ids, at=at),
        await store.get_many(ids, at=at),
        await store.held(ids, at=at),
        [r async for r in store.scan(at=at)],
        [r.id async for r in store.scan("Table", at=at, after=NAMES[0])],
        [
            await store.links_many(ids, types, way, at=at, limit=2)
            for types in (None, ["datasetDerivedFrom", "hasField"])
            for way in Direction
        ],
    ]
    if at is None:
        counts = await store.counts()
        found += [
            undated(await store.head()),
            {name: n for name, n in counts.items() if n},
            await store.conflicts(),
            await store.aliases(),
            [await store.history(id) for id in NAMES],
            await store.numbers(ids),
        ]
    return found


def undated(commit: Commit | None) -> object:
    return commit and (commit.number, commit.source, commit.changes, commit.content, commit.key)


async def feeds(store: GraphStore, after: int) -> list[object]:
    """What projections read."""
    return [
        [undated(c) async for c in store.commits(after)],
        [c async for c in store.changes(after)],
        [n async for n in store.numbered(after=after)],
        sorted([e async for e in store.raw_edges(after=after)], key=repr),
        sorted(await store.alias_intervals(after=after), key=repr),
    ]


async def whole(store: GraphStore) -> list[object]:
    """What the reach index is built from: in columns, where the store has them."""
    if not isinstance(store, ColumnStore):
        nodes = [(n.number, n.type, n.level) async for n in store.numbered()]
        return [nodes, sorted([e async for e in store.raw_edges()], key=repr)]
    nodes = [
        (number, piece.words[kind], piece.words[level])
        async for piece in store.node_columns()
        for number, kind, level in zip(piece.number, piece.type, piece.level, strict=True)
    ]
    edges = [c.edge(i) async for c in store.edge_columns() for i in range(len(c.origin))]
    return [nodes, sorted(edges, key=repr)]


async def paged(store: GraphStore, at: int, limit: int) -> list[object]:
    """All links of each name, page by page."""
    found: list[object] = []
    for name in NAMES:
        for way in Direction:
            after: str | None = None
            while True:
                page = await store.links(name, None, way, at=at, after=after, limit=limit)
                found.append(page)
                if (after := page.after) is None:
                    break
    return found


async def committed(store: GraphStore, changes: ChangeSet) -> object:
    return undated(await store.commit(changes))


async def purged(store: GraphStore, gone: list[ResourceId]) -> object:
    """A purge is dated by the clock, so of its commit only what does not depend on that."""
    commit = await store.purge(gone, actor="t", reason="why")
    return commit.number, commit.changes, commit.content


async def flaws_of(store: GraphStore) -> list[object]:
    return [flaw async for flaw in store.verify()]


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=int(os.environ.get("MULU_HISTORIES", "25")),
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
