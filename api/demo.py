"""Loads the sample city: its deliveries one after another, each dated, as they arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from api.ledger import Ledger
from ingest.pipeline import ingest
from ingest.projector import Told
from ingest.registry import open_source
from ingest.report import Report
from ingest.schemas import LedgerSchemas
from ingest.source import Options, Progress
from ontology.resource import Rank


@dataclass(frozen=True, slots=True)
class Delivery:
    """One step of the manifest: a source of one kind, handed over on a date."""

    kind: str
    target: str
    at: datetime
    options: Mapping[str, Any]


def city() -> Path:
    """The folder of the sample city's files."""
    return Path(str(files("samples"))) / "yunlan"


def deliveries(folder: Path) -> list[Delivery]:
    """What `city.yaml` lists, in order."""
    manifest = yaml.safe_load((folder / "city.yaml").read_text("utf-8"))
    found: list[Delivery] = []
    for delivery in manifest["deliveries"]:
        for step in delivery["steps"]:
            options = {k: v for k, v in step.items() if k not in ("kind", "target", "at")}
            at = _instant(step.get("at", delivery["at"]))
            found.append(Delivery(step["kind"], str(folder / step["target"]), at, options))
    return found


async def load_city(
    ledger: Ledger,
    progress: Callable[[Progress], None] | None = None,
    indexing: Told | None = None,
) -> list[Report]:
    """Read every delivery that the ledger has not taken in yet, then index them all.

    A second call reads nothing; one that was broken off goes on where it stopped."""
    reports: list[Report] = []
    runs = await ledger.store.runs(limit=10_000)
    done = Counter((run.source, run.scope) for run in runs if run.finished)
    for step in deliveries(city()):
        source = open_source(step.kind, step.target, _options(ledger, step), ledger.ontology)
        if done[source.name, source.scope]:
            done[source.name, source.scope] -= 1  # a later delivery may be of the same files
            continue
        report = await ingest(
            ledger.store,
            ledger.ontology,
            source,
            actor="demo",
            reason=f"示例城市交付 / sample delivery {step.at:%Y-%m}",
            at=step.at,
            confirm=True,
            progress=progress,
        )
        reports.append(report)
    await ledger.projections.catch_up(indexing)
    return reports


def _options(ledger: Ledger, step: Delivery) -> Options:
    said = dict(step.options)
    rank = said.pop("rank", None)
    mapping = said.pop("mapping", "")
    return Options(
        rank=Rank[rank.upper()] if rank else None,
        mapping=str(city() / mapping) if mapping else "",
        schemas=LedgerSchemas(ledger.store, ledger.ontology),
        **said,
    )


def _instant(day: date | str) -> datetime:
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(found.year, found.month, found.day, 1, tzinfo=UTC)
