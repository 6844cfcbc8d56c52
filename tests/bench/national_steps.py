"""The steps of the national load, each in a process of its own: `python … STEP FOLDER FILE`.

record · search · reach · later; prints JSON. Search and reach read the record at once.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from api.settings import settings
from api.wiring import open_ledger
from ingest.bulk import load
from ingest.projector import WINDOW
from ingest.registry import open_source
from ingest.source import Options, Progress
from ontology.load import load_ontology
from tests.bench.nation import SOURCE

YEAR_AGO, TODAY = datetime(2025, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


async def record(folder: Path, file: Path, at: datetime) -> dict[str, Any]:
    """The file into the record, in bulk; what was broken off goes on."""
    ontology = load_ontology()
    source = open_source("jsonl", str(file), Options(source=SOURCE), ontology)
    async with open_ledger(settings(data=folder)) as ledger:
        report = await load(
            ledger.store, source, load_ontology, actor="bench", at=at, resume=True, progress=told
        )
    counts = report.counts
    assert not counts.errors, report.problems[:3]
    return {"new": counts.new, "changed": counts.changed, "links": counts.links}


BEGUN = time.perf_counter()
EVERY = 100_000
"""Documents between two lines about search."""


def told(progress: Progress) -> None:
    line(progress.done, progress.total, progress.what)


def line(done: int, total: int, what: str) -> None:
    """For who watches a load of hours."""
    left = (time.perf_counter() - BEGUN) * (total - done) / max(1, done) / 60
    share = f"{done / max(1, total):.1%}"
    print(
        f"{time.strftime('%T')} {share} {what} · {left:.1f} min left", file=sys.stderr, flush=True
    )


async def search(folder: Path, _: Path) -> dict[str, Any]:
    def shown(done: int, total: int) -> None:
        if done // EVERY > (done - WINDOW) // EVERY:
            line(done, total, f"search · {done / (time.perf_counter() - BEGUN):,.0f}/s")

    async with open_ledger(settings(data=folder)) as ledger:
        await ledger.projections.catch_up(shown)
    return {}


async def reach(folder: Path, _: Path) -> dict[str, Any]:
    async with open_ledger(settings(data=folder)) as ledger:
        index = await ledger.reaching.reach()
        return {"links": index.links, "upto": index.upto}


async def later(folder: Path, file: Path) -> dict[str, Any]:
    """The second delivery, over a growing ledger, until everything shows it."""
    counts = await record(folder, file, TODAY)
    async with open_ledger(settings(data=folder)) as ledger:
        await ledger.reaching.reach()
        await ledger.projections.catch_up()
    return counts


def main() -> None:
    step, folder, file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work = {
        "record": lambda: record(folder, file, YEAR_AGO),
        "search": lambda: search(folder, file),
        "reach": lambda: reach(folder, file),
        "later": lambda: later(folder, file),
    }[step]
    begun = time.perf_counter()
    found = asyncio.run(work())
    most = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(json.dumps({**found, "s": time.perf_counter() - begun, "peak_mb": sum(most) // 1024}))


if __name__ == "__main__":
    main()
