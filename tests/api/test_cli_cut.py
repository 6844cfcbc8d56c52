"""What a command leaves out, or cannot do, is said."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.api.command import mulu, started


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two departments on which two sources disagree, with a unit each."""
    folder = tmp_path_factory.mktemp("cut")
    for source in ("one", "two"):
        lines = [
            {
                "id": f"org:{n}",
                "type": "Department",
                "attributes": {"name": f"部门{n}{source}"},
                "links": [{"type": "hasUnit", "target": f"unit:{n}/{unit}"} for unit in "ab"],
            }
            for n in (1, 2)
        ]
        file = folder / f"{source}.jsonl"
        file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
        done = mulu("ingest jsonl", file, "--as", source, data=folder)
        assert done.code == 0, done.out + done.err
    return folder


def test_show_says_that_there_are_more_links(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "only the first" not in mulu("show org:1", data=data).out
    monkeypatch.setattr("api.cli.reading.LINKS", 1)
    assert "only the first 1 links" in mulu("show org:1", data=data).out


@pytest.mark.parametrize("form", ["", "--json"])
def test_conflicts_says_that_there_are_more(data: Path, form: str) -> None:
    assert "only the first 1" in mulu(f"conflicts --limit 1 {form}", data=data).err
    assert not mulu(f"conflicts --limit 2 {form}", data=data).err


def test_a_broken_chain_is_not_called_repaired(data: Path) -> None:
    with sqlite3.connect(data / "ledger.db") as db:
        db.execute("UPDATE log SET reason = 'another' WHERE number = 1")
    done = mulu("verify --repair --json", data=data)
    assert done.code == 1
    assert done.json["repaired"] is False
    assert {flaw["part"] for flaw in done.json["flaws"]} == {"chain"}
    assert "restore a backup" in mulu("verify --repair", data=data).out


def test_what_is_piped_is_not_cut_to_the_width_of_a_screen(city: Path) -> None:
    """An id that lost its end finds nothing."""
    asked = ("impact", "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm")
    told = json.loads(started(*asked, "--first", 20, "--json", data=city).communicate()[0])
    shown = started(*asked, data=city).communicate()[0]
    assert told["affected"]
    assert all(found["id"] in shown for found in told["affected"])
