"""What breaks from outside: killed imports, damaged folders, drift, a full disk. Each is a
clear message, nothing acknowledged is lost, and projections are built again."""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.ledger import Ledger
from api.settings import settings
from api.wiring import kept_up, open_ledger
from ontology.errors import Damaged, Unavailable
from ontology.resource import ResourceId
from ontology.viewer import LOCAL
from search.document import SearchDocument
from tests.api.command import ROOT, environment, made, mulu, started
from tests.api.running import serving

KILLS = max(3, int(os.environ.get("MULU_CRASHES", "30")) // 10)
"""Imports that are killed: 3 in `make test`, more by MULU_CRASHES."""
ROWS = 6_000


def departments(path: Path, count: int, name: str = "云澜市第{}局") -> Path:
    told = (
        {"id": f"org:d{n:05d}", "type": "Department", "attributes": {"name": name.format(n)}}
        for n in range(count)
    )
    header = json.dumps({"mulu": "jsonl", "version": 1, "sorted": True})
    lines = [header, *(json.dumps(one, ensure_ascii=False) for one in told)]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data folder with forty departments, indexed."""
    data = tmp_path / "data"
    file = departments(tmp_path / "small.jsonl", 40)
    assert mulu("ingest jsonl", file, data=data).code == 0
    return data


def sound(data: Path) -> None:
    assert mulu("verify --json", data=data).json == {
        "sound": True, "repaired": False, "flaws": [],
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_import_loses_nothing_and_goes_on(seed: int, tmp_path: Path) -> None:
    data, file = tmp_path / "data", departments(tmp_path / "many.jsonl", ROWS)
    data.mkdir()
    made(data)  # so that the kill falls into the import
    running = started("ingest", "jsonl", file, data=data)
    end = time.monotonic() + 60
    seen: list[dict[str, Any]] = []
    while not seen and running.poll() is None and time.monotonic() < end:
        seen = mulu("log --limit 100 --json", data=data).json
    time.sleep(random.Random(seed).random() * 0.8)
    before = mulu("log --limit 100 --json", data=data).json
    running.send_signal(signal.SIGKILL)
    running.communicate()

    after = mulu("log --limit 100 --json", data=data).json
    assert after[-len(before) :] == before, "every commit that was read is still there"
    found = mulu("search 云澜市 --json", data=data).json
    assert found["complete"], "projections catch up without repair"
    sound(data)
    done = mulu("ingest jsonl", file, "--resume", "--json", data=data)
    assert done.code == 0, done.out + done.err
    assert mulu("search 云澜市 --json", data=data).json["total"] == ROWS
    sound(data)


def search_files(data: Path) -> list[Path]:
    return sorted(p for p in (data / "search").rglob("*") if p.is_file())


@pytest.mark.parametrize("how", ["gone", "pointer", "description", "segments", "empty"])
def test_a_damaged_search_folder_is_built_again(how: str, small: Path) -> None:
    files = search_files(small)
    if how == "gone":
        shutil.rmtree(small / "search")
    for file in files if how != "gone" else ():
        chosen = {
            "pointer": file.name == "current",
            "description": file.name == "generation.json",
            "segments": file.parent.name == "index",
            "empty": True,
        }[how]
        if chosen:
            file.write_bytes(b"" if how == "empty" else b"\xff damaged")
    first = mulu("search 云澜市 --json", data=small)
    if first.code:  # said how to mend it
        assert "mulu reindex" in first.err
        assert "Traceback" not in first.err
        assert mulu("reindex", data=small).code == 0
    assert mulu("search 云澜市 --json", data=small).json["total"] == 40
    sound(small)


@pytest.fixture
def hurt(tmp_path: Path) -> Path:
    """A data folder with ROWS departments whose search index can be opened, but not read."""
    data, file = tmp_path / "data", departments(tmp_path / "many.jsonl", ROWS)
    assert mulu("ingest jsonl", file, "--json", data=data).code == 0
    for stored in (data / "search").rglob("*.store"):
        with stored.open("r+b") as damaged:  # not what is read when it is opened, which lies last
            damaged.write(b"\x5a" * (stored.stat().st_size // 2))
    return data


async def test_a_server_that_meets_damage_builds_search_anew(hurt: Path) -> None:
    """Deep inside, where only a reader meets it: no commit is made, nobody lends a hand."""
    async with open_ledger(settings(data=hurt)) as ledger:
        with pytest.raises(Damaged):
            await ledger.search(ledger.query("云澜市"), LOCAL)
        async with kept_up(ledger), asyncio.timeout(60):
            total = 0
            while total != ROWS:
                with suppress(Unavailable):
                    total = (await ledger.search(ledger.query("云澜市"), LOCAL)).total
                await asyncio.sleep(0.05)


def test_a_damaged_snapshot_is_built_again(small: Path) -> None:
    before = mulu("impact org:d00001 --json", data=small).json
    files = [p for p in (small / "reach").rglob("*") if p.is_file()]
    assert files, "a snapshot was kept"
    for file in files:
        with file.open("r+b") as opened:
            opened.truncate(max(1, file.stat().st_size // 2))
    assert mulu("impact org:d00001 --json", data=small).json == before
    sound(small)


def test_a_damaged_record_is_said_as_such(small: Path) -> None:
    record = small / "ledger.db"
    with record.open("r+b") as file:
        for page in range(1, record.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    for line in ("log", "search 云澜市", "show org:d00001", "export -"):
        done = mulu(line, data=small)
        assert done.code == 2, line
        assert "ledger.db" in done.err
        assert "internal error" not in done.err
        assert "Traceback" not in done.err


def drifted(data: Path) -> set[str]:
    """Take ten documents out of the index, alter ten, add ten; gives the ids."""

    async def work() -> set[str]:
        async with open_ledger(settings(data=data)) as ledger:
            return await _drift(ledger)

    return asyncio.run(work())


async def _drift(ledger: Ledger) -> set[str]:
    ids = [ResourceId(f"org:d{n:05d}") for n in range(40)]
    docs, _ = await ledger.projections._projector.documents(ids[10:20])
    known, _ = await ledger.projections._projector.documents(ids[:10])
    altered = [_other(d, d.id) for d in docs]
    added = [_other(d, ResourceId(f"{d.id}-ghost")) for d in known]
    upto = await ledger.index.position()
    await ledger.index.put([*altered, *added], upto=upto, deleted=ids[20:30])
    await ledger.index.release()
    return {*ids[20:30], *(d.id for d in altered), *(d.id for d in added)}


def _other(doc: SearchDocument, id: ResourceId) -> SearchDocument:
    return replace(doc, id=id, prior=doc.prior + 1.0)


def test_every_drift_is_found_and_repaired_while_serving(small: Path) -> None:
    with serving(small) as server:
        wrong = drifted(small)
        told = mulu("verify --json", data=small)
        assert told.code == 1
        assert {flaw["where"] for flaw in told.json["flaws"]} == wrong
        assert {flaw["part"] for flaw in told.json["flaws"]} == {"search"}
        assert mulu("verify --repair --json", data=small).json["repaired"] is True
        sound(small)
        assert server.find("云澜市")["hits"]
    assert mulu("search 云澜市 --json", data=small).json["total"] == 40


def test_a_folder_that_cannot_be_written_is_said(small: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere; permissions cannot be tested as root")
    for path in (*small.rglob("*"), small):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        file = departments(small.parent / "more.jsonl", 50)
        done = mulu("ingest jsonl", file, data=small)
    finally:
        for path in (small, *small.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert "internal error" not in done.err


def test_a_file_that_cannot_grow_is_said_and_nothing_is_lost(small: Path, tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the full disk: the record may not grow any more."""
    file = departments(tmp_path / "large.jsonl", ROWS, "云澜市很长很长很长的名称第{}局")
    most = (small / "ledger.db").stat().st_size + (256 << 10)

    def narrow() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "ingest", "jsonl", str(file)],
        cwd=ROOT,
        env=environment(small, {}),
        preexec_fn=narrow,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    sound(small)
    again = mulu("ingest jsonl", file, "--resume", "--json", data=small)
    assert again.code == 0, "with room again, it goes on"
    sound(small)


