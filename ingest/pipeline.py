"""A run of a source: read, check, compare, commit in short steps, withdraw, report.

    report = await ingest(store, ontology, source, actor="张三")

What a source says again without change makes no commit. The steps are short, so that an edit
beside an import gets through. Only a run that read everything withdraws what is gone, within
its own scope and in its last commit; more than a fifth of it only if confirmed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from graph.around import Surroundings
from graph.store import GraphStore
from ingest.around import Delivery, beside
from ingest.collected import seldom_collected
from ingest.reading import Reading, Step, Tally
from ingest.report import Counts, Report
from ingest.resume import begin_run, passed_over
from ingest.source import Progress, Source
from ingest.thread import followed
from ingest.writing import Writing
from ontology.model import Ontology
from ontology.resource import ChangeSet, Claim

WRITING = "写入 / writing"
"""What a run is doing once its source is read."""


async def ingest(
    store: GraphStore,
    ontology: Ontology,
    source: Source,
    *,
    actor: str,
    dry_run: bool = False,
    strict: bool = False,
    confirm: bool = False,
    resume: bool = False,
    at: datetime | None = None,
    reason: str = "",
    key: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    allowed: Callable[[ChangeSet], Awaitable[None]] | None = None,
) -> Report:
    """Run the source into the store.

    `dry_run` writes nothing and lists what would change. `strict` writes nothing if any row
    has an error. `resume` goes on where the last run of this source and target was broken
    off. `at` dates a delivery; `key` makes it idempotent: a second run under it does nothing,
    or goes on where the first was broken off. `allowed` raises Forbidden for what the actor
    may not write, a dry run's too: it tells what was there before. Raises InvalidInput where the
    target cannot be read, and where more than a fifth would be withdrawn without `confirm`:
    before anything is written, unless the source streams (then only the withdrawal is left undone).
    """
    began = time.perf_counter()
    await asyncio.to_thread(source.check)
    run, told, torn = await begin_run(store, source, resume=resume, key=key)
    if run.finished is not None:
        return Report(source.name, source.scope, run.id, dry_run, run.complete, 0.0, Counts())
    reason = reason or source.scope
    writing = Writing(store, ontology, source, run, actor, reason, at, dry_run, allowed, torn)
    await writing.look()
    loop = asyncio.get_running_loop()

    def asked(delivery: Delivery) -> Surroundings:
        """From the thread that reads."""
        found = beside(store, ontology, delivery)
        return asyncio.run_coroutine_threadsafe(found, loop).result()

    reading = Reading(source, ontology, asked)
    tally = reading.tally
    for problem in told:
        tally.add(problem)
    at_once = reading.streams and not strict
    if at_once:
        await writing.begin()
    held_back: list[Step] = []
    with seldom_collected():
        async for step in followed(reading.steps(run.cursor)):
            if step.progress is not None and progress is not None:
                progress(step.progress)
            if at_once:
                await writing.take(step)
            else:
                held_back.append(step)
    await writing.ask(claims=tuple(Claim(id, None) for id in tally.kept_out))
    tally.unread.extend(passed_over(run))
    refused = ""
    if strict and tally.errors:
        refused = f"有 {tally.errors} 处错误，严格模式下未写入任何内容 (strict: nothing written)"
    else:
        if not at_once:
            writing.expect(held_back, tally.kept_out)
            await writing.weigh(tally.complete, confirm=confirm)
            await writing.begin()
        for done, step in enumerate(held_back, 1):
            await writing.take(step)
            if progress is not None and not dry_run:
                progress(Progress(done, len(held_back), WRITING))
        await writing.finish(tally, confirm=confirm)
        refused = writing.refused
    return report_of(writing, tally, time.perf_counter() - began, refused)


def report_of(writing: Writing, tally: Tally, seconds: float, refused: str = "") -> Report:
    """What came of a run."""
    run = writing.run
    return Report(
        source=run.source,
        scope=run.scope,
        run=run.id,
        dry_run=writing.dry_run,
        complete=tally.complete and not refused,
        seconds=seconds,
        counts=replace(
            writing.counts,
            read=tally.read,
            rejected=tally.rejected,
            secret=tally.secret,
            errors=tally.errors,
            warnings=tally.warnings,
        ),
        types=dict(sorted(writing.types.items())),
        commits=writing.commits,
        problems=tuple(tally.problems),
        understood=tuple(tally.understood),
        unread=tuple(tally.unread),
        duplicates=tuple(writing.duplicates),
        aliases=tuple(writing.aliases),
        changes=tuple(writing.changes),
        refused=refused,
        rejected=tuple(tally.rows),
    )
