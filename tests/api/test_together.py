"""Server and command line on one data folder at the same time, as real processes."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.command import mulu, started
from tests.api.running import Server, serving


def departments(path: Path, key: str, count: int, name: str = "云澜市第{}局") -> Path:
    told = (
        {"id": f"org:{key}{n:05d}", "type": "Department", "attributes": {"name": name.format(n)}}
        for n in range(count)
    )
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told))
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("together")


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    with serving(data) as running:
        yield running


def test_an_import_is_in_the_server_s_next_answer(
    server: Server, data: Path, tmp_path: Path
) -> None:
    file = departments(tmp_path / "beside.jsonl", "beside", 300, "旁证局{}")
    assert mulu("ingest jsonl", file, data=data).code == 0
    found = server.find("旁证局")
    assert found["hits"] or not found["complete"], "seen, or said to be behind"
    end = time.monotonic() + 10
    while not found["hits"] and time.monotonic() < end:
        found = server.find("旁证局")
    assert found["hits"]
    assert found["complete"]


def test_an_edit_at_the_server_is_seen_by_the_command_line(server: Server, data: Path) -> None:
    server.create("edited", "云澜市编修局")
    assert mulu("search 编修局 --json", data=data).json["hits"][0]["id"] == "org:edited"
    shown = mulu("show org:edited --json", data=data).json
    assert shown["attributes"]["name"] == "云澜市编修局"
    assert mulu("log --limit 1 --json", data=data).json[0]["changes"] == 1


def test_two_servers_on_one_folder(server: Server, data: Path) -> None:
    with serving(data) as second:
        for n, (one, other) in enumerate(((server, second), (second, server))):
            one.create(f"pair{n}", f"云澜市双子局{n}")
            end = time.monotonic() + 10
            ids: set[str] = set()
            while f"org:pair{n}" not in ids and time.monotonic() < end:
                ids = {hit["id"] for hit in other.find(f"双子局{n}")["hits"]}
            assert f"org:pair{n}" in ids


def test_export_and_edits_while_an_import_runs(server: Server, data: Path, tmp_path: Path) -> None:
    file = departments(tmp_path / "long.jsonl", "long", 8_000)
    running = started("ingest", "jsonl", file, "--json", data=data)
    edits = 0
    try:
        while running.poll() is None and edits < 200:
            server.create(f"during{edits}", f"云澜市间隙局{edits}")
            edits += 1
            if edits == 3:
                lines = [json.loads(line) for line in server.get("/export").splitlines()]
                ids = [line["id"] for line in lines if "id" in line]
                assert ids == sorted(set(ids)), "each once, in order, though an import runs"
    finally:
        out, err = running.communicate(timeout=120)
    assert running.returncode == 0, out + err
    assert edits >= 3, "edits pass an import"
    exported = mulu("export -", data=data).out
    assert exported.count('"org:long') == 8_000
    assert exported.count('"org:during') == edits
    assert mulu("verify --json", data=data).json == {
        "sound": True, "repaired": False, "flaws": [],
    }  # fmt: skip


def test_a_backup_of_a_running_ledger_is_restored_elsewhere(
    server: Server, data: Path, tmp_path: Path
) -> None:
    server.create("before", "云澜市备份局")
    copy = tmp_path / "copy.db"
    assert mulu("backup", copy, data=data).code == 0
    server.create("after", "云澜市此后局")
    again = mulu("backup", copy, data=data)
    assert again.code == 2
    assert "exists" in again.err
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(copy, restored / "ledger.db")
    assert mulu("verify --json", data=restored).json["sound"] is True
    assert mulu("search 备份局 --json", data=restored).json["hits"][0]["id"] == "org:before"
    assert mulu("show org:after", data=restored).code == 2


def test_an_older_backup_in_the_old_folder_is_indexed_anew(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("一", "二"):
        file = departments(tmp_path / f"{name}.jsonl", f"x{ord(name)}", 3, f"云澜市{name}科{{}}")
        assert mulu("ingest jsonl", file, data=data).code == 0
        if name == "一":
            assert mulu("backup", tmp_path / "copy.db", data=data).code == 0
    for old in data.glob("ledger.db*"):
        os.unlink(old)
    shutil.copy(tmp_path / "copy.db", data / "ledger.db")
    assert mulu("search 二科 --json", data=data).json["relaxed"] in (True, False)
    ids = {h["id"] for h in mulu("search 科 --json --limit 50", data=data).json["hits"]}
    assert ids == {f"org:x{ord('一')}{n:05d}" for n in range(3)}
    assert mulu("verify --json", data=data).json["sound"] is True


@pytest.mark.parametrize("more", [1, 3])
def test_an_older_backup_that_is_written_to_at_once_is_indexed_anew(
    tmp_path: Path, more: int
) -> None:
    """What is written then has the numbers of the commits that are lost."""
    data = tmp_path / "data"
    for name in ("一", "二"):
        file = departments(tmp_path / f"{name}.jsonl", f"x{ord(name)}", 3, f"云澜市{name}科{{}}")
        assert mulu("ingest jsonl", file, "--as", name, data=data).code == 0
        assert mulu("impact", f"org:x{ord(name)}00000", data=data).code == 0
        if name == "一":
            assert mulu("backup", tmp_path / "copy.db", data=data).code == 0
    for old in data.glob("ledger.db*"):
        os.unlink(old)
    shutil.copy(tmp_path / "copy.db", data / "ledger.db")
    for n in range(more):
        file = departments(tmp_path / "三.jsonl", f"y{n}", 3, "云澜市三科{}")
        assert mulu("ingest jsonl", file, "--as", f"三{n}", data=data).code == 0
    assert mulu("verify --json", data=data).json == {
        "sound": True, "repaired": False, "flaws": [],
    }  # fmt: skip
    assert mulu("search 三科 --json", data=data).json["total"] == 3 * more