async def test_a_large_snapshot_of_reach_is_mapped_at_once_and_built_anew_where_damaged(
    small: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("graph.reach.snapshot.EAGER", 0)  # as if it were large
    monkeypatch.setattr("api.reaching.WORTH_MAPPING", 0)
    file = small / "reach" / "reach.bin"
    async with open_ledger(settings(data=small)) as ledger:
        await ledger.reaching.reach()
        assert file.exists()
    raw = bytearray(file.read_bytes())
    last = max(place for place, byte in enumerate(raw) if byte)
    raw[last] ^= 1
    file.write_bytes(raw)
    async with open_ledger(settings(data=small)) as ledger:
        await ledger.reaching.reach()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})  # reads it through
        assert "damaged" in caplog.text
        assert [flaw async for flaw in ledger.projections.verify() if flaw.part == "reach"] == []


def test_a_bulk_import_from_the_command_line(tmp_path: Path) -> None:
    data, file = tmp_path / "data", departments(tmp_path / "many.jsonl", 2_500)
    told = mulu("ingest jsonl", file, "--bulk", "--json", data=data).json
    assert (told["counts"]["new"], told["complete"]) == (2_500, True)
    assert mulu("show org:d02499 --json", data=data).code == 0
    refused = mulu("ingest jsonl", file, "--bulk", "--dry-run", data=data)
    assert refused.code == 2
    assert "--bulk" in refused.err
