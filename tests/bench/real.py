"""Real input, published by others, into an empty ledger: what came in, what was refused.

    python tests/bench/real.py

The files lie beside the checkout (../shared/data) or where MULU_SHARED_DATA says.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from api.settings import settings
from api.wiring import open_ledger
from ingest.pipeline import ingest
from ingest.registry import open_source
from ingest.schemas import LedgerSchemas
from ingest.source import Options
from tests.bench.figures import tell

SOURCES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("ddl", "government_catalog/ddl", {"namespace": "mysql://catalogue.example:3306"}),
    ("ddl", "relational_ddl/ruoyi_vue_pro_mysql.sql", {"namespace": "mysql://a.example:3306"}),
    (
        "ddl",
        "relational_ddl/ruoyi_vue_pro_postgresql.sql",
        {"namespace": "postgres://b.example:5432"},
    ),
    ("ddl", "relational_ddl/ruoyi_vue_pro_oracle.sql", {"namespace": "oracle://c.example:1521"}),
    ("ddl", "relational_ddl/ruoyi_vue_pro_dm8.sql", {"namespace": "dm://d.example:5236"}),
    ("excel", "government_catalog/templates", {"node": "990100", "region": "990100"}),
    ("catalogue", "open_data_catalogs/taiwan_datasets_940.json", {"node": "data.gov.tw"}),
    ("catalogue", "service_matters/guangan_items.json", {}),
    ("catalogue", "code_sets/areas.csv", {}),
    ("catalogue", "departments/central.jsonl", {"region": "100000"}),
)


async def measure(data: Path, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async with open_ledger(settings(data=folder)) as ledger:
        for kind, target, said in SOURCES:
            options = Options(schemas=LedgerSchemas(ledger.store, ledger.ontology), **said)  # type: ignore[arg-type]
            source = open_source(kind, str(data / target), options, ledger.ontology)
            report = await ingest(ledger.store, ledger.ontology, source, actor="bench")
            counts = report.counts
            why = Counter(p.what[:40] for p in report.problems if p.severity == "error")
            found[f"{kind} {target}"] = {
                "rows": counts.read,
                "resources": counts.resources,
                "links": counts.links,
                "rejected": counts.rejected,
                "errors": counts.errors,
                "warnings": counts.warnings,
                "seconds": round(report.seconds, 2),
            } | ({"why": "; ".join(f"{n}× {w}" for w, n in why.most_common(3))} if why else {})
    return found


def main() -> None:
    data = Path(os.environ.get("MULU_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not data.is_dir():
        tell({"skipped": "no real input here; set MULU_SHARED_DATA to its folder"})
        return
    with tempfile.TemporaryDirectory() as folder:
        tell(asyncio.run(measure(data, Path(folder))))


if __name__ == "__main__":
    main()
