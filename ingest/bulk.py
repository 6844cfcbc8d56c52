"""Loading millions of lines: several processes, large transactions, the same commits.

    report = await load(store, source, load_ontology, actor="张三")

Others read, check and make ready, each a part of the source at a time; this one writes
(`graph.bulk.BulkStore`). For a source that streams, into an empty ledger or a growing one.
What a run says again without change makes no commit, and a complete run withdraws what is
gone, as in `ingest.pipeline`. A load that was killed, `resume`d, goes on behind the last
transaction. Memory: some ten thousand claims in each process, whatever the size of the file.
"""

from __future__ import annotations

import asyncio
import copyreg
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from itertools import islice
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from graph.bulk import BulkStore, Prepared
from graph.store import GraphStore
from ingest.beside import Beside
from ingest.meet import may_meet
from ingest.pipeline import report_of
from ingest.reading import Reading, Step, Tally
from ingest.report import Report
from ingest.resume import begin_run, passed_over
from ingest.source import Parted, Place, Progress, Record, Source
from ingest.thread import followed
from ingest.writing import Writing, by_teller
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.resource import Alias, ChangeSet, Claim, Link, ResourceId
from ontology.resource import Source as Teller

TRANSACTION = 20_000
"""Lines of one transaction; a reader waits for none of it, an edit a second."""
SHORT = 500
"""Lines of one transaction where nobody asked for large ones: an edit waits no longer than for
a step of `ingest.pipeline`."""
LARGE = 20_000
"""Lines from which on the other processes are worth their start."""

MakeOntology = Callable[[], Ontology]
Prepare = Callable[[ChangeSet, Ontology], Prepared]


