"""The gate in a build: fifty changes of the sample city's warehouse, asked of the ledger in a file
and of the same ledger served; whole commands, as a build starts them.

    python tests/bench/gate.py [--changes 50] [--rounds 5]

A third of the changes drops a column, a third renames one, a third gives it another type.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from api.gate.state import read_state
from ingest.source import Options
from tests.bench.figures import sizes, spread, tell
from tests.bench.server import served

DDL = ROOT / "samples" / "yunlan" / "ddl" / "2026-01" / "dw"
BOUND = Options(
    namespace="postgres://dw.yunlan.example:5432",
    database="dw",
    schema="public",
    dialect="postgres",
)
COMMAND = [sys.executable, "-m", "api.cli"]
ACTIONS = ("DROP COLUMN {}", "RENAME COLUMN {0} TO {0}_x", "ALTER COLUMN {} TYPE varchar(9)")


def script(count: int) -> str:
    """So many statements, each on a column of its own, spread over all tables."""
    tables = read_state(DDL, BOUND).tables.values()
    columns = [(t.name, c.name) for t in tables if not t.view for c in t.columns]
    chosen = columns[:: len(columns) // count][:count]
    return "".join(
        f"ALTER TABLE {table} {ACTIONS[n % len(ACTIONS)].format(column)};\n"
        for n, (table, column) in enumerate(chosen)
    )


def timed(line: list[str], rounds: int) -> dict[str, Any]:
    """Milliseconds of a whole command; what it found."""
    taken, told = [], b""
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        done = subprocess.run(line, cwd=ROOT, capture_output=True, check=False)
        taken.append(1_000 * (time.perf_counter() - begun))
        told = done.stdout
    found = json.loads(told)
    return {
        **spread(taken[1:]),
        "changes": len(found["changes"]),
        "findings": len(found["findings"]),
        "doubts": len(found["doubts"]),
    }


def measure(folder: Path, changes: int, rounds: int) -> dict[str, Any]:
    data, new = folder / "data", folder / "new"
    loading = [*COMMAND, "demo", "--load-only", "--data", str(data)]
    subprocess.run(loading, cwd=ROOT, check=True, capture_output=True)
    new.mkdir()
    (new / "V9__x.sql").write_text(script(changes), "utf-8")
    whole = folder / "whole"
    whole.mkdir()
    for old in sorted(DDL.glob("*.sql")):
        (whole / old.name).write_text(old.read_text("utf-8"), "utf-8")
    (whole / "V9__x.sql").write_text(script(changes), "utf-8")
    bound = ["--namespace", BOUND.namespace, "--database", BOUND.database]
    bound += ["--schema", BOUND.schema, "--dialect", BOUND.dialect, "--json"]
    ways = {
        "migrations": [*COMMAND, "gate", "--migrations", str(new), *bound],
        "two states": [*COMMAND, "gate", "--ddl", str(DDL), str(whole), *bound],
    }
    told = {
        f"{way}, ledger in a file": timed([*line, "--data", str(data)], rounds)
        for way, line in ways.items()
    }
    with served(data, 1) as (port, _):
        address = f"http://127.0.0.1:{port}"
        for way, line in ways.items():
            told[f"{way}, served ledger"] = timed([*line, "--server", address], rounds)
    return told


def main() -> None:
    asked = sizes(__doc__, changes=50, rounds=5).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tell(measure(Path(folder), asked.changes, asked.rounds))


if __name__ == "__main__":
    main()
