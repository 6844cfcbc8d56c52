"""Which run an import is: a new one, or one that was broken off and goes on at its cursor."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from graph.store import GraphStore, Run
from ingest.source import Place, Source, Streaming, Unread
from ontology.problem import Problem, Severity

STARTED_OVER = Problem(
    "目标在中断后有改动，已从头读起 (changed since the break: read from its beginning)",
    severity=Severity.WARNING,
)


class Begun(NamedTuple):
    """The run to go on with, or a new one, and what is to be told of that. `torn`: the last
    one was broken off, perhaps behind a commit and before it was looked whether what it
    committed is known under other names."""

    run: Run
    told: tuple[Problem, ...]
    torn: bool


async def begin_run(
    store: GraphStore, source: Source, *, resume: bool, key: str | None = None
) -> Begun:
    """One asked for under a key that is already known is that run, finished or not. A cursor
    counts only while the target is what it was: behind it would stand something else."""
    runs = [run for run in await store.runs(source.name, limit=1_000) if run.scope == source.scope]
    torn = bool(runs) and runs[0].finished is None
    return Begun(*_chosen(runs, source, resume=resume, key=key), torn)


def _chosen(
    runs: Sequence[Run], source: Source, *, resume: bool, key: str | None
) -> tuple[Run, tuple[Problem, ...]]:
    for run in runs:
        if run.id == key:
            if run.finished or not run.cursor or goes_on(run, source):
                return run, ()
            return replace(run, cursor="", problems=0), (STARTED_OVER,)
    new = Run(key or uuid.uuid4().hex, source.name, source.scope, datetime.now(UTC))
    if not resume or not runs or runs[0].finished or not runs[0].cursor:
        return new, ()
    return (runs[0], ()) if goes_on(runs[0], source) else (new, (STARTED_OVER,))


def goes_on(run: Run, source: Source) -> bool:
    """Whether the run's cursor still holds."""
    return isinstance(source, Streaming) and source.streams and source.fits(run.cursor)


def passed_over(run: Run) -> tuple[Unread, ...]:
    """What a run that goes on behind errors does not read again: which resources they kept
    out is not known any more, so nothing may be taken for gone."""
    if not (run.cursor and run.problems):
        return ()
    why = (
        f"中断前已有 {run.problems} 处错误，不再重读，因此本次不撤回任何资源 (errors before the "
        "break, not read again: nothing is withdrawn)。改正后不带 --resume 再导入一次"
    )
    return (Unread(Place(run.scope), why),)
