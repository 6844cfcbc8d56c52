"""The national ledger: made, loaded, asked; its section of BENCHMARKS.md. `make bench-national`.

    python tests/bench/national.py [--scale 1] [--data FOLDER] [--seconds 600] [--keep]

Scale 1 is 3 million entries and tables, 20 million items, 46 million links (`nation.py`). Each
step of the load is a process of its own, search and reach side by side; a load that was broken
off goes on if it is started again with the same `--data` and `--keep`. Nothing is asserted but
that the load has no errors. `--no-page` prints only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from tests.bench import national_asks as asks
from tests.bench.nation import Nation, write
from tests.bench.run import PAGE, figures, machine, with_section
from tests.bench.server import memory
from tests.bench.server import served as server

STEPS = Path(__file__).with_name("national_steps.py")


def started(step: str, folder: Path, file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(STEPS), step, str(folder), str(file)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(processes: Sequence[subprocess.Popen[str]]) -> list[dict[str, Any]]:
    told = []
    for process in processes:
        out, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"step failed: {' '.join(map(str, process.args))}")  # type: ignore[arg-type]
        told.append(json.loads(out.splitlines()[-1]))
    return told


def loaded(folder: Path, nation: Nation) -> dict[str, Any]:
    """Files, record, search and reach beside each other, then the delivery of a year after."""
    begun = time.perf_counter()
    first, later = write(folder / "files", nation)
    told: dict[str, Any] = {
        "resources": nation.resources,
        "files": {"s": time.perf_counter() - begun, "gb": _gb(first) + _gb(later)},
    }
    ledger, begun = folder / "ledger", time.perf_counter()
    (told["record"],) = ended([started("record", ledger, first)])
    told["search"], told["reach"] = ended(
        [started(step, ledger, first) for step in ("search", "reach")]
    )
    seconds = time.perf_counter() - begun
    told["whole load"] = {"s": seconds, "resources a second": nation.resources / seconds}
    told["on disk, gb"] = {
        "record": _gb(*ledger.glob("ledger.db*")),
        "search": _gb(*(ledger / "search").rglob("*")),
        "reach": _gb(*(ledger / "reach").glob("*")),
    }
    told["bytes a resource"] = {
        part: gb * 1e9 / nation.resources for part, gb in told["on disk, gb"].items()
    }
    (told["a delivery a year after"],) = ended([started("later", ledger, later)])
    return told


def _gb(*files: Path) -> float:
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e9


def asked(folder: Path, nation: Nation, seconds: float) -> dict[str, Any]:
    ledger = folder / "ledger"
    year_ago = asyncio.run(asks.head_of_first(ledger))
    told: dict[str, Any] = {
        "record": asyncio.run(asks.pages(ledger, nation)),
        "reach": asyncio.run(asks.walks(ledger, nation, year_ago)),
    }
    told["stream"] = streamed(ledger, nation)
    with server(ledger, 1) as (port, start):
        told["server"] = {
            "ready, s": start["seconds"],
            **asyncio.run(asks.served(port, nation, year_ago, seconds)),
            "memory, mb": memory([start["pid"]]),
        }
    return told


def streamed(ledger: Path, nation: Nation) -> dict[str, Any]:
    """The largest impact with its paths as JSON Lines, of 100 results and whole: how fast, and the
    most memory that the command had."""
    start = max(nation.starts(), key=lambda s: s.size)
    told: dict[str, Any] = {}
    for first in (100, start.size):
        line = [sys.executable, "-m", "api.cli", "impact", start.id, "--why", "--format", "jsonl"]
        line += ["--first", str(first), "--data", str(ledger)]
        begun = time.perf_counter()
        with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE) as command:
            assert command.stdout is not None
            lines = sum(1 for _ in command.stdout)
            _, _, used = os.wait4(command.pid, 0)
            command.returncode = 0
        told[f"impact, {first:,} results"] = {
            "lines a second": lines / (time.perf_counter() - begun),
            "peak_mb": used.ru_maxrss / 1_024,
        }
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--seconds", type=float, default=600.0, help="of the mixed clients")
    parser.add_argument("--patience", type=float, help="seconds for the rounds of one figure")
    parser.add_argument("--keep", action="store_true", help="leave the data in FOLDER")
    parser.add_argument("--no-page", action="store_true", help="do not write BENCHMARKS.md")
    said = parser.parse_args()
    nation = Nation(said.scale, said.seed)
    asks.patience = said.patience or asks.patience
    folder = said.data or Path(tempfile.mkdtemp(prefix="mulu-national-"))
    try:
        told: dict[str, Any] = {"load": loaded(folder, nation)}
        told |= asked(folder, nation, said.seconds)
    finally:
        if not said.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(told, ensure_ascii=False, indent=1))
    if not said.no_page:
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        words = [f"Scale {said.scale:g}, seed {said.seed}; {machine()}; {day}.", ""]
        rows = [f"| {what} | {much} |" for what, much in figures(told)]
        section = [*words, "| Work | Figure |", "|---|---|", *rows]
        PAGE.write_text(with_section(PAGE.read_text("utf-8"), "national", section), "utf-8")


if __name__ == "__main__":
    main()
