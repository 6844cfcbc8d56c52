"""The whole history of a ledger, commit by commit, as another store can repeat it.

Read over the protocol alone, so every store can be copied from. What has been purged comes
without its body; the digests of the log go along, so that the chain still verifies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.entry import Entry, Line
from graph.store import GraphStore, Run
from ontology.alias import HeldAlias
from ontology.digest import alias_digest
from ontology.resource import Alias, Change, Commit, Rank, ResourceId, Source

AHEAD = 1_000
"""Names that are read at a time."""
MANY_RUNS = 1_000_000


async def entries(store: GraphStore, after: int = 0) -> AsyncIterator[Entry]:
    """The commits after one, each with all that it said. Memory stays constant but for the
    aliases."""
    words = _by_commit(await store.alias_claims())
    births = _Births(store, await known_by(store, after))
    async for commit in store.commits(after):
        number = commit.number
        changes = [c async for c in store.changes(number - 1, number)]
        yield await _entry(store, commit, changes, words.get(number, ()), births)


async def _entry(
    store: GraphStore,
    commit: Commit,
    changes: Sequence[Change],
    words: Sequence[HeldAlias],
    births: _Births,
) -> Entry:
    number = commit.number
    claimed = {c.resource: c.digest for c in changes if c.action == "claim"}
    made = {
        h.claim.resource: h
        for held in (await store.held(claimed, at=number)).values()
        for h in held
        if h.since == number and h.claim.resource in claimed
    }
    withdrawn = [c.resource for c in changes if c.action == "withdraw"]
    lines = [Line(name, h.claim, claimed[name]) for name, h in sorted(made.items())]
    called = [c for c in changes if c.action in ("alias", "unalias")]
    ranks = {h.source for h in made.values()}
    source = ranks.pop() if ranks else _teller(commit, called, words)
    return Entry(
        commit,
        source,
        await births.upto(number),
        (*lines, *(Line(name, None, "") for name in withdrawn)),
        tuple(_word(change, words, source, number) for change in called),
        tuple(c.resource for c in changes if c.action == "purge"),
    )


def _by_commit(held: Iterable[HeldAlias]) -> Mapping[int, Sequence[HeldAlias]]:
    """Words on aliases by the commits in which they began or ended."""
    found: dict[int, list[HeldAlias]] = defaultdict(list)
    for h in held:
        found[h.since].append(h)
        if h.until is not None:
            found[h.until].append(h)
    return found


def _teller(commit: Commit, called: Sequence[Change], words: Sequence[HeldAlias]) -> Source:
    """Who speaks in a commit that makes no claim: the rank is the one whose digest the log
    has. Where only withdrawals or purges are told, no rank is asked for."""
    sources = [Source(commit.source, rank) for rank in reversed(Rank)]
    digests = {change.digest for change in called}
    for source in sources:
        if any(alias_digest(h.alias, source).hex() in digests for h in words):
            return source
    return sources[0]


def _word(
    change: Change, words: Sequence[HeldAlias], source: Source, number: int
) -> tuple[Alias, bool | None]:
    """What a line of the log says of which alias."""
    for h in words:
        if h.source.name == source.name and alias_digest(h.alias, source).hex() == change.digest:
            begun = [w for w in words if w.alias == h.alias and w.since == number]
            mine = [w for w in begun if w.source.name == source.name]
            return h.alias, not mine[0].denied if mine else None
    raise AssertionError(f"commit {number}: no alias of {change.resource}")


class _Births:
    """Names in order of number, as the commits come that first mention them."""

    def __init__(self, store: GraphStore, known: int) -> None:
        self._store, self._last = store, known
        self._waiting: list[ResourceId] = []

    async def upto(self, commit: int) -> tuple[ResourceId, ...]:
        """Those that were first mentioned in this commit."""
        born: list[ResourceId] = []
        while True:
            if not self._waiting:
                numbers = range(self._last + 1, self._last + 1 + AHEAD)
                found = await self._store.named(numbers)
                self._waiting = [found[n] for n in sorted(found)]
                self._last += len(found)
            known = await self._store.resolve(self._waiting, at=commit)
            count = len(known)  # numbers ascend with the commits, so they are the first ones
            born += self._waiting[:count]
            del self._waiting[:count]
            if self._waiting or not count:
                return tuple(born)


async def known_by(store: GraphStore, commit: int) -> int:
    """How many names the ledger knew at a commit: the highest number then."""
    if commit == 0:
        return 0

    async def known(number: int) -> bool:
        names = await store.named([number])
        return bool(names and await store.resolve(names.values(), at=commit))

    low, high = 0, 1
    while await known(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if await known(middle) else (low, middle)
    return low


@dataclass(frozen=True, slots=True)
class Sighting:
    """A run, what it was the last to see of what its source claims, and the last to call."""

    run: Run
    seen: Sequence[ResourceId] = ()
    called: Sequence[ResourceId] = ()


async def sightings(store: GraphStore) -> AsyncIterator[Sighting]:
    """Every run, oldest first."""
    runs = await store.runs(limit=MANY_RUNS)
    scopes: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for run in runs:  # newest first
        scopes[run.source, run.scope].append(run)
    seen: dict[str, list[ResourceId]] = {}
    called: dict[str, list[ResourceId]] = {}
    for of_scope in scopes.values():
        seen |= await _by_run(store, of_scope, claimed=True)
        called |= await _by_run(store, [run.calling for run in of_scope], claimed=False)
    for run in reversed(runs):
        yield Sighting(run, seen.get(run.id, ()), called.get(run.id, ()))


async def _by_run(
    store: GraphStore, of_scope: Sequence[Run], *, claimed: bool
) -> dict[str, list[ResourceId]]:
    """What each run of one scope, the newest first, was the last to see."""
    coming = replace(of_scope[0], id="")
    left = [id async for id in store.unseen(coming, claimed=claimed)]
    seen: dict[str, list[ResourceId]] = {}
    for run in of_scope:
        if not left:
            break
        others = {id async for id in store.unseen(run, claimed=claimed)}
        seen[run.id] = [id for id in left if id not in others]
        left = [id for id in left if id in others]
    return seen
