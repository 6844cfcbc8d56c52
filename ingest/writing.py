"""A run's way into the store: compare, commit in short steps, withdraw what is gone.

writing = Writing(store, ontology, source, run, actor, reason, at, dry_run)
await writing.take(step)
await writing.finish(tally, confirm=False)
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from graph.store import GraphStore, Run
from ingest.diff import Difference, difference
from ingest.meet import Meeter
from ingest.reading import Step, Tally
from ingest.report import MAX_KEPT, Counts, Duplicates
from ingest.source import Place, Record, Source
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.resource import Alias, ChangeSet, Claim, Commit, ResourceId
from ontology.resource import Source as Teller

MAX_STEP = 1_000
"""Claims in one commit at most."""
PATIENCE = 0.05
"""Seconds that a commit should take: so long an edit beside it may wait."""
CONFIRM = 0.2
"""Share of a source's resources that may be withdrawn without being asked."""


@dataclass(slots=True)
class Writing:
    """The run's way into the store."""

    store: GraphStore
    ontology: Ontology
    source: Source
    run: Run
    actor: str
    reason: str
    at: datetime | None
    dry_run: bool
    allowed: Callable[[ChangeSet], Awaitable[None]] | None = None
    torn: bool = False
    """The run before was broken off: what stands in the store may not have been met yet."""
    counts: Counts = field(default_factory=Counts)
    types: Counter[str] = field(default_factory=Counter)
    duplicates: list[Duplicates] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    changes: list[Difference] = field(default_factory=list)
    commits: tuple[int, int] | None = None
    refused: str = ""
    _seen: set[ResourceId] = field(default_factory=set)
    _said: set[Alias] = field(default_factory=set)
    _held: int = 0
    """Resources that the source holds in this scope, before the run."""
    _problems: int = field(init=False)
    """Of the run until it was broken off, where it goes on."""
    _meeter: Meeter = field(init=False)
    _size: int = MAX_STEP // 4

    def __post_init__(self) -> None:
        self._meeter = Meeter(self.store, self.ontology)
        self._problems = self.run.problems

    @property
    def teller(self) -> Teller:
        return Teller(self.source.name, self.source.rank)

    async def look(self) -> None:
        """Count what there is to lose, before anything changes."""
        nobody = replace(self.run, id="")  # a run that saw nothing
        async for _ in self.store.unseen(nobody):
            self._held += 1

    async def begin(self) -> None:
        """Note that the run is under way, so that a broken one can be told and resumed."""
        if not self.dry_run:
            await self.store.save_run(self.run)

    async def take(self, step: Step) -> None:
        """Compare, commit and note one step."""
        for teller, records in by_teller(step.records):
            await self._claims(teller or self.teller, records)
        if step.aliases:
            await self.alias(step.aliases)
        if step.progress is not None and step.progress.cursor and not self.dry_run:
            self.keep_back(step.problems)
            self.run = replace(self.run, cursor=step.progress.cursor)
            await self.store.save_run(self.run)

    def keep_back(self, problems: int) -> None:
        """Note with the run how many problems it has met, before its cursor passes them."""
        self.run = replace(self.run, problems=self._problems + problems)

    async def ask(
        self,
        claims: tuple[Claim, ...] = (),
        aliases: tuple[Alias, ...] = (),
        gone: Iterable[ResourceId] = (),
    ) -> None:
        """Before anything is compared: what a run may not write, it does not tell of either."""
        if self.allowed is not None:
            withdrawn = tuple(gone)
            await self.allowed(
                ChangeSet(self.actor, self.teller, "", claims, withdrawn, aliases=aliases)
            )

    async def _claims(self, teller: Teller, records: Sequence[Record]) -> None:
        await self.ask(tuple(record.claim for record in records))
        changed = await self._changed(teller, records)
        own = [r.claim.resource for r in records] if teller == self.teller else []
        if self.dry_run:
            self._seen.update(own)
            return
        await self._commit_all(teller, [record.claim for record in changed])
        meeting = records if self.torn else changed
        if meeting and own:  # what is handed on from others brings its aliases along
            await self.meet(teller, meeting)
        if own:
            await self.store.saw(self.run, own)
            self.run = replace(self.run, seen=self.run.seen + len(own))

    async def meet(self, teller: Teller, changed: Sequence[Record]) -> None:
        """Look whether these are known under other names."""
        met = await self._meeter.meet(changed)
        self.duplicates.extend(met.duplicates)
        if met.aliases:
            self.aliases.extend(met.aliases)
            self.counts = replace(self.counts, aliases=len(self.aliases))
            await self._commit(ChangeSet(self.actor, teller, self.reason, aliases=met.aliases))

    async def _changed(self, teller: Teller, records: Sequence[Record]) -> list[Record]:
        """The records that say something new, counted."""
        held = await self.store.held([record.claim.resource for record in records])
        changed: list[Record] = []
        new = 0
        for record in records:
            claim = record.claim
            own = next(
                (
                    h
                    for h in held.get(claim.resource, ())
                    if h.source.name == teller.name and h.claim.resource == claim.resource
                ),
                None,
            )
            before = own.claim if own else None
            what = difference(before, claim)
            if what is None and own is not None and own.source.rank != teller.rank:
                what = Difference(claim.resource, "changed", claim.type or "")  # its weight alone
            self.types[claim.type or ""] += 1
            if what is None:
                continue
            new += before is None
            changed.append(record)
            if self.dry_run and len(self.changes) < MAX_KEPT:
                self.changes.append(what)
        self.counts = replace(
            self.counts,
            new=self.counts.new + new,
            changed=self.counts.changed + len(changed) - new,
            unchanged=self.counts.unchanged + len(records) - len(changed),
            links=self.counts.links + sum(len(record.claim.links) for record in records),
        )
        return changed

    async def alias(self, aliases: tuple[Alias, ...]) -> None:
        """Commit the aliases that are not known: what holds already needs no second word, so
        that a ledger's own export changes nothing in it."""
        await self.ask(aliases=aliases)
        known = set(await self.store.aliases())
        fresh = tuple(alias for alias in aliases if alias not in known)
        self._said.update(aliases)
        self.aliases.extend(fresh)
        self.counts = replace(self.counts, aliases=len(self.aliases))
        if self.dry_run:
            return
        if fresh:
            await self._commit(ChangeSet(self.actor, self.teller, self.reason, aliases=fresh))
        await self.store.saw(self.run.calling, [alias.name for alias in aliases])

    async def _called(self) -> set[Alias]:
        """The aliases that the source says, as the ledger holds them."""
        held = await self.store.alias_claims()
        return {
            h.alias
            for h in held
            if h.until is None and not h.denied and h.source.name == self.source.name
        }

    async def _unsaid(self) -> tuple[Alias, ...]:
        """Those that it said in this scope and says no more. What merely followed from its
        identifiers it never said."""
        held = await self._called() - self._said
        before = {id async for id in self.store.unseen(self.run.calling, claimed=False)}
        before |= {alias.name for alias in self._said}
        return tuple(sorted((a for a in held if a.name in before), key=lambda a: (a.name, a.of)))

    async def _commit_all(self, teller: Teller, claims: Sequence[Claim]) -> None:
        """In pieces as large as PATIENCE allows."""
        start = 0
        while start < len(claims):
            piece = tuple(claims[start : start + self._size])
            start += len(piece)
            began = time.perf_counter()
            await self._commit(ChangeSet(self.actor, teller, self.reason, piece))
            took = max(time.perf_counter() - began, 1e-4)
            wished = round(len(piece) * PATIENCE / took)
            self._size = max(20, min(MAX_STEP, wished, self._size * 2))

    async def _commit(self, changes: ChangeSet) -> None:
        if self.allowed is not None:
            await self.allowed(changes)
        self.made(await self.store.commit(replace(changes, at=self.at)))

    def made(self, commit: Commit | None) -> None:
        """Note a commit of the run."""
        if commit is not None:
            first = commit.number if self.commits is None else self.commits[0]
            self.commits = (first, commit.number)

    def expect(self, steps: Sequence[Step], kept_out: Iterable[ResourceId]) -> None:
        """What a run that has been read to its end is going to meet."""
        self._seen.update(kept_out)
        for step in steps:
            for record in step.records:
                if record.teller is None:
                    self._seen.add(record.claim.resource)

    async def weigh(self, complete: bool, *, confirm: bool) -> None:
        """Refuse a run that would withdraw too much, before it has written anything."""
        if complete and not self.dry_run:
            gone = await self._gone()
            await self.ask(gone=gone)
            self._refuse_loss(gone, confirm=confirm)

    async def finish(self, tally: Tally, *, confirm: bool) -> None:
        """Withdraw what a complete run no longer met, and close the run."""
        kept = tally.kept_out
        self._seen.update(kept)
        if tally.complete:
            if kept and not self.dry_run:
                await self.store.saw(self.run, kept)
            await self._withdraw(await self._gone(), await self._unsaid(), confirm=confirm)
        if not self.dry_run:
            self.keep_back(tally.errors)
            self.run = replace(self.run, finished=datetime.now(UTC), complete=tally.complete)
            await self.store.save_run(self.run)

    async def _gone(self) -> list[ResourceId]:
        return [id async for id in self.store.unseen(self.run) if id not in self._seen]

    def _refuse_loss(self, gone: Sequence[ResourceId], *, confirm: bool) -> None:
        """Raises InvalidInput; a dry run keeps as `refused` what the real one would raise."""
        if confirm or len(gone) <= CONFIRM * self._held:
            return
        why = (
            f"来源 {self.source.name} 不再提到 {self._held} 个资源中的 {len(gone)} 个，超过 "
            f"{CONFIRM:.0%} (would withdraw more than a fifth)。请核对目标是否完整；"
            f"确实要撤回，请加 --confirm。例如: {'、'.join(gone[:3])}"
        )
        if not self.dry_run:
            raise InvalidInput(why)
        self.refused = f"正式导入会被拒绝 (would be refused without --confirm): {why}"

    async def _withdraw(
        self, gone: Sequence[ResourceId], unsaid: tuple[Alias, ...], *, confirm: bool
    ) -> None:
        if not gone and not unsaid:
            return
        await self.ask(aliases=unsaid, gone=gone)
        self.counts = replace(self.counts, withdrawn=len(gone), unsaid=len(unsaid))
        self._refuse_loss(gone, confirm=confirm)
        if self.dry_run:
            room = max(0, MAX_KEPT - len(self.changes))
            names = (*gone, *(alias.name for alias in unsaid))
            self.changes.extend(Difference(id, "withdrawn") for id in names[:room])
            return
        changes = ChangeSet(self.actor, self.teller, self.reason, withdrawals=tuple(gone))
        await self._commit(replace(changes, unsaid=unsaid))


def by_teller(records: Sequence[Record]) -> list[tuple[Teller | None, list[Record]]]:
    """Records that go into one commit. What a line hands on from several tellers goes in
    its order, one round after another: among equals the newest wins, so the order is part
    of what is told."""
    groups: dict[tuple[int, Teller | None], list[Record]] = {}
    rounds: dict[Place, int] = {}
    for record in records:
        turn = rounds.get(record.place, 0) if record.teller else 0
        rounds[record.place] = turn + 1
        groups.setdefault((turn, record.teller), []).append(record)
    return [(teller, groups[turn, teller]) for turn, teller in sorted(groups, key=lambda g: g[0])]
