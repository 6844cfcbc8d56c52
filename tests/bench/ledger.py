"""The whole ledger at work: import into record, search and reach; an edit until it shows;
the start of a server on the sample city.

    python tests/bench/ledger.py [--resources 50000] [--edits 100]
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from api.ledger import Ledger
from api.settings import settings
from api.wiring import open_ledger
from ingest import bulk
from ingest.pipeline import ingest
from ingest.registry import open_source
from ingest.source import Options
from ontology.load import load_ontology
from ontology.resource import ChangeSet, Edit, Rank, ResourceId, Source
from tests.bench.figures import sizes, spread, tell

PERSON = Source("人工", Rank.CURATED)
PLACES = ("人口", "法人", "社保", "医保", "公积金", "不动产", "排污", "交通", "教育", "住房")
MATTERS = ("登记", "缴费", "核验", "许可", "监测", "统计", "台账", "名录", "档案", "清单")


def lines(count: int) -> str:
    """Entries with a provider, datasets with fields, and lineage between fields; in the order
    of their ids, as `mulu export` writes them."""
    draw = random.Random(7)
    out: list[str] = []
    for n in range(count // 12):
        name = f"{draw.choice(PLACES)}{draw.choice(MATTERS)}信息{n}"
        dataset = f"dataset:postgres://db.example:5432/city.public.t_{n}"
        out.append(
            json.dumps(
                {
                    "id": f"entry:990100/{n}",
                    "type": "InformationResource",
                    "attributes": {
                        "title": name,
                        "abstract": f"{name}，按日归集，供共享使用。",
                        "sharingType": "无条件共享",
                        "updateCycle": "每日",
                        "securityLevel": "内部数据",
                    },
                    "links": [
                        {"type": "providedBy", "target": f"org:990100/部门{n % 40}"},
                        {"type": "mounts", "target": dataset},
                    ],
                },
                ensure_ascii=False,
            )
        )
        fields = [f"field:{dataset[8:]}#c{k}" for k in range(10)]
        out.append(
            json.dumps(
                {
                    "id": dataset,
                    "type": "Table",
                    "attributes": {"name": f"city.public.t_{n}", "displayName": name},
                    "links": [{"type": "hasField", "target": f} for f in fields],
                },
                ensure_ascii=False,
            )
        )
        for k, field in enumerate(fields):
            origin = f"field:postgres://db.example:5432/city.public.t_{max(0, n - 1 - k)}#c{k}"
            out.append(
                json.dumps(
                    {
                        "id": field,
                        "type": "Field",
                        "attributes": {
                            "physicalName": f"c{k}",
                            "sqlType": "varchar(32)",
                            "ordinal": k,
                        },
                        "links": [
                            {
                                "type": "fieldDerivedFrom",
                                "target": origin,
                                "properties": {"derivation": "identity", "job": f"job:bench/{n}"},
                                "key": f"job:bench/{n}",
                            }
                        ]
                        if origin != field
                        else [],
                    }
                )
            )
    out.sort(key=lambda line: str(json.loads(line)["id"]))
    return "\n".join(['{"mulu":"jsonl","version":1,"ontology":"","sorted":true}', *out]) + "\n"


async def imported(ledger: Ledger, file: Path, count: int) -> dict[str, float]:
    begun = time.perf_counter()
    source = open_source("jsonl", str(file), Options(), ledger.ontology)
    if bulk.is_large(ledger.store, source):  # as the command does
        report = await bulk.load(
            ledger.store, source, load_ontology, actor="bench", transaction=bulk.SHORT
        )
    else:
        report = await ingest(ledger.store, ledger.ontology, source, actor="bench")
    record = time.perf_counter() - begun
    await ledger.projections.catch_up()
    await ledger.reaching.reach()
    whole = time.perf_counter() - begun
    done = report.counts.resources
    assert not report.counts.errors, report.problems[:3]
    return {
        "resources": done,
        "record /s": done / record,
        "record + search + reach /s": done / whole,
    }


async def edited(ledger: Ledger, edits: int) -> dict[str, dict[str, float]]:
    """Acknowledged, and visible in search and in reach."""
    acknowledged, visible = [], []
    for n in range(edits):
        edit = Edit(ResourceId(f"entry:990100/{n}"), set={"abstract": f"改于第 {n} 次"})
        begun = time.perf_counter()
        commit = await ledger.commit(ChangeSet("bench", PERSON, edits=(edit,)))
        acknowledged.append((time.perf_counter() - begun) * 1e3)
        assert commit is not None
        assert await ledger.projections.wait(commit.number, 5.0)
        visible.append((time.perf_counter() - begun) * 1e3)
    return {"edit acknowledged": spread(acknowledged), "edit visible": spread(visible)}


def started(folder: Path) -> dict[str, float]:
    """Seconds from the command to the first answer on the sample city; memory then."""
    command = [sys.executable, "-m", "api.cli"]
    subprocess.run(
        [*command, "demo", "--load-only", "--data", str(folder)], check=True, capture_output=True
    )
    begun = time.perf_counter()
    server = subprocess.Popen([*command, "serve", "--port", "8765", "--data", str(folder)])
    try:
        while time.perf_counter() - begun < 30:
            try:
                urllib.request.urlopen("http://127.0.0.1:8765/readyz", timeout=1).read()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
        seconds = time.perf_counter() - begun
        status = Path(f"/proc/{server.pid}/status").read_text()
        memory = next(int(x.split()[1]) for x in status.splitlines() if x.startswith("VmRSS"))
    finally:
        server.terminate()
        server.wait(10)
    return {"seconds": seconds, "MB": memory / 1024}


async def measure(folder: Path, resources: int, edits: int) -> dict[str, Any]:
    file = folder / "bench.jsonl"
    file.write_text(lines(resources), "utf-8")
    async with open_ledger(settings(data=folder / "ledger")) as ledger:
        found: dict[str, Any] = {"import (jsonl)": await imported(ledger, file, resources)}
        found |= await edited(ledger, edits)
    begun = time.perf_counter()
    found["sample city: start of the server"] = started(folder / "city")
    found["sample city: load and start, s"] = time.perf_counter() - begun
    return found


def main() -> None:
    asked = sizes(__doc__, resources=50_000, edits=100).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tell(asyncio.run(measure(Path(folder), asked.resources, asked.edits)))


if __name__ == "__main__":
    main()
