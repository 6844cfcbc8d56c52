"""`mulu copy` and `mulu export --history`: a ledger moves with its whole history."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph.open import open_store
from ontology.load import load_ontology
from ontology.resource import ChangeSet, Claim, Edit, Link, Rank, ResourceId, Source
from tests.api.command import mulu, started
from tests.api.test_cli_json import SHAPES, holds

SCAN = Source("scan", Rank.SCANNED)


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'ledger.db'}"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a ledger with some history."""
    folder = tmp_path_factory.mktemp("ledger")
    asyncio.run(_history(folder / "ledger.db", 30, 20))
    return folder


@pytest.fixture(scope="module")
def written(ledger: Path) -> Path:
    """Its history as a file."""
    file = ledger / "history.jsonl"
    done = mulu("export", file, "--history", data=ledger)
    assert done.code == 0, done.err
    return file


def test_the_sample_city_moves_to_another_store(city: Path, tmp_path: Path) -> None:
    done = mulu("copy --json --from", url(city), "--to", url(tmp_path), data=city)
    assert done.code == 0, done.out
    holds(SHAPES["copy"], done.json, "copy")
    assert done.json["equal"] is True
    found = mulu("search 社保缴费 --limit 3 --json", data=tmp_path).json
    assert found["hits"] == mulu("search 社保缴费 --limit 3 --json", data=city).json["hits"]


def test_a_ledger_moves_with_its_whole_history(ledger: Path, written: Path, tmp_path: Path) -> None:
    done = mulu("copy --deep --json --from", url(ledger), "--to", url(tmp_path), data=ledger)
    assert (done.json["equal"], done.json["commits"], done.json["compared"]) == (True, 31, 600)
    assert mulu("export - --history", data=tmp_path).raw == written.read_bytes()
    assert mulu("verify --json", data=tmp_path).json["sound"] is True
    again = mulu("copy --to", url(tmp_path), data=ledger)
    assert (again.code, "0 个提交" in again.out) == (0, True)


def test_the_file_is_read_back(written: Path, tmp_path: Path) -> None:
    done = mulu("copy --json --from", written, "--to", url(tmp_path))
    assert done.json["equal"] is True, done.json
    assert mulu("export - --history", data=tmp_path).raw == written.read_bytes()


def test_a_file_cut_off_goes_on_later(written: Path, tmp_path: Path) -> None:
    lines = written.read_bytes().splitlines(keepends=True)
    part = tmp_path / "part.jsonl"
    part.write_bytes(b"".join(lines[:12]) + lines[12][:100])
    done = mulu("copy --from", part, "--to", url(tmp_path))
    assert done.code == 2
    assert "line 13" in done.err
    part.write_bytes(b"".join(lines[:12]))
    done = mulu("copy --from", part, "--to", url(tmp_path))
    assert done.code == 2
    assert "does not go to its end" in done.err
    done = mulu("copy --json --from", written, "--to", url(tmp_path))
    assert done.json["equal"] is True
    assert mulu("export - --history", data=tmp_path).raw == written.read_bytes()


def test_an_altered_file_is_refused(written: Path, tmp_path: Path) -> None:
    lines = written.read_bytes().splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines) if b'"claims"' in line)
    for change in ("body", "actor"):
        entry = json.loads(lines[number])
        if change == "body":
            entry["claims"][0]["attributes"]["name"] = "别的"
        else:
            entry["commit"]["actor"] = "somebody"
        file = tmp_path / "altered.jsonl"
        altered = json.dumps(entry).encode() + b"\n"
        file.write_bytes(b"".join([*lines[:number], altered, *lines[number + 1 :]]))
        done = mulu("copy --from", file, "--to", url(tmp_path / change))
        assert done.code == 2
        assert "is not what was once committed" in done.err
    done = mulu("copy --from", __file__, "--to", url(tmp_path / "other"))
    assert "is no line of a history" in done.err


def test_a_difference_in_the_target_is_told(ledger: Path, tmp_path: Path) -> None:
    assert mulu("copy --to", url(tmp_path), data=ledger).code == 0
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        ((id, body),) = db.execute(
            "SELECT id, body FROM claim WHERE body LIKE '%表%' AND until IS NULL LIMIT 1"
        )
        db.execute("UPDATE claim SET body = ? WHERE id = ?", (body.replace("表", "别的"), id))
    done = mulu("copy --deep --json --to", url(tmp_path), data=ledger)
    assert done.code == 1
    assert any("differs" in d for d in done.json["differences"])
    assert any("chain" in d for d in done.json["differences"])


def test_a_store_is_not_copied_onto_itself(ledger: Path) -> None:
    assert "same store" in mulu("copy --from", url(ledger), "--to", url(ledger)).err


async def _history(path: Path, commits: int, claims: int) -> None:
    store = open_store(f"sqlite:///{path}")
    await store.ensure(load_ontology())
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for n in range(commits):
        ids = [ResourceId(f"dataset:pg://h/d.s.t{n * claims + i}") for i in range(claims)]
        told = tuple(
            Claim(id, "Table", {"name": f"表{id[-6:]}"}, (Link("datasetDerivedFrom", ids[0]),))
            for id in ids
        )
        at = start + timedelta(minutes=n)
        await store.commit(ChangeSet("t", SCAN, f"step {n}", told, at=at))
    edit = Edit(ResourceId("dataset:pg://h/d.s.t1"), set={"comment": "人说的"})
    await store.commit(ChangeSet("t", Source("curated", Rank.CURATED), edits=(edit,), at=at))
    await store.close()


def _commits(path: Path) -> int:
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()[0])
    except sqlite3.Error:
        return 0  # not made yet


def test_a_copy_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    source, target = tmp_path / "ledger.db", tmp_path / "to" / "ledger.db"
    asyncio.run(_history(source, 60, 100))
    killed: list[int] = []
    for _ in range(20):
        before = _commits(target)
        process = started("copy", "--to", f"sqlite:///{target}", data=tmp_path)
        while process.poll() is None and len(killed) < 3:
            if _commits(target) > before:
                process.kill()
                killed.append(_commits(target))
            time.sleep(0.01)
        out, err = process.communicate()
        if process.returncode == 0:
            break
    assert process.returncode == 0, err
    assert "一致" in out
    assert len({n for n in killed if 0 < n < 61}) >= 2, killed
    there, here = (mulu("export - --history", data=p) for p in (target.parent, tmp_path))
    assert there.raw == here.raw
