"""The national bench at a small scale: it loads, from files to record, search and reach, and
what it asks is answered. How fast is for `make bench-national`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.bench.nation import Nation

ROOT = Path(__file__).resolve().parents[2]
SCALE = 0.0004


@pytest.mark.timeout(600)  # a dozen processes, on a machine that does other things beside
async def test_a_small_nation_is_loaded_and_answers(tmp_path: Path) -> None:
    bench = await asyncio.create_subprocess_exec(
        *(sys.executable, "tests/bench/national.py", "--no-page", "--data", str(tmp_path / "n")),
        *("--scale", str(SCALE), "--seconds", "2", "--patience", "0.2"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await bench.communicate()
    assert bench.returncode == 0
    told = json.loads(out)
    nation = Nation(SCALE)
    load, reach, server = told["load"], told["reach"], told["server"]
    assert load["record"]["new"] == nation.resources
    assert load["reach"]["links"] == load["record"]["links"]
    assert load["a delivery a year after"]["changed"] > 0
    assert {start.size for start in nation.starts()} == {500, 250, 100}
    for start in nation.starts():
        name = f"{start.size:,} {'scattered' if start.scattered else 'close'}"
        assert reach[f"found, {name}"] == start.size - 1
    assert reach["peer, SQL level by level, 500 scattered"]["found"] > 0
    assert server["16 clients, mixed"]["errors"] == 0
    assert not (tmp_path / "n").exists()  # without --keep nothing stays