def _frozen(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _unfrozen(proxy: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _frozen, (dict(proxy),)


copyreg.pickle(MappingProxyType, _unfrozen)  # what links without evidence hold


def _send_as_values(kind: type[Any]) -> None:
    """A frozen dataclass with slots goes field by field, by reflection, where nobody says how."""
    values = attrgetter(*(one.name for one in fields(kind)))
    copyreg.pickle(kind, lambda sent: (kind, values(sent)))


for _kind in (Record, Place, Claim, Link):
    _send_as_values(_kind)


@dataclass(slots=True)
class Batch:
    """What goes into one transaction. `meeting` are the records that may be known under other
    names, by the change set that they are in; `own` the names that the source itself told."""

    prepared: list[Prepared] = field(default_factory=list)
    meeting: dict[int, list[Record]] = field(default_factory=dict)
    own: list[ResourceId] = field(default_factory=list)
    aliases: tuple[Alias, ...] = ()
    types: dict[str, int] = field(default_factory=dict)
    claims: int = 0
    links: int = 0
    progress: Progress | None = None


async def load(
    store: GraphStore,
    source: Source,
    make_ontology: MakeOntology,
    *,
    actor: str,
    confirm: bool = False,
    resume: bool = False,
    at: datetime | None = None,
    reason: str = "",
    progress: Callable[[Progress], None] | None = None,
    transaction: int = TRANSACTION,
) -> Report:
    """Run the source into the store; see `ingest.pipeline.ingest`. `make_ontology` is called
    in the other process too, so it must be a plain function (or a partial of one). Raises
    InvalidInput where the source cannot be streamed or the store has no such way."""
    began = time.perf_counter()
    await asyncio.to_thread(source.check)
    if not isinstance(store, BulkStore):
        raise InvalidInput("该存储没有批量方式，请去掉 --bulk (this store has no bulk way)")
    if not (isinstance(source, Parted) and source.streams):
        raise InvalidInput(
            "批量导入需要首行注明 sorted 的 JSON Lines（mulu export 所写），每个资源只出现一次；"
            "否则请去掉 --bulk (--bulk needs a stream that names each resource once)"
        )
    ontology = await asyncio.to_thread(make_ontology)
    run, told, torn = await begin_run(store, source, resume=resume)
    reason = reason or source.scope
    writing = Writing(store, ontology, source, run, actor, reason, at, False, torn=torn)
    await writing.look()
    await writing.begin()
    task = Task(source, make_ontology, store.preparing, _blank(writing))
    tally, done, pace = Tally(), 0, time.perf_counter()
    for problem in told:
        tally.add(problem)
    async with Beside(_begin, task) as beside:
        async for part in beside.each(_read, _parts(source, transaction, run.cursor)):
            tally.take(part.tally)
            writing.keep_back(tally.kept_back)
            for batch in part.batches:
                await _take(writing, store, batch)
                done += batch.claims
                if batch.progress is not None and progress is not None:
                    rate = done / (time.perf_counter() - pace)
                    what = f"{batch.progress.what} · {rate:,.0f}/s"
                    progress(replace(batch.progress, what=what))
    tally.unread.extend(passed_over(run))
    await writing.finish(tally, confirm=confirm)
    return report_of(writing, tally, time.perf_counter() - began)


def is_large(store: GraphStore, source: Source) -> bool:
    """Whether several processes would be faster than one; where they cannot help it is not.
    The claims and what follows from them are the same (`ingest.pipeline`)."""
    if not (isinstance(store, BulkStore) and isinstance(source, Parted) and source.streams):
        return False
    return len(list(islice(source.cuts(LARGE), 2))) > 1


def _blank(writing: Writing) -> ChangeSet:
    return ChangeSet(writing.actor, writing.teller, writing.reason, at=writing.at)


async def _take(writing: Writing, store: BulkStore, batch: Batch) -> None:
    """One transaction, and what follows from it."""
    run = replace(writing.run, seen=writing.run.seen + len(batch.own))
    if batch.progress is not None and not (batch.aliases or batch.meeting):
        run = replace(run, cursor=batch.progress.cursor)
    loaded = await store.load(batch.prepared, run, batch.own)
    writing.run = run
    fresh = sum(len(one.names) for one in loaded)
    new = sum(one.new for one in loaded)
    counts = writing.counts
    writing.counts = replace(
        counts,
        new=counts.new + new,
        changed=counts.changed + fresh - new,
        unchanged=counts.unchanged + batch.claims - fresh,
        links=counts.links + batch.links,
    )
    writing.types.update(batch.types)
    for place, one in enumerate(loaded):
        writing.made(one.commit)
        names = set(one.names) if place in batch.meeting else ()
        meeting = batch.meeting.get(place, ())
        changed = [r for r in meeting if writing.torn or r.claim.resource in names]
        if changed:
            await writing.meet(batch.prepared[place].changes.source, changed)
    if batch.aliases:
        await writing.alias(batch.aliases)
    if batch.progress is not None and run.cursor != batch.progress.cursor:
        writing.run = replace(run, cursor=batch.progress.cursor)
        await writing.store.save_run(writing.run)


# --- the processes that read -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """What a reading process is told."""

    source: Parted
    make_ontology: MakeOntology
    prepare: Prepare
    blank: ChangeSet


class Part(NamedTuple):
    """What a part of the source comes to."""

    batches: list[Batch]
    tally: Tally


_here: tuple[Task, Ontology]


def _begin(task: Task) -> None:
    global _here
    _here = task, task.make_ontology()


def _read(since: str, until: str) -> Part:
    task, ontology = _here
    reading = Reading(task.source, ontology)
    batches = [Batch()]
    for step in reading.steps(since, until):
        _add(batches[-1], step, task, ontology)
        if step.aliases:
            batches.append(Batch())
    return Part(batches, reading.tally)


async def _parts(source: Parted, count: int, since: str) -> AsyncIterator[tuple[str, str]]:
    async for until in followed(source.cuts(count, since)):
        yield since, until
        since = until


def _add(batch: Batch, step: Step, task: Task, ontology: Ontology) -> None:
    """The claims of a step, a change set a teller."""
    own = task.blank.source
    for teller, records in by_teller(step.records):
        claims = tuple(record.claim for record in records)
        told: Teller = teller or own
        meeting = [r for r in records if told == own and may_meet(r, ontology)]
        if meeting:
            batch.meeting[len(batch.prepared)] = meeting
        changes = replace(task.blank, source=told, claims=claims)
        batch.prepared.append(task.prepare(changes, ontology))
        batch.claims += len(claims)
        if told == own:
            batch.own.extend(claim.resource for claim in claims)
        for claim in claims:
            kind = claim.type or ""
            batch.types[kind] = batch.types.get(kind, 0) + 1
            batch.links += len(claim.links)
    batch.aliases += step.aliases
    batch.progress = step.progress or batch.progress
